import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Rig } from './rig.ts';

/** Something that a run left behind, and where. */
export interface Leftover {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * All that the jobs of a rig left behind: every file (outputs, summaries, reports, states, logs), cache entries packed and
 * unpacked, every request's URL and body, and everything that the trackers hold. Of logs without `::add-mask::` lines, which
 * a runner takes out.
 */
export async function leftovers(rig: Rig): Promise<readonly Leftover[]> {
  const files = await readdir(rig.directory, { recursive: true, withFileTypes: true });
  const found: Leftover[] = [];
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    found.push({ name: relative(rig.directory, path), bytes: await readFile(path) });
  }
  const unmasked = found.map(({ name, bytes }) =>
    name.endsWith('stdout') ? { name, bytes: withoutMasks(bytes) } : { name, bytes },
  );
  const archives = rig.cache.keys().flatMap((key) => archived(key, Buffer.from(rig.cache.archive(key) ?? [])));
  const received = rig.received.map(({ method, url, body }) => ({
    name: `${method} ${url}`,
    bytes: Buffer.concat([Buffer.from(`${url}\n`), body]),
  }));
  const held = [
    { name: 'user properties', value: rig.jira.people.userProperties(rig.people.sync) },
    {
      name: 'Jira',
      value: rig.jira.people
        .issues()
        .map((issue) => ({ ...issue, attachments: issue.attachments.map((file) => Buffer.from(file.bytes).toString('latin1')) })),
    },
    { name: 'GitHub', value: rig.github.issues(rig.repository) },
    {
      name: 'branches',
      value: rig.github
        .branches(rig.repository)
        .map((branch) =>
          [...(rig.github.files(rig.repository, branch) ?? [])].map(([path, bytes]) => [
            path,
            Buffer.from(bytes).toString('latin1'),
          ]),
        ),
    },
  ];
  return [
    ...unmasked,
    ...archives,
    ...received,
    ...held.map(({ name, value }) => ({ name, bytes: Buffer.from(JSON.stringify(value)) })),
  ];
}

function withoutMasks(log: Buffer): Buffer {
  return Buffer.from(log.toString('utf8').replaceAll(/^::add-mask::.*$/gm, ''));
}

/** A cache entry as it is, and what tar and zstd make of it, as on the next run's machine. */
function archived(key: string, archive: Buffer): readonly Leftover[] {
  const packed = { name: `cache ${key}`, bytes: archive };
  const unpacked = spawnSync(
    'tar',
    ['--use-compress-program', archive.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'gzip', '-xOf', '-'],
    { input: archive },
  );
  if (unpacked.status !== 0) throw new Error(`the cache entry ${key} cannot be unpacked: ${unpacked.stderr.toString()}`);
  return [packed, { name: `cache ${key}, unpacked`, bytes: unpacked.stdout }];
}

/** The forms in which a secret would still be one: as it is, and in the encodings that it may have gone through. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
  ];
  // Within a longer text that was encoded as a whole, base64 has one of three alignments; its ends depend on the neighbours.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const inner = encoded.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -2);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)];
}

/** Where any form of a secret is found, without repeating it. */
export function findSecrets(left: readonly Leftover[], secrets: Readonly<Record<string, string>>): readonly string[] {
  const wanted = Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).map((form) => ({ name, form })));
  return left.flatMap(({ name: place, bytes }) => {
    const found = wanted.filter(({ form }) => bytes.includes(form));
    return [...new Set(found.map(({ name }) => `${name} in ${place}`))];
  });
}

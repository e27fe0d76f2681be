import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { expectInStep, peopleWriteLittle } from './scenario.ts';

test('a run that is killed in an effect leaves its intent in the audit log; the next one goes on behind it', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  peopleWriteLittle(rig);
  const file = join(rig.directory, 'audit.jsonl');
  // What another program left there, readable by all and without an end of its line.
  await writeFile(file, '{"torn":', { mode: 0o644 });
  const inputs = { ...connection, operation: 'sync', 'audit-log': file };
  rig.killWhen = ({ method, url }) => method === 'POST' && url.endsWith('/issues');
  expect((await rig.action(inputs)).exitCode).toBeUndefined();
  const [torn, ...left] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(torn).toBe('{"torn":');
  const entries: unknown[] = left.map((line) => JSON.parse(line));
  expect(entries.at(-1)).toMatchObject({ phase: 'intent', kind: 'issue.create' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  rig.killWhen = undefined;
  rig.clock.advance(4 * 60_000);
  expect((await rig.action(inputs)).exitCode).toBe(0);
  expectInStep(rig);
  const all: unknown[] = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  expect(all.slice(0, entries.length)).toEqual(entries);
  expect(all.at(-1)).toMatchObject({ phase: 'done' });
});

test('a log that cannot be written is one configuration error before anything is asked', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  rig.received.length = 0;
  await mkdir(join(rig.directory, 'folder'));
  for (const path of [join(rig.directory, 'nowhere', 'audit.jsonl'), join(rig.directory, 'folder')]) {
    const end = await rig.action({ ...connection, operation: 'sync', 'audit-log': path });
    expect(end.exitCode).toBe(2);
    expect(end.stdout.match(/^::error/gm)).toHaveLength(1);
    expect(end.stdout).toMatch(/::error title=Sallyport::audit-log: .* cannot be written .* Give a file in a directory/);
  }
  expect(rig.received).toEqual([]);
});

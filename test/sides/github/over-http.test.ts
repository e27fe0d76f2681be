import { createHash, randomFillSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway/create-gateway.ts';
import { systemClock } from '../../../src/gateway/system-clock.ts';
import { createTransport } from '../../../src/gateway/transport.ts';
import { githubAddresses, githubHosts } from '../../../src/sides/github/addresses.ts';
import { createGitHubSide } from '../../../src/sides/github/github-side.ts';
import { createGitHubSimulator } from '../../../src/simulators/github/github.ts';
import type { GitHubSimulator } from '../../../src/simulators/github/github.ts';
import { serveLazily, type Served } from '../../../src/simulators/serve.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import { branch, connectionId, paragraphs, present, startMs } from './setup.ts';

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A GHES on loopback, over the real transport. */
async function openGhes() {
  const seen: { method: string; path: string; length: string | null; chunked: string | null }[] = [];
  let made: GitHubSimulator | undefined;
  served = await serveLazily((origin) => {
    const { host } = new URL(origin);
    const github = createGitHubSimulator({
      clock: createVirtualClock(startMs),
      shape: 'ghes',
      protocol: 'http',
      apiHost: host,
      webHost: host,
    });
    github.addRepository({ owner: 'acme', name: 'app', private: true, ownerIsOrganization: true });
    made = github;
    return {
      hosts: github.hosts,
      fetch: (request) => {
        const { headers, method, url } = request;
        seen.push({
          method,
          path: new URL(url).pathname,
          length: headers.get('content-length'),
          chunked: headers.get('transfer-encoding'),
        });
        return github.fetch(request);
      },
    };
  });
  const github = made!;
  const { id, login } = github.addUser({ login: 'sync', token: 'sync-token', permission: 'write' });
  const addresses = githubAddresses(served.origin);
  const gateway = createGateway({
    transport: createTransport({ environment: {} }),
    clock: systemClock(),
    allowedHosts: githubHosts(addresses),
    userAgent: 'sallyport/test',
  });
  const side = createGitHubSide({
    gateway,
    addresses,
    repository: { owner: 'acme', name: 'app' },
    token: async () => 'sync-token',
    connectionId,
    trigger: { kind: 'all' },
    account: { id: String(id), displayName: login, isConnection: true },
    attachments: 'repository',
    types: 'labels',
    defaultTypeName: undefined,
    writable: true,
  });
  return { github, side, seen };
}

describe('over HTTP', () => {
  it('an issue with a file crosses whole, its bytes with their length told beforehand', async () => {
    const { github, side, seen } = await openGhes();
    const bytes = randomFillSync(new Uint8Array(300_000));
    const [outcome] = await side.writer!.addAttachments([
      {
        issueId: '1',
        originIssueId: '10001',
        originAttachmentId: '20001',
        name: 'data.bin',
        size: bytes.byteLength,
        mediaType: undefined,
        open: async () => ({ stream: new Response(bytes).body!, size: bytes.byteLength, mediaType: undefined }),
      },
    ]);
    if (outcome?.kind !== 'stored') throw new Error('not stored', { cause: outcome });
    const file = { name: 'data.bin', size: outcome.size, attachmentId: outcome.attachmentId, link: undefined };
    const [created] = await side.writer!.createIssues([
      { summary: 'Copy', description: paragraphs('Hello'), type: 'Bug', marks: ['s1.x'], files: [file] },
    ]);
    if (created?.kind !== 'created') throw new Error('not created', { cause: created });

    const issue = await present(side, created.id);
    const opened = await side.reader.openAttachment(issue.id, issue.attachments[0]!.id);
    const back = new Uint8Array(await new Response(opened.stream).arrayBuffer());

    expect(createHash('sha256').update(back).digest('hex')).toBe(outcome.sha256);
    expect(issue).toMatchObject({ summary: 'Copy', type: 'Bug', marks: ['s1.x'] });
    expect(github.files('acme/app', branch)?.get('10001/20001/data.bin')).toEqual(new Uint8Array(bytes));
    const blob = seen.find(({ path }) => path.endsWith('/git/blobs'));
    expect(Number(blob?.length)).toBeGreaterThan(400_000);
    expect(blob?.chunked).toBeNull();
  });
});

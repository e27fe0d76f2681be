import { describe, expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

function attach(world: World, key: string, file: { readonly name: string; readonly text: string }): void {
  const { name, text } = file;
  world.jira.people.addAttachment(key, { as: world.people.ben, name, bytes: Buffer.from(text), mediaType: 'text/plain' });
}

test('an empty file is listed, too, where files are listed only', async () => {
  const world = createWorld({ inputs: { attachments: 'list-only' } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  attach(world, key, { name: 'empty.log', text: '' });
  expect(await rounds(world, 3)).toEqual(['private list of files updated']);
  expect(world.github.branches(world.repository).filter((name) => name.startsWith('sallyport/'))).toEqual([]);
  expect(world.there.text(id)).toContain('empty.log');
});

describe('files that GitHub refuses to store', () => {
  async function refused(...files: readonly { readonly name: string; readonly text: string }[]) {
    const world = createWorld();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    for (const file of files) attach(world, key, file);
    world.rewrite = async (request) =>
      request.method === 'POST' && request.url.endsWith('/git/blobs')
        ? new Request(request.url, { method: 'POST', headers: request.headers, body: '{"content":1}' })
        : request;
    world.clock.advance(20 * 60_000);
    const { result } = await world.cycle();
    return { world, id, failures: result.failures };
  }

  test('are each told, though they have one name', async () => {
    const { failures } = await refused({ name: 'image.png', text: 'one' }, { name: 'image.png', text: 'two' });
    expect(failures.map(({ what }) => what)).toEqual(['attachment image.png', 'attachment image.png (2)']);
  });

  test('are listed with a link until they are stored', async () => {
    const { world, id, failures } = await refused({ name: 'report.pdf', text: 'one' });
    expect(failures).toMatchObject([{ what: 'attachment report.pdf', parked: true }]);
    const listed = /\[report\.pdf\]\(https:\/\/acme\.atlassian\.net\/\S+\) \(3 bytes, could not be stored here\)/;
    expect(world.there.text(id)).toMatch(listed);
    expect(await rounds(world, 2)).toEqual([]);
    world.rewrite = undefined;
    world.clock.advance(24 * 60 * 60_000);
    await rounds(world, 1);
    expect(world.there.storedFiles()).toEqual(['one']);
    expect(world.there.text(id)).not.toMatch(listed);
    expect(world.there.text(id)).toContain('raw/refs/heads/sallyport');
    expect(await rounds(world, 2)).toEqual([]);
  });
});

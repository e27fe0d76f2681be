import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulators/simulator.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const down: Fault = { kind: 'status', status: 503 };
const isUpload = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'POST' && /\/(?:attachments|git\/blobs)$/.test(new URL(url).pathname);

/** A world in which no file is taken while `isDown`. */
function worldOfFiles() {
  const state = { isDown: false };
  const faults = (request: { method: string; url: string }) => (state.isDown && isUpload(request) ? down : undefined);
  return { world: createWorld({ jira: { faults }, github: { faults } }), state };
}

function textWithPicture({ github, repository }: World): string {
  const url = github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  return `First.\n\n![plan.png](${url})\n\nLast.`;
}

describe('a picture whose file could not be copied for a moment is shown once it is there', () => {
  test.each<readonly [string, (world: World, id: string) => void]>([
    ['a comment', (world, id) => world.there.addComment(id, { as: 'dana', text: textWithPicture(world) })],
    ['a description', (world, id) => world.there.edit(id, { as: 'dana', text: textWithPicture(world) })],
    ['a new issue', (world) => world.there.create({ as: 'dana', summary: 'Title', text: textWithPicture(world) })],
  ])('by the copy of %s on Jira', async (_, write) => {
    const { world, state } = worldOfFiles();
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Before', text: 'First.' });
    await rounds(world, 2);
    state.isDown = true;
    write(world, id);
    await rounds(world, 1);
    state.isDown = false;
    await rounds(world, 2);
    const issue = world.jira.people.issues().find(({ attachments }) => attachments.length > 0);
    expect(issue?.attachments).toHaveLength(1);
    const texts = JSON.stringify([issue?.description, issue?.comments.map(({ body }) => body)]);
    expect(texts).toContain('"media"');
    expect(texts).not.toContain('github.com/user-attachments');
    expect(await rounds(world, 2, { audit: 'full' })).toEqual([]);
    expect(world.violations()).toEqual([]);
  });

  test('by the copy of a comment on GitHub', async () => {
    const { world, state } = worldOfFiles();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 1);
    state.isDown = true;
    const { people } = world.jira;
    const { mediaId } = people.addAttachment(key, { as: world.people.ben, name: 'plan.png', bytes: Buffer.from('plan') });
    const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
    const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
    people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Look'), picture, paragraph('So.')) });
    await rounds(world, 1);
    state.isDown = false;
    await rounds(world, 2);
    expect(world.there.storedFiles()).toEqual(['plan']);
    expect(world.there.comments(id)[0]?.text).toContain('raw/refs/heads/sallyport');
    expect(await rounds(world, 2, { audit: 'full' })).toEqual([]);
    expect(world.violations()).toEqual([]);
  });
});

describe('the copy of a picture that a person removes on Jira leaves the text of its origin alone', () => {
  /** A new picture crosses in a cycle in which something goes wrong, and in the next ones; then its copy goes. */
  async function copyRemoved(world: World, cycle: () => Promise<unknown>) {
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Title', text: 'First.\n\nLast.' });
    await rounds(world, 2);
    const text = textWithPicture(world);
    world.there.edit(id, { as: 'dana', text });
    world.clock.advance(20 * 60_000);
    await cycle();
    await rounds(world, 2);
    const issue = () => world.jira.people.issues()[0];
    expect(issue()?.attachments.map(({ name }) => name)).toEqual(['plan.png']);
    expect(JSON.stringify(issue()?.description)).toContain('"type":"file"');
    world.jira.people.deleteAttachment(issue()?.attachments[0]?.id ?? '', world.people.ben);
    expect(await rounds(world, 4)).toEqual([]);
    expect(world.there.text(id)).toBe(text);
    expect(world.violations()).toEqual([]);
  }

  test('though the answer to its upload was lost', async () => {
    let left = 0;
    const lost: Fault = { kind: 'lost-after' };
    const world = createWorld({ jira: { faults: (request) => (isUpload(request) && (left -= 1) >= 0 ? lost : undefined) } });
    await copyRemoved(world, () => {
      left = 1;
      return world.cycle();
    });
  });

  test('though the run that uploaded it died', async () => {
    const world = createWorld();
    await copyRemoved(world, async () => {
      world.onRequest = (index, request) => {
        if (isUpload(request)) world.killAt = index;
      };
      await expect(world.cycle()).rejects.toThrow('died');
      world.killAt = undefined;
      world.onRequest = undefined;
    });
  });

  test('though its medium was not told at once', async () => {
    let isDown = false;
    const faults = ({ url }: { url: string }) => (isDown && url.includes('/attachment/content/') ? down : undefined);
    const world = createWorld({ jira: { faults } });
    await copyRemoved(world, async () => {
      isDown = true;
      await world.cycle();
      isDown = false;
    });
  });
});

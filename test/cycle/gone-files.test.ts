import { describe, expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World, WorldOptions } from './world.ts';

const minuteMs = 60_000;

const trackers: readonly (readonly [string, WorldOptions])[] = [
  ['github', {}],
  ['jira-dc', { tracker: 'jira-dc' }],
  ['redmine with Textile', { tracker: 'redmine' }],
  ['redmine with CommonMark', { tracker: 'redmine', inputs: { 'text-format': 'commonmark' } }],
];
const orders = ['the file goes first', 'the file goes last'] as const;

/** Both acts between two cycles. */
function inOrder(world: World, order: (typeof orders)[number], acts: { readonly remove: () => void; readonly edit: () => void }) {
  const { remove, edit } = acts;
  const [first, second] = order === 'the file goes first' ? [remove, edit] : [edit, remove];
  world.clock.advance(minuteMs);
  first();
  world.clock.advance(minuteMs);
  second();
}

const filesOnJira = (world: World) => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
/** What people read on Jira, without the medium that a description may keep at its end. */
const shownOnJira = (world: World): string =>
  JSON.stringify(world.jira.people.issues()[0]?.description).replace(/,\{"type":"mediaSingle"(?:(?!"type":"paragraph").)*$/, '');
const shownThere = (world: World, id: string): string => world.there.text(id).replace(/\n*<!-- sallyport[\s\S]*$/, '');

/** Nothing is left to be written, nor found by the audit, and no text shows what is no more. */
async function expectGone(world: World, id: string): Promise<void> {
  expect(filesOnJira(world)).toEqual([]);
  expect(world.there.storedFiles()).toEqual([]);
  expect(world.there.text(id)).not.toMatch(/p\.png|attachment|!\[/);
  expect(shownOnJira(world)).not.toMatch(/media|p\.png|attachment/);
  world.clock.advance(20 * minuteMs);
  const quiet = await world.cycle({ audit: 'full' });
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.differences).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

/** An issue of Jira that shows a picture of Jira's, in step. `place` puts the media into the blocks of its text. */
async function shownFromJira(options: WorldOptions, place: (media: ReturnType<typeof mediaOf>) => readonly object[]) {
  const world = createWorld(options);
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const { ann } = world.people;
  const file = world.jira.people.addAttachment(key, { as: ann, name: 'p.png', bytes: Buffer.from('p'), mediaType: 'image/png' });
  const media = mediaOf(world.jira.people.mediaIdOf(file.id));
  const write = (...blocks: readonly object[]) =>
    world.jira.people.editIssue(key, { as: ann, description: documentOf(...blocks) });
  write(media.alone, paragraph('Alpha'));
  await rounds(world, 1);
  write(...place(media));
  await rounds(world, 2);
  expect(world.there.text(id)).toContain('p.png');
  expect(world.there.storedFiles()).toEqual(['p']);
  return { world, key, id, media, write };
}

function mediaOf(id: string) {
  const attrs = { type: 'file', id, collection: '' };
  return {
    inline: { type: 'mediaInline', attrs },
    alone: { type: 'mediaSingle', attrs: { layout: 'center' }, content: [{ type: 'media', attrs }] },
  };
}

const amidWords = ({ inline }: ReturnType<typeof mediaOf>) => ({
  type: 'paragraph',
  content: [{ type: 'text', text: 'See ' }, inline, { type: 'text', text: ' here.' }],
});

/** Waits until the removal counts, and tells what the cycles told but for the writes of texts. */
async function settled(world: World): Promise<readonly string[]> {
  const told = await rounds(world, 4);
  return told.filter((line) => !/ (?:description|list of files|description, list of files|comment) updated$/.test(line));
}

describe.each(trackers)('on %s', (_, options) => {
  describe.each(orders)('where %s', (order) => {
    test("a file of Jira's takes its picture out of the paragraph that is edited there", async () => {
      const { world, id, write } = await shownFromJira(options, (media) => [amidWords(media), paragraph('Omega')]);
      inOrder(world, order, {
        // Jira deletes a file that its description ceases to show.
        remove: () => write(paragraph('See  here.'), paragraph('Omega')),
        edit: () => world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('here.', 'here, says Dana.') }),
      });
      expect(await settled(world)).toEqual(['private attachment p.png removed']);
      expect(shownThere(world, id)).toMatch(/^See +here, says Dana\.\n\nOmega$/);
      expect(world.jira.people.issues()[0]?.descriptionText).toMatch(/^See +here, says Dana\.\nOmega$/);
      await expectGone(world, id);
    });

    test('a file of that side takes its picture out of the paragraph that is edited on Jira', async () => {
      const world = createWorld(options);
      await world.connect();
      const id = world.there.create({ as: 'dana', summary: 'There', text: 'Alpha' });
      world.there.attach(id, { as: 'dana', name: 'p.png', text: 'p' });
      // The world's people write Textile and wiki markup; in CommonMark the same picture is another one.
      const [picture = ''] = world.there.text(id).split('\n');
      const written = options.inputs === undefined ? picture : '![](p.png)';
      world.there.edit(id, { as: 'dana', text: `See ${written} here.\n\nOmega` });
      await rounds(world, 2);
      const [issue] = world.jira.people.issues();
      const shown = JSON.stringify(issue?.description);
      expect(shown).toContain('"mediaInline"');
      inOrder(world, order, {
        remove: () => {
          world.there.edit(id, { as: 'dana', text: 'See  here.\n\nOmega' });
          world.there.detach(id);
        },
        edit: () => {
          const description = JSON.parse(shown.replace(' here.', ' here, says Ben.'));
          world.jira.people.editIssue(issue?.key ?? '', { as: world.people.ben, description });
        },
      });
      expect(await settled(world)).toEqual(['public attachment p.png removed']);
      expect(shownThere(world, id)).toMatch(/^See +here, says Ben\.\n\nOmega$/);
      expect(world.jira.people.issues()[0]?.descriptionText).toMatch(/^See +here, says Ben\.\nOmega/);
      await expectGone(world, id);
    });
  });

  test('a picture at the very end of a text goes with its file, without an audit', async () => {
    const { world, id, write } = await shownFromJira(options, ({ alone }) => [paragraph('Omega'), alone]);
    write(paragraph('Omega'));
    expect(await settled(world)).toEqual(['private attachment p.png removed']);
    expect(shownThere(world, id)).toBe('Omega');
    await expectGone(world, id);
  });

  test('a picture at the very end of a comment goes with its file, without an audit', async () => {
    const { world, key, id, media, write } = await shownFromJira(options, ({ alone }) => [alone, paragraph('Omega')]);
    const { ann } = world.people;
    const { id: comment } = world.jira.people.addComment(key, { as: ann, body: documentOf(paragraph('Look:'), media.alone) });
    await rounds(world, 2);
    expect(world.there.comments(id)[0]?.text).toContain('p.png');
    world.jira.people.editComment(key, comment, { as: ann, body: documentOf(paragraph('Look:')) });
    write(paragraph('Omega'));
    expect(await settled(world)).toEqual(['private attachment p.png removed']);
    expect(world.there.comments(id)[0]?.text).toMatch(/Look:/);
    expect(world.there.comments(id)[0]?.text).not.toContain('p.png');
    await expectGone(world, id);
  });

  test('the picture goes from the text whose edit stands where both sides wrote the same words anew', async () => {
    const { world, id, write } = await shownFromJira(options, (media) => [amidWords(media), paragraph('Omega')]);
    inOrder(world, 'the file goes first', {
      remove: () => write(paragraph('Look  there.'), paragraph('Omega')),
      edit: () => world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('here.', 'here, says Dana.') }),
    });
    expect(await settled(world)).toEqual(['conflict description private', 'private attachment p.png removed']);
    expect(shownThere(world, id)).toMatch(/^See +here, says Dana\.\n\nOmega$/);
    await expectGone(world, id);
  });
});

test('a file that is removed after the state was lost takes its picture along', async () => {
  const { world, id, write } = await shownFromJira({}, ({ alone }) => [paragraph('Omega'), alone]);
  write(paragraph('Omega'));
  await rounds(world, 1);
  world.states.clear();
  await rounds(world, 1);
  expect(await settled(world)).toEqual(['private attachment p.png removed']);
  expect(shownThere(world, id)).toBe('Omega');
  await expectGone(world, id);
});

test('both sides edit other paragraphs while a file goes: that is merged, and told', async () => {
  const { world, id, write } = await shownFromJira({}, (media) => [amidWords(media), paragraph('Omega')]);
  inOrder(world, 'the file goes last', {
    remove: () => write(paragraph('See  here.'), paragraph('Omega of Ann')),
    edit: () => world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('here.', 'here, says Dana.') }),
  });
  expect(await settled(world)).toEqual(['conflict description merged', 'private attachment p.png removed']);
  expect(shownThere(world, id)).toMatch(/^See +here, says Dana\.\n\nOmega of Ann$/);
  await expectGone(world, id);
});

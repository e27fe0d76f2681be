import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { PrivateKind, World } from './world.ts';
import { createWorld } from './world.ts';

function addPicture(world: World, key: string, text: string) {
  const { mediaId } = world.jira.people.addAttachment(key, { as: world.people.ann, name: 'image.png', bytes: Buffer.from(text) });
  const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
  return { mediaId, block: { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] } };
}

async function pictured(options: Parameters<typeof createWorld>[0]) {
  const world = createWorld(options);
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'] });
  const one = addPicture(world, key, 'one');
  people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha'), one.block, paragraph('Omega')) });
  await rounds(world, 2);
  return { world, key, id: world.there.ids()[0] ?? '', mediaId: one.mediaId };
}

const kinds: readonly [PrivateKind, Record<string, string>][] = [
  ['github', {}],
  ['jira-dc', {}],
  ['redmine', {}],
  ['redmine', { 'text-format': 'commonmark' }],
];

test.each(kinds)('a second file of the same name on Jira changes no description (%s %o)', async (tracker, inputs) => {
  const { world, key } = await pictured({ tracker, inputs });
  const before = JSON.stringify(world.jira.people.issue(key)?.description);
  addPicture(world, key, 'two');
  await rounds(world, 4);
  expect(JSON.stringify(world.jira.people.issue(key)?.description)).toBe(before);
});

test.each(kinds)('two pictures of one name are shown as two there (%s %o)', async (tracker, inputs) => {
  const world = createWorld({ tracker, inputs });
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'] });
  const [one, two] = [addPicture(world, key, 'one'), addPicture(world, key, 'two')];
  people.editIssue(key, {
    as: world.people.ann,
    description: documentOf(paragraph('Alpha'), one.block, paragraph('Beta'), two.block, paragraph('Omega')),
  });
  const before = JSON.stringify(people.issue(key)?.description);
  await rounds(world, 3);
  const id = world.there.ids()[0] ?? '';
  const [first, second] = [...world.there.text(id).matchAll(/!([^!\n]*)!|!\[[^\]]*\]\(([^)]*)\)|(https?:\S*image\S*)/g)].map(
    ([all]) => all,
  );
  expect(first).not.toBe(second);
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
  await rounds(world, 3);
  expect(JSON.stringify(people.issue(key)?.description)).toBe(before.replace('Omega', 'Omega of Dana'));
});

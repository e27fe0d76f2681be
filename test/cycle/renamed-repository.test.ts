import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** An issue of Jira that shows a picture between two paragraphs, with its copy on GitHub. */
async function pictured(world: World) {
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'] });
  const { mediaId } = people.addAttachment(key, { as: world.people.ann, name: 'plan.png', bytes: Buffer.from('plan') });
  const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
  const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
  people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha'), picture, paragraph('Omega')) });
  await rounds(world, 2);
  return key;
}

const shapeOf = (world: World, key: string): string => {
  const { content = [] } = (world.jira.people.issue(key)?.description ?? {}) as { content?: { type: string }[] };
  return content.map(({ type }) => type).join(' ');
};

test('a repository that is renamed, under its new name, changes no picture on Jira', async () => {
  const world = createWorld();
  const key = await pictured(world);
  expect(shapeOf(world, key)).toBe('paragraph mediaSingle paragraph');
  world.github.renameRepository('acme/app', 'app2');
  world.github.addComment({ repository: 'acme/app2', number: 1, as: 'dana', body: 'Seen.' });
  await rounds(world, 3, { project: 'acme/app2' });
  expect(shapeOf(world, key)).toBe('paragraph mediaSingle paragraph');
});

test('a repository that is renamed, under its old name, changes no picture on Jira', async () => {
  const world = createWorld();
  const key = await pictured(world);
  world.github.renameRepository('acme/app', 'app2');
  world.github.addComment({ repository: 'acme/app2', number: 1, as: 'dana', body: 'Seen.' });
  await rounds(world, 3);
  expect(shapeOf(world, key)).toBe('paragraph mediaSingle paragraph');
});

test('another repository for files changes no picture on Jira', async () => {
  const world = createWorld();
  const key = await pictured(world);
  world.github.addRepository({ owner: 'acme', name: 'files', private: true, ownerIsOrganization: true });
  world.github.addComment({ repository: 'acme/app', number: 1, as: 'dana', body: 'Seen.' });
  await rounds(world, 3, { 'attachments-repository': 'acme/files' });
  expect(shapeOf(world, key)).toBe('paragraph mediaSingle paragraph');
});

import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { storedByJira } from './stored-by-jira.ts';
import { createWorld } from './world.ts';

const words = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `w${index} ${'of this line '.repeat(10)}`.trim());

test.each([false, true])(
  'an edit of an item of a copy that holds no whole block crosses (with a new picture in that item: %s)',
  async (withPicture) => {
    const world = createWorld();
    await world.connect();
    const body = words(400)
      .map((word) => `* ${word}`)
      .join('\n');
    const id = world.there.create({ as: 'dana', summary: 'Title', text: body });
    await rounds(world, 2);
    const { people } = world.jira;
    const [issue] = people.issues();
    if (issue === undefined) throw new Error('there is no copy');
    const document = JSON.parse(JSON.stringify(issue.description).replace('w7 of', 'Edited of'));
    if (withPicture) {
      const { mediaId } = people.addAttachment(issue.key, { as: world.people.ann, name: 'plan.png', bytes: Buffer.from('plan') });
      const media = { type: 'mediaInline', attrs: { type: 'file', id: mediaId, collection: '' } };
      document.content[0].content[7].content[0].content.push({ type: 'text', text: ' ' }, media);
    }
    people.editIssue(issue.key, { as: world.people.ann, description: document });
    const told = await rounds(world, 3);
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
    expect(world.there.text(id)).toContain('Edited of');
  },
);

test.each(['with', 'without'])(
  'an edit of another paragraph of the copy %s a new picture brings nothing that the server made of the copy',
  async (how) => {
    const world = createWorld();
    await world.connect();
    storedByJira(world, (text) => text.replaceAll('Alpha.', 'Alpha'));
    const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Alpha.\n\nBeta.\n' });
    await rounds(world, 2);
    const { people } = world.jira;
    const { key } = people.issues()[0] ?? { key: '' };
    const { mediaId } = people.addAttachment(key, { as: world.people.ann, name: 'plan.png', bytes: Buffer.from('plan') });
    const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
    const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
    const more = how === 'with' ? [picture, paragraph('Last.')] : [paragraph('Last.')];
    people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha'), paragraph('Beta.'), ...more) });
    await rounds(world, 3);
    expect(world.there.text(id)).toContain('Last.');
    expect(world.there.text(id)).toMatch(/^Alpha\.\n\nBeta\.\n/);
  },
);

const isUpload = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'POST' && new URL(url).pathname.endsWith('/attachments');

test.each(['comment', 'description'])(
  'an edit of the copy of a %s whose file is still to come is no conflict, and takes no picture from the origin',
  async (what) => {
    let isDown = false;
    const world = createWorld({
      jira: { faults: (request) => (isDown && isUpload(request) ? { kind: 'status', status: 503 } : undefined) },
    });
    await world.connect();
    const { there, jira, people, github, repository } = world;
    const id = there.create({ as: 'dana', summary: 'Before', text: 'First.' });
    await rounds(world, 2);
    isDown = true;
    const url = github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
    const text = `First.\n\n![plan.png](${url})\n\nLast.`;
    if (what === 'comment') there.addComment(id, { as: 'dana', text });
    else there.edit(id, { as: 'dana', text });
    await rounds(world, 1);
    const [issue] = jira.people.issues();
    if (issue === undefined) throw new Error('there is no copy');
    const edited = (body: unknown) => JSON.parse(JSON.stringify(body).replace('Last.', 'Last, of Ben.'));
    if (what === 'comment') {
      const [comment] = issue.comments;
      if (comment === undefined) throw new Error('there is no copy of the comment');
      expect(comment.text).toContain('Last.');
      jira.people.editComment(issue.key, comment.id, { as: people.ben, body: edited(comment.body) });
      jira.people.editIssue(issue.key, { as: people.ben, summary: 'Before 2' });
    } else jira.people.editIssue(issue.key, { as: people.ben, description: edited(issue.description) });
    isDown = false;
    world.clock.advance(60 * 60_000);
    const told = await rounds(world, 3);
    const now = what === 'comment' ? there.comments(id)[0]?.text : there.text(id);
    expect(now).toContain('Last, of Ben.');
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
    expect(now).toContain(`![plan.png](${url})`);
    expect
      .soft(JSON.stringify([jira.people.issues()[0]?.description, jira.people.issues()[0]?.comments.map(({ body }) => body)]))
      .toContain('"media"');
  },
);

test('nothing of a twin crosses while its history cannot be read, and then all of it does, as its author wrote it', async () => {
  let isDown = false;
  const world = createWorld({
    jira: { faults: ({ url }) => (isDown && /changelog/.test(url) ? { kind: 'status', status: 503 } : undefined) },
  });
  await world.connect();
  storedByJira(world, (text) => text.replaceAll('Alpha.', 'Alpha'));
  const { there, jira, github, repository } = world;
  const url = github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  const text = `Alpha.\n\n![plan.png](${url})\n\nLast.`;
  isDown = true;
  world.onRequest = (_, { method, url: asked }) => {
    if (method !== 'GET' && method !== 'POST') return;
    const [issue] = jira.people.issues();
    if (issue === undefined || asked.endsWith('/issue/bulk')) return;
    world.onRequest = undefined;
    // Anything that bumps `updated`.
    jira.people.addLabel(issue.key, 'other', world.people.ben);
  };
  const id = there.create({ as: 'dana', summary: 'Title', text });
  const first = await rounds(world, 1);
  const files = jira.people.issues()[0]?.attachments.length;
  isDown = false;
  await rounds(world, 4);
  expect(there.text(id)).toContain(text);
  expect(jira.people.issues()[0]?.attachments).toHaveLength(1);
  expect(first).toContain('failed what people edited in its copy');
  expect(files).toBe(0);
});

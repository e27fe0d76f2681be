import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const isUpload = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'POST' && new URL(url).pathname.endsWith('/attachments');

/** An issue of Dana's on GitHub that shows a picture, and the text without it. */
function withPicture({ github, repository, there }: World): { id: string; without: string } {
  const url = github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  const id = there.create({ as: 'dana', summary: 'Title', text: `First.\n\n![plan.png](${url})\n\nLast.` });
  return { id, without: 'First.\n\nLast.' };
}

test('a removal of a file that the account may not make keeps no comment from crossing', async () => {
  let isDenied = false;
  const world = createWorld({
    jira: {
      faults: ({ method, url }) =>
        isDenied && method === 'DELETE' && url.includes('/attachment/') ? { kind: 'status', status: 403 } : undefined,
    },
  });
  await world.connect();
  const { id, without } = withPicture(world);
  await rounds(world, 2);
  isDenied = true;
  world.there.edit(id, { as: 'dana', text: without });
  await rounds(world, 3);
  const issue = () => world.jira.people.issues()[0];
  expect(issue()?.attachments).toHaveLength(1);
  world.there.addComment(id, { as: 'dana', text: 'Waits behind nothing' });
  await rounds(world, 1);
  expect(issue()?.comments).toHaveLength(1);
  isDenied = false;
  world.clock.advance(6 * 60 * minuteMs);
  await rounds(world, 1);
  expect(issue()?.attachments).toEqual([]);
});

test('an upload that the account may not make is sent once a cycle', async () => {
  let isAllowed = false;
  const world = createWorld({
    jira: { faults: (request) => (!isAllowed && isUpload(request) ? { kind: 'status', status: 403 } : undefined) },
  });
  await world.connect();
  withPicture(world);
  let sent = 0;
  world.onRequest = (_, request) => {
    if (isUpload(request)) sent += 1;
  };
  await rounds(world, 1);
  expect(sent).toBe(1);
  await rounds(world, 1);
  expect(sent).toBe(2);
  isAllowed = true;
  await rounds(world, 1);
  expect(world.jira.people.issues()[0]?.attachments).toHaveLength(1);
});

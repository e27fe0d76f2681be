import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulators/simulator.ts';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const isIssueRead = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'GET' && url.endsWith('/repos/acme/app/issues/1');

for (const second of ['could not be read', 'was there, while its twin could not be settled'] as const)
  test(`an issue that was seen absent once, and then ${second}, ends no twin`, async () => {
    let fault: Fault | undefined;
    let isDown = false;
    const world = createWorld({
      github: {
        faults: (request) => {
          if (isDown && request.method === 'PATCH') return { kind: 'status', status: 503 };
          return isIssueRead(request) ? fault : undefined;
        },
      },
    });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 1);
    const retitle = (summary: string) => world.jira.people.editIssue(key, { as: world.people.ben, summary });
    const cycle = async () => {
      world.clock.advance(20 * minuteMs);
      return (await world.cycle()).result;
    };
    retitle('Title 2');
    fault = { kind: 'status', status: 404 };
    expect((await cycle()).ended).toEqual([]);
    fault = second === 'could not be read' ? { kind: 'status', status: 502 } : undefined;
    isDown = true;
    expect(await cycle()).toMatchObject({ ended: [], twins: 1, failures: [{}] });
    if (second !== 'could not be read') {
      retitle('Title 3');
      fault = { kind: 'status', status: 404 };
      expect((await cycle()).ended).toEqual([]);
    }
    fault = undefined;
    isDown = false;
    await rounds(world, 4);
    expect(world.there.summary(id)).toBe(second === 'could not be read' ? 'Title 2' : 'Title 3');
  });

test('an issue that was seen absent once and then moved ends no twin', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.jira.people.addProject({ key: 'OTHER', name: 'Other' });
  await rounds(world, 1);
  let isHidden = true;
  const issueId = world.jira.people.issue(key)?.id ?? '';
  // Out of sight for one cycle, as while the move is under way.
  world.rewrite = async (request) => {
    if (!isHidden) return request;
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/issue/bulkfetch')) {
      const body = (await request.text()).replaceAll(`"${issueId}"`, '"999999"');
      return new Request(request.url, { method: 'POST', headers: request.headers, body });
    }
    return pathname.endsWith(`/issue/${issueId}`)
      ? new Request(request.url.replace(`/issue/${issueId}`, '/issue/999999'), request)
      : request;
  };
  world.there.edit(id, { as: 'dana', summary: 'Title 2' });
  world.clock.advance(20 * minuteMs);
  expect((await world.cycle()).result.ended).toEqual([]);
  isHidden = false;
  const moved = world.jira.people.moveIssue(key, { as: world.people.ben, project: 'OTHER' });
  world.clock.advance(20 * minuteMs);
  const second = (await world.cycle()).result;
  expect(second.held.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('was moved'));
  expect(second.ended).toEqual([]);
  world.jira.people.moveIssue(moved.key, { as: world.people.ben, project: 'ACME' });
  await rounds(world, 3);
  expect(world.jira.people.issues()[0]?.summary).toBe('Title 2');
});

/** A twin of which one comment of Dana's may not be edited by the connection, for good. */
async function withDenied() {
  let fault: Fault | undefined;
  let own = '';
  const world = createWorld({
    github: {
      faults: (request) => {
        if (request.method === 'PATCH' && own !== '' && request.url.endsWith(`/issues/comments/${own}`))
          return { kind: 'status', status: 403 };
        return isIssueRead(request) ? fault : undefined;
      },
    },
  });
  await world.connect();
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  const text = `First.\n\n![plan.png](${url})\n\nLast.`;
  const id = world.there.create({ as: 'dana', summary: 'Title', text });
  own = world.there.addComment(id, { as: 'dana', text: 'Of Dana' });
  await rounds(world, 2);
  const [issue] = world.jira.people.issues();
  const key = issue?.key ?? '';
  world.jira.people.editComment(key, issue?.comments[0]?.id ?? '', { as: world.people.ben, body: 'dana commented:\n\nOf Ben' });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 1' });
  const told = await rounds(world, 1);
  expect(told.some((line) => line.startsWith('failed comment.write private'))).toBe(true);
  const set = (next: Fault | undefined) => {
    fault = next;
  };
  return { world, id, key, text, set };
}

test('an issue that was out of sight for a moment weeks ago, and is again, ends no twin', async () => {
  const { world, id, key, set } = await withDenied();
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 2' });
  set({ kind: 'status', status: 404 });
  await rounds(world, 1);
  set(undefined);
  for (let day = 0; day < 10; day += 1) {
    world.clock.advance(12 * 60 * minuteMs);
    await world.cycle();
  }
  expect(world.there.summary(id)).toBe('Title 2');
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 3' });
  set({ kind: 'status', status: 404 });
  world.clock.advance(20 * minuteMs);
  const { result } = await world.cycle();
  expect(result.ended).toEqual([]);
});

test('a file that was taken out for a moment weeks ago, and is again, keeps its copy for ten minutes', async () => {
  const { world, id, text } = await withDenied();
  const files = () => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
  const edit = async (next: string) => {
    world.there.edit(id, { as: 'dana', text: next });
    world.clock.advance(5 * minuteMs);
    await world.cycle();
  };
  await edit('First.\n\nLast.');
  await edit(text);
  for (let day = 0; day < 4; day += 1) {
    world.clock.advance(12 * 60 * minuteMs);
    await world.cycle();
  }
  expect(files()).toEqual(['plan.png']);
  await edit('First.\n\nLast.');
  expect(files()).toEqual(['plan.png']);
});

test('a removal that the account may not make is asked for until it may', async () => {
  let isDenied = true;
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        isDenied && method === 'DELETE' && url.includes('/issues/comments/') ? { kind: 'status', status: 403 } : undefined,
    },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: 'To go' });
  await rounds(world, 2);
  world.jira.people.deleteComment(key, comment.id);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 2' });
  await rounds(world, 5);
  expect(world.there.comments(id)).toHaveLength(1);
  isDenied = false;
  world.clock.advance(12 * 60 * minuteMs);
  expect(await rounds(world, 1)).toEqual(['private comment removed']);
});

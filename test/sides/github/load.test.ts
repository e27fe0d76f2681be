import { describe, expect, it } from 'vitest';
import { newLines, openWorld, present, request, shapes } from './setup.ts';
import type { World } from './setup.ts';

const minute = 60_000;

function issueBy(world: World, title = 'One', body = 'text') {
  return world.github.createIssue({ repository: 'acme/app', as: 'ada', title, body, labels: ['sync'] });
}

describe.each(shapes)('loading from %s', (shape) => {
  it('reads an issue whole', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world, 'Broken', 'Hello\r\n\r\n<!-- sallyport:s1.x -->');
    const comment = world.github.addComment({
      repository: 'acme/app',
      number,
      as: 'rae',
      body: 'Me too\n\n<!-- sallyport:s1.y -->',
    });
    world.clock.advance(minute);

    const issue = await present(world.side(), number);

    expect(issue).toMatchObject({
      id: String(number),
      key: `#${number}`,
      url: `${world.addresses.webUrl}/acme/app/issues/${number}`,
      author: { displayName: 'ada', isConnection: false },
      summary: 'Broken',
      description: { native: 'Hello' },
      marks: ['s1.x'],
      marked: true,
      readableByAll: true,
      attachments: [],
      comments: [
        {
          id: String(comment.id),
          author: { displayName: 'rae' },
          text: { native: 'Me too' },
          marks: ['s1.y'],
          restricted: false,
        },
      ],
    });
    expect(world.violations).toEqual([]);
  });

  it('knows what the connection wrote by the account', async () => {
    const world = openWorld({ shape });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'sync', title: 'Copy' });
    expect((await present(world.side(), number)).author).toEqual(world.sync);
  });

  it.each([404, 410] as const)('tells a deleted issue that answers %d', async (answer) => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    world.github.deleteIssue({ repository: 'acme/app', number, answer });

    const loaded = await world.side().reader.load([String(number)], 'audit');

    expect(loaded.get(String(number))).toEqual({ kind: 'gone' });
  });

  it('tells where a transferred issue went', async () => {
    const world = openWorld({ shape });
    world.github.addRepository({ owner: 'acme', name: 'other', private: true });
    const { number } = issueBy(world);
    const moved = world.github.transferIssue({ repository: 'acme/app', number, as: 'ada', to: 'acme/other' });

    const loaded = await world.side().reader.load([String(number)], 'audit');

    expect(loaded.get(String(number))).toEqual({
      kind: 'moved',
      to: `${world.addresses.webUrl}/acme/other/issues/${moved.number}`,
    });
  });

  it('takes no issue for gone when the repository is out of reach, or its issues are disabled', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    const { reader } = world.side();
    const { number: deleted } = issueBy(world);
    world.github.deleteIssue({ repository: 'acme/app', number: deleted });
    world.github.setHasIssues('acme/app', false);
    expect((await reader.load([String(deleted)], 'audit', { fresh: true })).get(String(deleted))).toMatchObject({
      kind: 'unreadable',
    });
    world.github.setHasIssues('acme/app', true);
    world.github.setPermissions({ repository: 'acme/app', login: 'sync', permission: 'none' });
    expect((await reader.load([String(number)], 'audit', { fresh: true })).get(String(number))).toMatchObject({
      kind: 'unreadable',
    });
  });

  it('stops for a revoked token instead of calling anything gone', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    world.github.revokeToken('sync-token');
    await expect(world.side().reader.load([String(number)], 'audit')).rejects.toMatchObject({ kind: 'permission' });
  });
});

describe('loading', () => {
  it('takes what the observation listed without another request, and reads it again when asked to', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    world.clock.advance(minute);
    const { reader } = world.side();
    await reader.observe(request());
    newLines(world);

    await reader.load([String(number)], 'work');
    const without = newLines(world);
    world.github.editIssue({ repository: 'acme/app', number, as: 'ada', title: 'New' });
    const fresh = await reader.load([String(number)], 'work', { fresh: true });

    expect(without).toEqual([]);
    expect(fresh.get(String(number))).toMatchObject({ kind: 'present', issue: { summary: 'New' } });
  });

  it('reads many issues and their comments by the listings where that takes fewer requests', async () => {
    const world = openWorld();
    const ids = Array.from({ length: 40 }, (_, index) => {
      const { number } = issueBy(world, `Issue ${index}`);
      world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: `Comment ${index}` });
      return String(number);
    });
    world.clock.advance(minute);

    const loaded = await world.side().reader.load(ids, 'work');

    expect([...loaded.values()].map((one) => one.kind === 'present' && one.issue.comments[0]?.text.native)).toEqual(
      ids.map((_, index) => `Comment ${index}`),
    );
    expect(newLines(world)).toHaveLength(2);
  });

  it('reads by itself what the long listing of others hides', async () => {
    const world = openWorld();
    const wanted = Array.from({ length: 10 }, (_, index) => {
      const { number } = issueBy(world, `Issue ${index}`);
      world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: `Comment ${index}` });
      return String(number);
    });
    const { number: busy } = issueBy(world, 'busy');
    for (let count = 0; count < 1500; count += 1)
      world.github.addComment({ repository: 'acme/app', number: busy, as: 'rae', body: 'chat' });
    world.clock.advance(minute);

    const loaded = await world.side().reader.load([...wanted, String(busy)], 'work');

    expect([...loaded.values()].map((one) => one.kind === 'present' && one.issue.comments.length)).toEqual([
      ...wanted.map(() => 1),
      1500,
    ]);
  });

  it('misses no comment though another is removed between two pages', async () => {
    let removed: number | undefined;
    const world = openWorld({
      before: (asked) => {
        const isSecondPage = /\/issues\/comments\?.*\bpage=2\b/.test(asked.url);
        if (isSecondPage && removed !== undefined) world.github.deleteComment({ repository: 'acme/app', id: removed });
        return undefined;
      },
    });
    const ids = Array.from({ length: 12 }, (_, index) => {
      const { number } = issueBy(world, `Issue ${index}`);
      for (let count = 0; count < 10; count += 1) {
        removed ??= world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: 'first' }).id;
        world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: `Comment ${count}` });
      }
      return String(number);
    });

    const loaded = await world.side().reader.load(ids, 'work');

    const counts = ids.map((id) => {
      const one = loaded.get(id);
      return one?.kind === 'present' ? one.issue.comments.filter(({ text }) => text.native !== 'first').length : undefined;
    });
    expect(counts).toEqual(ids.map(() => 10));
  });

  it("keeps one issue's failure to itself", async () => {
    const world = openWorld({ limits: { attemptsMax: 1 } });
    const [first, second] = [issueBy(world), issueBy(world)];
    world.faults.push({ when: new RegExp(`GET .*/issues/${first.number}$`), fault: { kind: 'status', status: 502 } });

    const loaded = await world.side().reader.load([String(first.number), String(second.number), 'x'], 'work');

    expect(loaded.get(String(first.number))).toMatchObject({ kind: 'unreadable', isPassing: true });
    expect(loaded.get(String(second.number))).toMatchObject({ kind: 'present' });
    expect(loaded.get('x')).toMatchObject({ kind: 'unreadable' });
  });

  it('takes a page of a proxy for neither an issue nor its end', async () => {
    const world = openWorld({ limits: { attemptsMax: 1 } });
    const { number } = issueBy(world);
    for (const status of [200, 404]) {
      world.faults.push({ when: /GET .*\/issues\/\d+$/, fault: { kind: 'html', status } });
      const loaded = await world.side().reader.load([String(number)], 'work');
      expect(loaded.get(String(number))).toMatchObject({ kind: 'unreadable' });
    }
  });

  it('takes no pull request for an issue', async () => {
    const world = openWorld();
    const { number } = world.github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'PR', body: '' });
    expect((await world.side().reader.load([String(number)], 'work')).get(String(number))).toMatchObject({ kind: 'unreadable' });
  });

  it('names types by issue types or by labels', async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({
      repository: 'acme/app',
      as: 'ada',
      title: 'One',
      type: 'Bug',
      labels: ['type: Story', 'x'],
    });
    expect((await present(world.side(), number)).type).toBe('Bug');
    expect((await present(world.side({ types: 'labels' }), number)).type).toBe('Story');
  });
});

describe('listing', () => {
  it('every issue in scope, each once, open or closed', async () => {
    const world = openWorld();
    const one = issueBy(world);
    const both = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Two', labels: ['sync', 'bug'] });
    world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Three', labels: ['other'] });
    world.github.editIssue({ repository: 'acme/app', number: one.number, as: 'ada', state: 'closed' });
    world.github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'PR', body: '' });

    const bySync = await world.side().reader.listTriggered('work');
    const byAny = await world.side({ trigger: { kind: 'labels', anyOf: ['bug', 'SYNC'] } }).reader.listTriggered('work');
    const all = await world.side({ trigger: { kind: 'all' } }).reader.listTriggered('work');

    expect(bySync.map(({ id }) => Number(id)).toSorted()).toEqual([one.number, both.number]);
    expect(byAny).toHaveLength(2);
    expect(all).toHaveLength(3);
    expect(all.every(({ inScope }) => inScope)).toBe(true);
    expect(world.violations).toEqual([]);
  });

  it('the issues of the account', async () => {
    const world = openWorld();
    const mark = '\n\n<!-- sallyport:s1.x -->';
    const old = world.github.createIssue({ repository: 'acme/app', as: 'sync', title: 'Old', body: `a${mark}` });
    world.clock.advance(10 * minute);
    const recent = world.github.createIssue({ repository: 'acme/app', as: 'sync', title: 'New', body: `a${mark}` });
    world.github.createIssue({ repository: 'acme/app', as: 'sync', title: 'Unmarked', body: 'a' });
    world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Forged', body: `a${mark}` });
    world.github.editIssue({ repository: 'acme/app', number: old.number, as: 'ada', title: 'Old, edited' });
    const { reader } = world.side();

    const { marked, unmarked } = await reader.listOwn('work');

    expect(marked.map(({ id, marks }) => [Number(id), marks])).toEqual([
      [old.number, ['s1.x']],
      [recent.number, ['s1.x']],
    ]);
    expect(unmarked).toBe(1);
  });

  it('the types, read once', async () => {
    const world = openWorld();
    const { reader } = world.side();
    expect(await reader.types()).toMatchObject({ names: ['Task', 'Bug'], everyNameExists: false, required: false });
    await reader.types();
    expect(newLines(world)).toHaveLength(1);
    expect(await world.side({ types: 'labels' }).reader.types()).toMatchObject({ everyNameExists: true });
  });
});

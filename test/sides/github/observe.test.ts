import { describe, expect, it } from 'vitest';
import { newLines, openWorld, present, request, shapes, startMs } from './setup.ts';
import type { World } from './setup.ts';

const second = 1000;
const minute = 60_000;

function issueBy(world: World, options: { labels?: string[]; body?: string; title?: string } = {}) {
  return world.github.createIssue({
    repository: 'acme/app',
    as: 'ada',
    title: options.title ?? 'One',
    body: options.body ?? 'text',
    labels: options.labels ?? ['sync'],
  });
}

async function knownOf(world: World, ids: readonly number[]): Promise<Map<string, string>> {
  const side = world.side();
  const known = new Map<string, string>();
  for (const id of ids) known.set(String(id), (await present(side, id)).version);
  return known;
}

describe.each(shapes)('observing %s', (shape) => {
  it('shows new issues oldest first, with their scope, and leaves pull requests out', async () => {
    const world = openWorld({ shape });
    const first = issueBy(world);
    world.clock.advance(5 * second);
    world.github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'PR', body: '' });
    const second_ = issueBy(world, { labels: ['other'] });
    world.clock.advance(minute);

    const { touched } = await world.side().reader.observe(request());

    expect(touched.map(({ id, inScope, marked }) => ({ id, inScope, marked }))).toEqual([
      { id: String(first.number), inScope: true, marked: false },
      { id: String(second_.number), inScope: false, marked: false },
    ]);
    expect(world.violations).toEqual([]);
  });

  it('takes two requests when nothing changed, and they cost nothing once their ETags are known', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    world.clock.advance(minute);
    const known = await knownOf(world, [number]);
    const { reader } = world.side();
    const first = await reader.observe(request({ known }));
    newLines(world);

    world.clock.advance(minute);
    const second_ = await reader.observe(request({ known, cursor: first.cursor }));

    expect(first.touched).toEqual([]);
    expect(second_.touched).toEqual([]);
    expect(second_.cursor).toBe(first.cursor);
    expect(newLines(world).map((line) => line.split(' ').at(-1))).toEqual(['304', '304']);
  });

  it('sees an issue that changed after quiet observations', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    world.clock.advance(minute);
    const known = await knownOf(world, [number]);
    const { reader } = world.side();
    let { cursor } = await reader.observe(request({ known }));
    ({ cursor } = await reader.observe(request({ known, cursor })));
    world.clock.advance(30 * minute);
    ({ cursor } = await reader.observe(request({ known, cursor })));

    world.github.editIssue({ repository: 'acme/app', number, as: 'ada', title: 'Renamed' });
    world.clock.advance(minute);
    const { touched } = await reader.observe(request({ known, cursor }));

    expect(touched.map(({ id }) => id)).toEqual([String(number)]);
  });

  it('sees a comment that was edited without its issue being touched', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    const comment = world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: 'hm' });
    world.clock.advance(10 * minute);
    const known = await knownOf(world, [number]);
    const { reader } = world.side();
    const { cursor } = await reader.observe(request({ known }));

    world.github.editComment({ repository: 'acme/app', id: comment.id, as: 'rae', body: 'aha' });
    world.clock.advance(minute);
    const { touched } = await reader.observe(request({ known, cursor }));
    const after = await present(world.side(), number);

    expect(touched.map(({ id }) => id)).toEqual([String(number)]);
    expect(touched[0]?.version).toBe(after.version);
    expect((await reader.observe(request({ known: new Map([[String(number), after.version]]), cursor }))).touched).toEqual([]);
  });

  it('finds out the scope of an issue that only a comment shows', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    const comment = world.github.addComment({ repository: 'acme/app', number, as: 'rae', body: 'hm' });
    world.clock.advance(24 * 60 * minute);
    world.github.editComment({ repository: 'acme/app', id: comment.id, as: 'rae', body: 'aha' });
    world.clock.advance(minute);

    const { touched } = await world.side().reader.observe(request({ since: startMs + 23 * 60 * minute }));

    expect(touched).toMatchObject([{ id: String(number), inScope: true }]);
  });

  it('passes over comments of pull requests', async () => {
    const world = openWorld({ shape });
    const pull = world.github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'PR', body: '' });
    world.github.addComment({ repository: 'acme/app', number: pull.number, as: 'ada', body: 'looks good' });
    world.clock.advance(minute);

    expect((await world.side().reader.observe(request())).touched).toEqual([]);
    expect(newLines(world)).toHaveLength(2);
  });

  it('tells that an issue carries the shape of a stamp', async () => {
    const world = openWorld({ shape });
    issueBy(world, { body: 'text\n\n<!-- sallyport:abc.def -->' });
    world.clock.advance(minute);

    expect((await world.side().reader.observe(request())).touched).toMatchObject([{ marked: true }]);
  });
});

describe('observing', () => {
  it('does not take a second edit within the same second for known', async () => {
    const world = openWorld();
    const { number } = issueBy(world, { title: 'first' });
    const { reader } = world.side();
    const first = await reader.observe(request());
    const read = await present(world.side(), number);
    world.github.editIssue({ repository: 'acme/app', number, as: 'ada', title: 'second' });
    const known = new Map([[String(number), read.version]]);
    world.clock.advance(minute);

    const { touched } = await reader.observe(request({ known, cursor: first.cursor }));

    expect(touched.map(({ id }) => id)).toEqual([String(number)]);
  });

  it('keeps looking at what was read while its second went on, though nothing changed', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    const { reader } = world.side();
    const first = await reader.observe(request());
    const known = new Map([[String(number), first.touched[0]!.version]]);

    // The same second: the listing is the same, and an edit may still follow.
    const again = await reader.observe(request({ known, cursor: first.cursor }));
    world.github.editIssue({ repository: 'acme/app', number, as: 'ada', title: 'late' });
    world.clock.advance(minute);
    const last = await reader.observe(request({ known, cursor: again.cursor }));

    expect(last.touched.map(({ id }) => id)).toEqual([String(number)]);
  });

  it('reads on until everything is known, over many pages', async () => {
    const world = openWorld();
    const numbers = Array.from({ length: 230 }, () => {
      world.clock.advance(second);
      return issueBy(world).number;
    });
    world.clock.advance(minute);

    const { touched } = await world.side().reader.observe(request());

    expect(touched.map(({ id }) => Number(id))).toEqual(numbers);
    expect(newLines(world).filter((line) => line.includes('/issues 200'))).toHaveLength(3);
  });

  it('misses no issue though one is edited between two pages', async () => {
    let oldest: number | undefined;
    const world = openWorld({
      before: (asked) => {
        if (/\/issues\?.*\bpage=2\b/.test(asked.url) && oldest !== undefined) {
          world.github.editIssue({ repository: 'acme/app', number: oldest, as: 'ada', title: 'Edited' });
          oldest = undefined;
        }
        return undefined;
      },
    });
    const numbers = Array.from({ length: 150 }, () => {
      world.clock.advance(second);
      return issueBy(world).number;
    });
    oldest = numbers[0];

    const { touched } = await world.side().reader.observe(request());

    const missing = numbers.slice(1).filter((number) => !touched.some(({ id }) => id === String(number)));
    expect(missing).toEqual([]);
  });

  it('stops at a page that is older than the cursor and known', async () => {
    const world = openWorld();
    const numbers = Array.from({ length: 150 }, () => issueBy(world).number);
    world.clock.advance(minute);
    const known = await knownOf(world, numbers);
    const { reader } = world.side();
    const { cursor } = await reader.observe(request({ known: new Map() }));
    newLines(world);

    await reader.observe(request({ known, cursor }));

    expect(newLines(world)).toHaveLength(2);
  });

  it('moves its cursor over many changed pull requests', async () => {
    const world = openWorld();
    for (let count = 0; count < 60; count += 1) {
      world.github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'PR', body: '' });
    }
    world.clock.advance(10 * minute);
    const { reader } = world.side();
    const { cursor } = await reader.observe(request());
    world.clock.advance(minute);
    newLines(world);

    const next = await reader.observe(request({ cursor }));

    expect(cursor).toContain('09:10:00');
    expect(next.touched).toEqual([]);
  });

  it('begins anew with a cursor that cannot be read', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    world.clock.advance(minute);

    const { touched } = await world.side().reader.observe(request({ cursor: '{"v":9}' }));

    expect(touched.map(({ id }) => id)).toEqual([String(number)]);
  });

  it('fails with a clear error when the token was revoked or the repository is out of reach', async () => {
    const world = openWorld();
    const { reader } = world.side();
    await expect(world.side({ repository: { owner: 'acme', name: 'nowhere' } }).reader.observe(request())).rejects.toMatchObject({
      kind: 'permission',
      status: 404,
    });
    world.github.revokeToken('sync-token');
    await expect(reader.observe(request())).rejects.toMatchObject({ kind: 'permission', status: 401 });
  });

  it('tells the server time of its newest answer', async () => {
    const world = openWorld();
    const { reader } = world.side();
    expect(reader.serverTime()).toBeUndefined();
    await reader.observe(request());
    expect(reader.serverTime()).toBe(Math.floor(world.clock.now() / second) * second);
  });
});

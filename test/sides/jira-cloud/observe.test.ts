import { describe, expect, it } from 'vitest';
import type { ObserveRequest } from '../../../src/sides/side.ts';
import type { Opened } from './open-side.ts';
import { minuteOf } from '../../../src/sides/jira/jql-minute.ts';
import { errorOf, methodsAndPaths, minuteMs, openSide, startMs } from './open-side.ts';

const first: ObserveRequest = {
  cursor: undefined,
  since: startMs - minuteMs,
  knownVersion: () => undefined,
  isTwinned: () => false,
};

/** What a cycle does with an observation: remembers versions and cursor. */
async function settle(opened: Opened, known = new Map<string, string>()) {
  const observation = await opened.reader.observe({ ...first, knownVersion: (id) => known.get(id) });
  for (const touched of observation.touched) known.set(touched.id, touched.version);
  return { known, cursor: observation.cursor };
}

describe('observing', () => {
  it('shows what changed, oldest first, with its scope', async () => {
    const opened = openSide();
    const { people, ana, clock, reader } = opened;
    const inside = people.createIssue({ project: 'ABC', as: ana, summary: 'one', labels: ['sync'] });
    clock.advance(5);
    const outside = people.createIssue({ project: 'ABC', as: ana, summary: 'two' });
    people.addProject({ key: 'OTHER', name: 'Other' });
    people.createIssue({ project: 'OTHER', as: ana, summary: 'three', labels: ['sync'] });
    const { touched } = await reader.observe(first);
    expect(touched.map(({ id, inScope }) => [id, inScope])).toEqual([
      [inside.id, true],
      [outside.id, false],
    ]);
    expect(touched[0]?.updatedAt).toBe(inside.updatedAt);
  });

  it('costs one request when nothing changed, however many issues the overlap holds', async () => {
    const opened = openSide();
    for (let number = 0; number < 250; number += 1) {
      opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: `issue ${number}`, labels: ['sync'] });
    }
    opened.clock.advance(minuteMs);
    const { known, cursor } = await settle(opened);
    expect(known.size).toBe(250);
    opened.clock.advance(minuteMs);
    opened.seen.length = 0;
    const again = await opened.reader.observe({ ...first, cursor, knownVersion: (id) => known.get(id) });
    expect(again.touched).toEqual([]);
    expect(methodsAndPaths(opened.seen)).toEqual(['POST /search/jql']);
  });

  it('reads on to the cursor although a page holds only what is known', async () => {
    const opened = openSide({ simulator: { limits: { issuesPerPage: 5 } } });
    const old = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'old', labels: ['sync'] });
    opened.clock.advance(minuteMs);
    const { known, cursor } = await settle(opened);
    opened.clock.advance(minuteMs);
    opened.people.editIssue(old.id, { as: opened.ana, summary: 'changed since' });
    opened.clock.advance(1_000);
    for (let number = 0; number < 12; number += 1) {
      const own = opened.people.createIssue({ project: 'ABC', as: opened.sync, summary: `copy ${number}` });
      known.set(own.id, (await opened.load(own.id)).version);
    }
    const { touched } = await opened.reader.observe({ ...first, cursor, knownVersion: (id) => known.get(id) });
    expect(touched.map(({ id }) => id)).toEqual([old.id]);
  });

  it('finds a change that the search shows late', async () => {
    const opened = openSide({ simulator: { searchLagMs: 10 * minuteMs } });
    const { known, cursor } = await settle(opened);
    const late = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'late', labels: ['sync'] });
    opened.clock.advance(5 * minuteMs);
    const unseen = await opened.reader.observe({ ...first, cursor, knownVersion: (id) => known.get(id) });
    expect(unseen.touched).toEqual([]);
    opened.clock.advance(6 * minuteMs);
    const seen = await opened.reader.observe({ ...first, cursor: unseen.cursor, knownVersion: (id) => known.get(id) });
    expect(seen.touched.map(({ id }) => id)).toEqual([late.id]);
  });

  it('asks for scope only of issues that are not twinned', async () => {
    const opened = openSide();
    const issue = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'one', labels: ['sync'] });
    const { touched } = await opened.reader.observe({ ...first, isTwinned: (id) => id === issue.id });
    expect(touched).toHaveLength(1);
    expect(methodsAndPaths(opened.seen)).toEqual(['POST /search/jql']);
  });

  it('tells scope although the lagging search still lists an issue that was deleted', async () => {
    const opened = openSide({ simulator: { searchLagMs: 2 * minuteMs } });
    const kept = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'kept', labels: ['sync'] });
    const deleted = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'deleted', labels: ['sync'] });
    opened.clock.advance(3 * minuteMs);
    opened.people.deleteIssue(deleted.id);
    const { touched } = await opened.reader.observe(first);
    expect(touched.find(({ id }) => id === kept.id)?.inScope).toBe(true);
  });

  it('tells scope of more strangers than one JQL can name', async () => {
    const opened = openSide();
    for (let number = 0; number < 130; number += 1) {
      const labels = number % 2 === 0 ? ['sync'] : [];
      opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: `issue ${number}`, labels });
    }
    const { touched } = await opened.reader.observe(first);
    expect(touched.filter(({ inScope }) => inScope)).toHaveLength(65);
  });

  it('narrows the scope of strangers by the runner’s own trigger', async () => {
    const opened = openSide({ side: { narrowing: 'labels = mine OR labels = ours' } });
    for (const labels of [['sync', 'mine'], ['mine'], ['sync'], ['sync', 'ours']]) {
      opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: labels.join(' '), labels });
    }
    const { touched } = await opened.reader.observe(first);
    const inScope = touched.filter((each) => each.inScope).map(({ id }) => opened.people.issue(id)?.summary);
    expect(inScope.toSorted()).toEqual(['sync mine', 'sync ours']);
  });

  it('says that the project is lost, and blames neither the trigger nor the issues', async () => {
    const { people, sync, reader } = openSide();
    people.setPermissions(sync, ['USER_PICKER'], 'ABC');
    for (const lost of [reader.observe(first), reader.listTriggered('audit'), reader.creations!.mark()]) {
      const error = await errorOf(lost);
      expect(error).toMatchObject({ kind: 'permission' });
      expect(error.message).toContain('ABC');
    }
  });

  it('marks an issue that bears a property of any connection', async () => {
    const opened = openSide();
    opened.people.createIssue({
      project: 'ABC',
      as: opened.ana,
      summary: 'copy',
      properties: { 'sallyport.mark': { connection: 'x' } },
    });
    expect((await opened.reader.observe(first)).touched[0]?.marked).toBe(true);
  });

  it('writes the minute in the time zone of the searching account', async () => {
    const opened = openSide({ timeZone: 'America/New_York' });
    const issue = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'one', labels: ['sync'] });
    const { touched } = await opened.reader.observe(first);
    expect(touched.map(({ id }) => id)).toEqual([issue.id]);
    expect(opened.seen[0]?.body?.jql).toContain('"2026-11-23 07:33"');
  });

  it('moves its cursor to the start of the observation, not to the newest change', async () => {
    const opened = openSide();
    await opened.reader.observe(first);
    const started = opened.reader.serverTime();
    opened.simulator.onRequest.push(() => opened.clock.advance(30_000));
    const { cursor } = await opened.reader.observe(first);
    expect(JSON.parse(cursor)).toEqual({ at: started });
  });
});

describe('minuteOf', () => {
  it('names a time zone that is none, instead of failing as the runtime does', () => {
    expect(() => minuteOf(0, 'Etc/UTX')).toThrow(/^Jira: the time zone of the account is not known here: "Etc\/UTX"/);
  });

  it('begins before the hour that the clocks repeat, which names two times', () => {
    const repeated = Date.UTC(2026, 10, 1, 5, 30);
    expect(minuteOf(repeated, 'America/New_York') < '2026-11-01 01:30').toBe(true);
    expect(minuteOf(repeated + 60 * minuteMs, 'America/New_York')).toBe('2026-11-01 01:30');
  });
});

describe('a trigger', () => {
  it('is a configuration error that names it where Jira does not accept it', async () => {
    const opened = openSide({ side: { trigger: 'nonsense ===' } });
    opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'one' });
    const error = await errorOf(opened.reader.observe(first));
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(error.message).toContain('trigger');
    expect((await errorOf(opened.reader.listTriggered('audit'))).kind).toBe('configuration');
  });

  it('names the runner’s own one where that may be the wrong one', async () => {
    const { reader } = openSide({ side: { narrowing: 'nofield = 1' } });
    const error = await errorOf(reader.listTriggered('audit'));
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(error.message).toContain('public-trigger');
  });

  it('cannot be widened by a narrowing that closes its parenthesis', async () => {
    const opened = openSide({ side: { narrowing: 'labels = x) OR (project = ABC' } });
    opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'one' });
    const error = await errorOf(opened.reader.listTriggered('work'));
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(opened.seen).toEqual([]);
  });

  it.each(['summary ~ "a ) b"', "summary ~ 'it(s'", 'summary ~ "say \\") then"', '(labels = a OR labels = b)'])(
    'may hold parentheses within quotes and pairs of them: %s',
    async (trigger) => {
      const opened = openSide({ side: { trigger } });
      await expect(opened.reader.listTriggered('work')).resolves.toEqual([]);
    },
  );

  it.each(['a)', '(a', '"a', 'summary ~ "a\\" ) OR (b', '\\) OR (\\'])(
    'is refused where it does not close: %s',
    async (trigger) => {
      const opened = openSide({ side: { trigger } });
      expect((await errorOf(opened.reader.listTriggered('work'))).kind).toBe('configuration');
      expect(opened.seen).toEqual([]);
    },
  );

  it('lists all in scope, narrowed by the runner, whatever their age', async () => {
    const opened = openSide({ side: { narrowing: 'labels = mine' } });
    const both = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'one', labels: ['sync', 'mine'] });
    opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'two', labels: ['sync'] });
    opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'three', labels: ['mine'] });
    opened.clock.advance(400 * 24 * 60 * minuteMs);
    const listed = await opened.reader.listTriggered('audit');
    expect(listed.map(({ id, inScope }) => [id, inScope])).toEqual([[both.id, true]]);
    expect(opened.gateway.counts()).toMatchObject({ work: 0, audit: 1 });
  });
});

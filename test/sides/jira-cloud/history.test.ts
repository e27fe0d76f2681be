import { describe, expect, it } from 'vitest';
import { changelogSchema } from '../../../src/sides/jira-cloud/schemas.ts';
import { minuteMs, openSide, startMs } from './open-side.ts';

const history = (site: ReturnType<typeof openSide>, ids: readonly string[], since = startMs) =>
  site.reader.history({ issues: ids.map((id) => ({ id, commentIds: ['1'] })), since, purpose: 'work' });

describe('the history of edits on Jira Cloud', () => {
  it('tells what each edit of summary, description and type replaced, and nothing of comments', async () => {
    const site = openSide();
    const { people, ana, sync, clock } = site;
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'One', description: 'first' });
    people.editIssue(issue.id, { as: ana, description: 'unseen' });
    clock.advance(minuteMs);
    people.editIssue(issue.id, { as: ana, summary: 'Two', description: 'second' });
    clock.advance(minuteMs);
    people.changeType(issue.id, { as: sync, type: 'Bug' });
    const plain = { form: 'plain' } as const;

    const edits = await history(site, [issue.id], startMs + minuteMs);

    expect(edits.get(issue.id)).toEqual([
      { ...plain, kind: 'summary', at: startMs + minuteMs, byConnection: false, before: 'One', after: 'Two' },
      {
        ...plain,
        kind: 'description',
        at: startMs + minuteMs,
        byConnection: false,
        before: 'unseen',
        after: 'second',
        told: 'second',
      },
      { ...plain, kind: 'type', at: startMs + 2 * minuteMs, byConnection: true, before: 'Task', after: 'Bug' },
    ]);
    expect(site.reader.historyOf).toEqual(['summary', 'description', 'type']);
  });

  it('shows what a person wrote right before the connection', async () => {
    const site = openSide();
    const { people, ana, clock } = site;
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 'One' });
    const issue = await site.load(id);
    people.editIssue(id, { as: ana, summary: 'Hers' });
    clock.advance(minuteMs);
    await site.writer.editIssue(issue, { summary: 'Planned', marks: [], files: [] });
    expect((await history(site, [id], startMs + minuteMs)).get(id)).toMatchObject([
      { kind: 'summary', byConnection: true, before: 'Hers', after: 'Planned' },
    ]);
  });

  it('asks once for many issues, and names those without a history or out of sight all the same', async () => {
    const site = openSide();
    const ids = Array.from({ length: 150 }, (_, index) => {
      const { id } = site.people.createIssue({ project: 'ABC', as: site.ana, summary: `Issue ${index}` });
      if (index > 0) site.people.editIssue(id, { as: site.ana, summary: `Changed ${index}` });
      return id;
    });
    site.seen.length = 0;
    const edits = await history(site, [...ids, '999999']);
    expect(edits.size).toBe(151);
    expect([...edits.values()].filter((of) => of.length === 0)).toHaveLength(2);
    expect(site.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /rest/api/3/changelog/bulkfetch']);
    expect((await history(site, [])).size).toBe(0);
    expect(site.seen).toHaveLength(1);
  });

  it('takes an empty text for what was none before', async () => {
    const site = openSide();
    const { id } = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    site.people.editIssue(id, { as: site.ana, description: 'words' });
    expect((await history(site, [id])).get(id)).toMatchObject([{ kind: 'description', before: '', after: 'words' }]);
  });

  it('reads changes whose texts are null or missing, as sites give them', () => {
    const items = [{ fieldId: 'description', from: null, fromString: null, to: null }];
    const changeHistories = [{ id: '1', created: 1_790_000_000_000, items }];
    const parsed = changelogSchema.parse({ issueChangeLogs: [{ issueId: '7', changeHistories }] });
    const [item] = parsed.issueChangeLogs[0]!.changeHistories[0]!.items;
    expect([item?.fromString, Object.hasOwn(item!, 'toString') ? item!.toString : undefined]).toEqual([null, undefined]);
  });

  it('follows pages, and throws a passing failure', async () => {
    const site = openSide();
    const { id } = site.people.createIssue({ project: 'ABC', as: site.ana, summary: '0' });
    for (let count = 1; count <= 1_100; count += 1) site.people.editIssue(id, { as: site.ana, summary: String(count) });
    site.seen.length = 0;
    expect((await history(site, [id])).get(id)).toHaveLength(1_100);
    expect(site.seen).toHaveLength(2);
    site.fail(/changelog/, { kind: 'status', status: 503 }, 10);
    await expect(history(site, [id])).rejects.toMatchObject({ kind: 'passing' });
  });
});

describe('the last edits of people on Jira Cloud', () => {
  it("are those of each field, without the connection's own", async () => {
    const site = openSide();
    const { people, ana, sync, clock } = site;
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 'One', description: 'a' });
    clock.advance(minuteMs);
    people.editIssue(id, { as: ana, summary: 'Two' });
    clock.advance(minuteMs);
    people.editIssue(id, { as: sync, summary: 'Three', description: 'b' });
    expect(await site.reader.lastEdits(await site.load(id))).toEqual({
      summary: startMs + minuteMs,
      description: undefined,
      type: undefined,
    });
  });
});

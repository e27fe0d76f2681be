import { describe, expect, it } from 'vitest';
import type { IssueDraft } from '../../../src/sides/side.ts';
import { errorOf, minuteMs, openSide, says } from './open-side.ts';

const draft = (summary: string): IssueDraft => ({ summary, description: says('d'), type: 'Task', marks: [summary], files: [] });

describe('looking for creations past a lagging search', () => {
  it('finds the marked copies above the mark that the search does not show yet', async () => {
    const { reader, writer, people, ana, clock } = openSide({ simulator: { searchLagMs: 10 * minuteMs } });
    people.createIssue({ project: 'ABC', as: ana, summary: 'before' });
    clock.advance(11 * minuteMs);
    const mark = await reader.creations!.mark();
    expect(mark).toBe('ABC-1');
    people.createIssue({ project: 'ABC', as: ana, summary: 'a person’s' });
    await writer.createIssues([draft('copy')]);
    expect((await reader.listOwn('work')).marked).toEqual([]);
    expect((await reader.creations!.markedSince(mark)).map(({ summary, marks }) => [summary, marks])).toEqual([
      ['copy', ['copy']],
    ]);
  });

  it('marks what lies before an issue moved here lately, if it is to lie before what was created by now', async () => {
    const { reader, writer, people, ana, clock } = openSide({ simulator: { searchLagMs: 10 * minuteMs } });
    people.createIssue({ project: 'ABC', as: ana, summary: 'long untouched' });
    clock.advance(20 * minuteMs);
    await reader.listOwn('work');
    await writer.createIssues([draft('copy')]);
    people.createIssue({ project: 'ABC', as: ana, summary: 'above the copy' });
    clock.advance(11 * minuteMs);
    await writer.createIssues([draft('not listed yet')]);
    expect(await reader.creations!.mark()).toBe('ABC-3');
    const mark = await reader.creations!.mark(15 * minuteMs);
    expect(mark).toBe('ABC-1');
    expect((await reader.creations!.markedSince(mark)).map(({ summary }) => summary)).toEqual(['copy', 'not listed yet']);
  });

  it('finds them although a hundred people’s issues lie between', async () => {
    const { reader, writer, people, ana } = openSide();
    const mark = await reader.creations!.mark();
    for (let number = 0; number < 150; number += 1) people.createIssue({ project: 'ABC', as: ana, summary: `${number}` });
    await writer.createIssues([draft('copy')]);
    expect((await reader.creations!.markedSince(mark)).map(({ summary }) => summary)).toEqual(['copy']);
  });

  it('finds them although the project’s key has changed since', async () => {
    const opened = openSide();
    await opened.writer.createIssues([draft('before'), draft('copy')]);
    // As a record from before the change knows it.
    const { reader } = opened.reopen({ project: { id: opened.project.id, key: 'FORMER' } });
    expect(await reader.creations!.mark()).toBe('ABC-2');
    expect((await reader.creations!.markedSince('FORMER-1')).map(({ summary }) => summary)).toEqual(['copy']);
  });

  it('fails where the project is not shown, rather than find nothing', async () => {
    const { reader, writer, people, sync } = openSide();
    await writer.createIssues([draft('copy')]);
    people.setPermissions(sync, ['USER_PICKER'], 'ABC');
    expect((await errorOf(reader.creations!.markedSince('ABC-0'))).kind).toBe('permission');
  });

  it('begins at the first key of an empty project', async () => {
    const { reader, writer } = openSide();
    const mark = await reader.creations!.mark();
    await writer.createIssues([draft('copy')]);
    expect(await reader.creations!.markedSince(mark)).toHaveLength(1);
  });

  it('fails rather than call an incomplete look-up complete', async () => {
    const { reader, people, ana } = openSide();
    for (let number = 0; number < 2_000; number += 1) people.createIssue({ project: 'ABC', as: ana, summary: `${number}` });
    expect((await errorOf(reader.creations!.markedSince('ABC-0'))).kind).toBe('limit');
  });

  it('passes over issues of others that bear a mark', async () => {
    const { reader, people, ana } = openSide();
    people.createIssue({ project: 'ABC', as: ana, summary: 'forged', properties: { 'sallyport.mark': {} } });
    expect(await reader.creations!.markedSince('ABC-0')).toEqual([]);
  });
});

describe('listing the marked issues', () => {
  it('shows those of the account, across projects, that bear a mark', async () => {
    const { reader, writer, people, ana, sync } = openSide();
    people.addProject({ key: 'OTHER', name: 'Other' });
    const [moved] = await writer.createIssues([draft('moved'), draft('here')]);
    people.moveIssue(moved?.kind === 'created' ? moved.id : '', { as: ana, project: 'OTHER' });
    people.createIssue({ project: 'ABC', as: sync, summary: 'unmarked' });
    people.createIssue({ project: 'ABC', as: ana, summary: 'forged', properties: { 'sallyport.mark': {} } });
    const { marked, unmarked } = await reader.listOwn('audit');
    expect(unmarked).toBe(1);
    expect(marked.map(({ key, summary }) => [key, summary])).toEqual([
      ['OTHER-1', 'moved'],
      ['ABC-2', 'here'],
    ]);
    const ledgers = await reader.listLedgers?.('audit');
    expect(ledgers?.map((id) => people.issue(id)?.summary)).toEqual(['here', 'forged']);
  });
});

describe('the times of last edits', () => {
  it('are those of people, field by field', async () => {
    const { reader, writer, people, ana, clock, load } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 's', description: 'd' });
    clock.advance(minuteMs);
    const summaryAt = people.editIssue(issue.id, { as: ana, summary: 'new' }).updatedAt;
    clock.advance(minuteMs);
    const typeAt = people.changeType(issue.id, { as: ana, type: 'Bug' }).updatedAt;
    clock.advance(minuteMs);
    await writer.editIssue(await load(issue.id), { summary: 'by the connection', description: says('x'), marks: [], files: [] });
    expect(await reader.lastEdits(await load(issue.id))).toEqual({ summary: summaryAt, description: undefined, type: typeAt });
  });
});

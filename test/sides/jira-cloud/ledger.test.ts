import { describe, expect, it } from 'vitest';
import { joinLedger } from '../../../src/core/ledger.ts';
import { connectionId, errorOf, methodsAndPaths, openSide, says } from './open-side.ts';

function openTwin() {
  const opened = openSide();
  return { ...opened, id: opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' }).id };
}

const numbered = (count: number, prefix = 'part'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);

describe('a ledger in several parts', () => {
  it.each([1, 4, 5, 9, 10, 24])('is read whole with %i parts', async (count) => {
    const { writer, load, id } = openTwin();
    await writer.writeMarks(await load(id), numbered(count));
    expect((await load(id)).marks).toEqual(numbered(count));
  });

  it('costs a further request only for the issues that have so many parts', async () => {
    const { writer, reader, people, ana, load, id, seen } = openTwin();
    const other = people.createIssue({ project: 'ABC', as: ana, summary: 'other' }).id;
    await writer.writeMarks(await load(id), numbered(6));
    await writer.writeMarks(await load(other), numbered(3));
    seen.length = 0;
    await reader.load([id, other], 'work');
    expect(methodsAndPaths(seen)).toEqual(['POST /issue/bulkfetch', 'POST /issue/bulkfetch']);
    expect(seen[1]?.body).toMatchObject({ issueIdsOrKeys: [id] });
  });

  it('is not written where it has more parts than are read again', async () => {
    const { writer, load, id, people, seen } = openTwin();
    const issue = await load(id);
    seen.length = 0;
    expect((await errorOf(writer.writeMarks(issue, numbered(25)))).kind).toBe('limit');
    const draft = { summary: 'x', description: says('d'), type: 'Task', files: [] };
    const outcomes = await writer.createIssues([
      { ...draft, marks: numbered(25) },
      { ...draft, marks: ['m'] },
    ]);
    expect(outcomes).toMatchObject([{ error: { kind: 'limit' } }, { kind: 'created' }]);
    expect(seen.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(people.issues()).toHaveLength(2);
  });

  it('leaves the parts of a longer one before it behind, which its counter outweighs', async () => {
    const { writer, load, id } = openTwin();
    await writer.writeMarks(await load(id), numbered(3, 'old'));
    await writer.writeMarks(await load(id), numbered(1, 'new'));
    const { marks } = await load(id);
    expect(marks).toEqual(['new 1', 'old 2', 'old 3']);
    const base = (counter: number, ids: string) => ({
      ids: { public: '1', private: '2' },
      counter,
      comments: [{ ids: { public: ids, private: ids }, origin: 'public', bodies: { public: '', private: '' } }],
      attachments: [],
      tombstones: [],
    });
    const stamps = marks.map((mark, part) => ({ base: base(mark.startsWith('new') ? 8 : 7, mark), part, parts: 1 }));
    expect(joinLedger(stamps as never)?.base.comments.map(({ ids }) => ids.public)).toEqual(['new 1']);
  });

  it('keeps the marks of another connection on the same issue apart', async () => {
    const { writer, reopen, load, id, people } = openTwin();
    await writer.writeMarks(await load(id), ['mine']);
    await reopen({ connectionId: 'other' }).writer.writeMarks(await load(id), ['theirs']);
    expect((await load(id)).marks).toEqual(['mine']);
    expect(people.issue(id)?.properties).toMatchObject({
      [`sallyport.${connectionId}`]: { mark: 'mine' },
      'sallyport.other': { mark: 'theirs' },
    });
  });
});

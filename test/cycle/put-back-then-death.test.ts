import { describe, expect, test } from 'vitest';
import { dieAfter } from './die-after.ts';
import { isIssueEdit } from './issue-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { linesOf, rounds } from './rounds.ts';
import { createWorld } from './world.ts';

describe.each(['github', 'jira-dc', 'redmine'] as const)('%s', (tracker) => {
  test.each([
    [2, false],
    [2, true],
    [3, false],
    [3, true],
  ])(
    'what a run put back, merged, is not undone by the next one, when it died after its edit %i (state lost %s)',
    async (last, isLost) => {
      const world = createWorld({ tracker });
      const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
      await rounds(world, 2);
      const { people } = world.jira;
      people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha of Ann'), paragraph('Omega')) });
      world.clock.advance(20 * 60_000);
      let edits = 0;
      await dieAfter(world, (request) => {
        if (!isIssueEdit(request)) return false;
        edits += 1;
        // Between the run's reading and its first write.
        if (edits === 1) world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
        return edits === last;
      });
      if (isLost) world.states.clear();
      const told = await rounds(world, 3);
      expect(people.issue(key)?.descriptionText).toBe('Alpha of Ann\nOmega of Dana');
      expect(world.there.text(id)).toMatch(/^Alpha of Ann\s+Omega of Dana(?:\s|$)/);
      expect(told.filter((line) => line.startsWith('conflict description p'))).toEqual([]);
    },
  );
});

test('a comment that a run put back, merged, is not told once more by the next one', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const { people } = world.jira;
  const comment = people.addComment(key, { as: world.people.ann, body: documentOf(paragraph('One'), paragraph('Two')) });
  await rounds(world, 2);
  const copy = world.there.comments(id)[0]?.id ?? '';
  people.editComment(key, comment.id, { as: world.people.ann, body: documentOf(paragraph('One of Ann'), paragraph('Two')) });
  // A comment's edit alone is listed nowhere.
  people.editIssue(key, { as: world.people.ann, summary: 'Title, edited' });
  world.clock.advance(20 * 60_000);
  let edits = 0;
  await dieAfter(world, ({ method, url }) => {
    if (method !== 'PATCH' || !url.includes('/comments/')) return false;
    edits += 1;
    const text = world.there.comments(id)[0]?.text ?? '';
    if (edits === 1) world.there.editComment(id, { id: copy, as: 'dana', text: text.replace('Two', 'Two of Dana') });
    return edits === 2;
  });
  const { result } = await world.cycle();
  expect(linesOf(result).filter((line) => line.startsWith('conflict'))).toEqual([]);
  await rounds(world, 2);
  expect(people.issue(key)?.comments.map(({ text }) => text)).toEqual(['One of Ann\nTwo of Dana']);
});

import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

test.each([false, true])(
  'under hold, the whole text of a comment that became restricted stays attached nowhere (the run that sent it died: %s)',
  async (dies) => {
    const world = createWorld({ tracker: 'jira-dc', inputs: { 'restricted-comments': 'hold' } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 1);
    const body = documentOf(...Array.from({ length: 285 }, (_, index) => paragraph(`secret ${index} ${'words '.repeat(16)}end`)));
    const comment = world.jira.people.addComment(key, { as: world.people.ben, body });
    if (!dies) await rounds(world, 1);
    else {
      world.onRequest = (index, { method, url }) => {
        if (method === 'POST' && url.endsWith('/attachments')) world.killAt = index;
      };
      // The comment is copied first, its file by the next cycle or round.
      for (let left = 3; left > 0 && world.killAt === undefined; left -= 1) {
        world.clock.advance(20 * 60_000);
        await world.cycle().catch(() => undefined);
      }
      expect(world.killAt).toBeDefined();
      world.killAt = undefined;
      world.onRequest = undefined;
    }
    expect(world.dc.people.issue(id)?.attachments).toHaveLength(1);
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility: { type: 'role', value: 'Developers' } });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
    await rounds(world, 3);
    expect(world.dc.people.issue(id)?.comments[0]?.body).toContain('withheld');
    expect(world.dc.people.issue(id)?.attachments.map(({ name }) => name)).toEqual([]);
    expect(world.jira.people.issue(key)?.attachments.map(({ name }) => name)).toEqual([]);
  },
);

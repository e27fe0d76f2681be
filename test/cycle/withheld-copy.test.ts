import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

for (const what of ['replaced', 'added'] as const)
  test(`an edit of the copy that meets the notice does not bring the withheld text back (${what})`, async () => {
    const world = createWorld({ inputs: { 'restricted-comments': 'hold' } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const comment = world.jira.people.addComment(key, {
      as: world.people.ben,
      body: documentOf(paragraph('The password is secret'), paragraph('And more')),
    });
    await rounds(world, 2);
    expect(world.there.comments(id)[0]?.text).toContain('secret');
    world.jira.people.editComment(key, comment.id, {
      as: world.people.ben,
      visibility: { type: 'role', value: 'Developers' },
    });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 2' });
    world.onRequest = (_, request) => {
      if (!isCommentEdit(request) || !request.url.includes('api.github.com')) return;
      world.onRequest = undefined;
      const [copy] = world.there.comments(id);
      if (copy === undefined) return;
      world.there.editComment(id, {
        id: copy.id,
        as: 'dana',
        text:
          what === 'replaced'
            ? copy.text.replace('And more', 'And more of Dana')
            : copy.text.replace('And more', 'And more\n\nOf Dana'),
      });
    };
    const told = await rounds(world, 4);
    expect(told).toContain('conflict comment public');
    expect(world.there.comments(id)[0]?.text).not.toContain('secret');
  });

for (const where of ['below', 'within'] as const)
  test(`what somebody adds to a notice as its comment becomes public again does not put the notice into the comment (${where})`, async () => {
    const world = createWorld({ inputs: { 'restricted-comments': 'hold' } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const comment = world.jira.people.addComment(key, {
      as: world.people.ben,
      body: documentOf(paragraph('What Ben wrote'), paragraph('And more')),
    });
    await rounds(world, 2);
    const set = (visibility: { type: 'role'; value: string } | null) => {
      world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility });
      world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title ${world.clock.now()}` });
    };
    set({ type: 'role', value: 'Developers' });
    await rounds(world, 2);
    expect(world.there.comments(id)[0]?.text).toContain('withheld');
    set(null);
    world.onRequest = (_, request) => {
      if (!isCommentEdit(request) || !request.url.includes('api.github.com')) return;
      world.onRequest = undefined;
      const [copy] = world.there.comments(id);
      if (copy === undefined) return;
      const text = copy.text;
      world.there.editComment(id, {
        id: copy.id,
        as: 'dana',
        text:
          where === 'below'
            ? text.replace('withheld here.', 'withheld here.\n\nWhy?')
            : text.replace('withheld here.', 'withheld here. Why?'),
      });
    };
    const told = await rounds(world, 3);
    expect(told).toContain('conflict comment public');
    const body = JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body);
    expect(body).toContain('What Ben wrote');
    expect(body).not.toContain('withheld');
  });

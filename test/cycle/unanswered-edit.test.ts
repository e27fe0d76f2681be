import { describe, expect, test } from 'vitest';
import { isIssueEdit } from './issue-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { PrivateKind } from './world.ts';

/** A twin of which edits of the descriptions are carried out and not answered while `isLost`. */
async function worldOf(tracker: PrivateKind) {
  const lost = { isLost: false };
  const faults = (request: { method: string; url: string }) =>
    lost.isLost && isIssueEdit(request) ? { kind: 'lost-after' as const } : undefined;
  const world = createWorld({ tracker, jira: { faults }, github: { faults }, dc: { faults }, redmine: { faults } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  const { people } = world.jira;
  return {
    world,
    lost,
    addFile: () => people.addAttachment(key, { as: world.people.ben, name: 'a.txt', bytes: Buffer.from('a') }),
    public: {
      text: () => people.issue(key)?.descriptionText,
      write: (text: string) => people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph(text)) }),
    },
    private: {
      text: () => /\w+/.exec(world.there.text(id))?.[0],
      write: (text: string) => world.there.edit(id, { as: 'dana', text: world.there.text(id).replace(/^\w+/, text) }),
    },
  };
}

describe.each(['github', 'jira-dc', 'redmine'] as const)('%s', (tracker) => {
  // A file is copied before, so that the ledger changes, too: what it says must not pass for newer than the lost edit.
  test.each([
    ['public', false],
    ['public', true],
    ['private', false],
    ['private', true],
  ] as const)(
    'an edit that its author on the %s side takes back after its copy got no answer is taken back on both (state lost: %s)',
    async (side, isStateLost) => {
      const { world, lost, addFile, ...sides } = await worldOf(tracker);
      addFile();
      sides[side].write('Beta');
      lost.isLost = true;
      expect(await rounds(world, 1)).toContainEqual(expect.stringMatching(/^failed fields\.write/));
      lost.isLost = false;
      sides[side].write('Alpha');
      if (isStateLost) world.states.clear();
      expect((await rounds(world, 3)).filter((line) => line.startsWith('conflict'))).toEqual([]);
      expect([sides.public.text(), sides.private.text()]).toEqual(['Alpha', 'Alpha']);
      expect(await rounds(world, 1, { audit: 'full' })).toEqual([]);
    },
  );
});

test.each(['POST', 'DELETE'])(
  'a type that is set back after the answer of %s for its label was lost stays set back',
  async (method) => {
    let left = 0;
    const faults = (request: { method: string; url: string }) => {
      if (request.method !== method || !/\/issues\/\d+\/labels/.test(request.url) || left === 0) return undefined;
      left -= 1;
      return { kind: 'lost-after' as const };
    };
    const world = createWorld({ github: { faults } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const { people } = world.jira;
    people.changeType(key, { as: world.people.ann, type: 'Story' });
    await rounds(world, 2);
    people.changeType(key, { as: world.people.ann, type: 'Bug' });
    left = 1;
    await rounds(world, 1);
    expect(left).toBe(0);
    people.changeType(key, { as: world.people.ann, type: 'Story' });
    expect((await rounds(world, 3)).filter((line) => line.startsWith('conflict'))).toEqual([]);
    expect([people.issue(key)?.type, world.there.type(id)]).toEqual(['Story', 'Story']);
  },
);

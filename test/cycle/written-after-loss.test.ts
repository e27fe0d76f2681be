import { expect, test } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import type { Fault } from '../../src/simulators/simulator.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { PrivateKind } from './world.ts';

/** Writes that go through before one is carried out and not answered; undefined where all are answered. */
interface Lost {
  after: number | undefined;
}

const isWrite = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
  method !== 'GET' && !/\/(?:search\/jql|bulkfetch|graphql)$/.test(url);

/** What a text says, without its stamp and the list of files below it. */
const words = (text: string | undefined): string =>
  (text ?? '')
    .replaceAll(/<!--[\s\S]*?-->|\{color[^}]*\}.*|\*\*Files\*\*[\s\S]*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A twin from either side, of which everything that crosses is edited, and can be edited again and taken back. */
async function editedWorld(tracker: PrivateKind, lost: Lost) {
  const faults = (request: { method: string; url: string }): Fault | undefined => {
    if (lost.after === undefined || !isWrite(request)) return undefined;
    lost.after -= 1;
    return lost.after === -1 ? { kind: 'lost-after' } : undefined;
  };
  const jira = { faults, commentEditsTouchIssue: true };
  const world = createWorld({ tracker, jira, github: { faults }, dc: { faults }, redmine: { faults } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  const { there } = world;
  const { people } = world.jira;
  const { ann, ben } = world.people;
  const ours = people.addComment(key, { as: ann, body: documentOf(paragraph('Ours')) });
  const theirs = there.addComment(id, { as: 'dana', text: 'Theirs' });
  const other = there.create({ as: 'dana', summary: 'Other', text: 'Beta' });
  await rounds(world, 3);
  let file: { readonly id: string } | undefined;
  return {
    world,
    write: (version: string, hasFile: boolean) => {
      const description = documentOf(paragraph(`Alpha${version}`), paragraph('Omega'));
      people.editIssue(key, { as: ann, summary: `Title${version}`, description });
      people.editComment(key, ours.id, { as: ann, body: documentOf(paragraph(`Ours${version}`)) });
      there.editComment(id, { id: theirs, as: 'dana', text: `Theirs${version}` });
      there.edit(other, { as: 'dana', summary: `Other${version}`, text: `Beta${version}` });
      if (file !== undefined) people.deleteAttachment(file.id, ben);
      file = hasFile ? people.addAttachment(key, { as: ben, name: 'a.txt', bytes: Buffer.from('a') }) : undefined;
    },
    /** What both sides show, in the same words. */
    shown: () => ({
      public: people
        .issues()
        .map((issue) => [issue.summary, words(issue.descriptionText), issue.comments.map(({ text }) => words(text)).toSorted()])
        .toSorted(),
      private: there
        .ids()
        .map((one) => [
          there.summary(one),
          words(there.text(one)),
          there
            .comments(one)
            .map(({ text }) => words(text))
            .toSorted(),
        ])
        .toSorted(),
      files: people.issues().flatMap(({ attachments }) => attachments.map(({ name }) => name)),
    }),
  };
}

test.each(
  (['github', 'jira-dc', 'redmine'] as const).flatMap((tracker) =>
    ([false, true] as const).flatMap((isStateLost) =>
      ([false, true] as const).map((isBack) => [tracker, isStateLost, isBack] as const),
    ),
  ),
)(
  'what people write after any one answer was lost stands (%s, state lost: %s, taken back: %s)',
  async (tracker, isStateLost, isBack) => {
    for (let after = 0; ; after += 1) {
      const lost: Lost = { after: undefined };
      const { world, write, shown } = await editedWorld(tracker, lost);
      const before = JSON.stringify(shown());
      write(' now', true);
      world.clock.advance(20 * 60_000);
      lost.after = after;
      await world.cycle().catch((error: unknown) => expect(error).toBeInstanceOf(SallyportError));
      const isOver = lost.after >= 0;
      lost.after = undefined;
      write(isBack ? '' : ' then', !isBack);
      if (isStateLost) world.states.clear();
      const told = [...(await rounds(world, 4)), ...(await rounds(world, 1, { audit: 'full' }))];
      expect(
        told.filter((line) => /^(?:conflict|failed)/.test(line)),
        `after write ${after}`,
      ).toEqual([]);
      const wanted = isBack
        ? before
        : before.replaceAll(/Title|Alpha|Ours|Theirs|Other|Beta/g, '$& then').replace('"files":[]', '"files":["a.txt"]');
      expect(JSON.stringify(shown()), `after write ${after}`).toBe(wanted);
      if (isOver) break;
    }
  },
  120_000,
);

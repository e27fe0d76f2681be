import { expect, test } from 'vitest';
import { z } from 'zod';
import { emptyBase } from '../../src/core/twin.ts';
import { issueStamp, signStamp } from '../../src/core/stamp.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';
import { linesOf } from './rounds.ts';

const minuteMs = 60_000;
const dayMs = 24 * 3_600_000;

const list =
  '<!-- sallyport:files -->\n**Files**\n\n- [mine](https://example.org/x) <!-- sallyport-file -->\n<!-- /sallyport:files -->';
/** A stamp as another connection over the same pair would have put it there. */
const another = `<!-- sallyport:${signStamp(
  issueStamp({ ...emptyBase('public', { public: '10', private: '' }), counter: 1 }, undefined),
  { id: 'k1', secret: Buffer.alloc(32, 7) },
  'another0id',
)} -->`;

function create(world: World, text: string): number {
  return world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'From GitHub',
    labels: ['sync'],
    body: `Words.\n\n${text}`,
  }).number;
}

const documentSchema = z.object({ content: z.array(z.looseObject({})) });

/** Jira adds a paragraph at the end of its only issue. */
function addOnJira(world: World, text: string): void {
  const issue = world.jira.people.issues()[0];
  if (issue === undefined) throw new Error('no copy');
  const { content } = documentSchema.parse(issue.description);
  world.jira.people.editIssue(issue.key, {
    as: world.people.ben,
    description: documentOf(...content, paragraph(text)),
  });
}

test.each([
  ['a word where a stamp would have its token', '<!-- sallyport:note -->'],
  ['that, in the middle of a line', 'Text <!-- sallyport:note --> text.'],
  ['that, as inline code', '`<!-- sallyport:note -->`'],
  ['an invented stamp as inline code', 'Look for `<!-- sallyport:AAAA.BBBB -->` there.'],
  ['an invented stamp between longer back-ticks', 'Look for `` <!-- sallyport:AAAA.BBBB --> `` there.'],
  ['an invented stamp in fenced code', '```html\n<!-- sallyport:AAAA.BBBB -->\n```'],
  ["another connection's stamp in fenced code", `~~~\n${another}\n~~~`],
  ['a list of files in fenced code', `\`\`\`\n${list}\n\`\`\``],
  ['the sign of a line of such a list behind other text', 'a line <!-- sallyport-file -->'],
])('an issue of a person that says %s is copied, and keeps that', async (_name, text) => {
  const world = createWorld();
  await world.connect();
  const number = create(world, text);
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(linesOf(result)).toEqual(['public issue created']);
  expect(result).toMatchObject({ held: [], ignoredStamps: 0 });
  for (const loss of [false, true]) {
    if (loss) world.states.clear();
    world.clock.advance(20 * minuteMs);
    addOnJira(world, `Added ${loss}.`);
    await world.cycle();
  }
  const { body } = world.github.issue(world.repository, number) ?? {};
  expect(body).toContain(`Words.\n\n${text}\n\nAdded false.\n\nAdded true.`);
  world.clock.advance(20 * minuteMs);
  const last = await world.cycle({ audit: 'full' });
  expect(linesOf(last.result)).toEqual([]);
  expect(last.result.differences).toEqual([]);
  expect(world.jira.people.issues()).toHaveLength(1);
  expect(world.violations()).toEqual([]);
});

test.each([
  ['an invented stamp', '<!-- sallyport:AAAA.BBBB -->'],
  ['a stamp in code that was never closed', '```\n<!-- sallyport:AAAA.BBBB -->\ntext'],
  ['a list of files', list],
  ['a line of such a list', '- [mine](https://example.org/x) <!-- sallyport-file -->'],
])('an issue of a person that bears %s is held with what to do, and copied once that is gone', async (_name, text) => {
  const world = createWorld();
  await world.connect();
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const number = create(world, text);
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(linesOf(result)).toEqual([]);
  expect(result.held).toMatchObject([{ what: `issue #${number}`, reason: expect.stringContaining('so it is not copied') }]);
  // It is told again when the triggers are looked at anew, once a day, or by a run that knows nothing of it.
  for (const { waitMs, times } of [
    { waitMs: minuteMs, times: 0 },
    { waitMs: 20 * minuteMs, times: 0 },
    { waitMs: dayMs, times: 1 },
  ]) {
    world.clock.advance(waitMs);
    expect((await world.cycle()).result.held).toHaveLength(times);
  }
  expect(world.jira.people.issues()).toEqual([]);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'Words.' });
  world.clock.advance(minuteMs);
  const after = await world.cycle();
  expect(linesOf(after.result)).toEqual(['public issue created']);
  expect(after.result.held).toEqual([]);
});

test('a body that somebody pastes with its stamp, and a clone of a Jira issue, are held', async () => {
  const world = createWorld();
  const { key } = await copiedFromJira(world, paragraph('Text.'));
  world.clock.advance(minuteMs);
  const number = create(world, world.github.issues(world.repository)[0]?.body ?? '');
  const clone = world.jira.people.cloneIssue(key, world.people.ben);
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(result.held.map(({ what }) => what).toSorted()).toEqual([`issue #${number}`, `issue ${clone.key}`].toSorted());
});

test("what another connection's stamp stands on, and a notice, are passed over without a word", async () => {
  const world = createWorld();
  await world.connect();
  create(world, another);
  create(world, '<!-- sallyport-notice another0id 0123abcd -->');
  world.clock.advance(minuteMs);
  for (const loss of [false, true]) {
    if (loss) world.states.clear();
    const { result } = await world.cycle();
    expect(linesOf(result)).toEqual([]);
    expect(result.held).toEqual([]);
    world.clock.advance(dayMs);
  }
  expect(world.jira.people.issues()).toEqual([]);
});

test('what is held for a mark costs no request but the one that read it', async () => {
  const world = createWorld();
  await world.connect();
  const quiet = async () => {
    world.clock.advance(20 * minuteMs);
    const { requests } = await world.cycle();
    return requests;
  };
  await quiet();
  const before = await quiet();
  create(world, '<!-- sallyport:AAAA.BBBB -->');
  await quiet();
  expect(await quiet()).toEqual(before);
});

test.each([
  ['jira-dc', 'Words `<!-- sallyport:A.B -->` and <!-- sallyport:A.B --> and\n\n<!-- sallyport:files -->'],
  ['redmine', 'Words `<!-- sallyport:A.B -->` and <!-- sallyport:note -->\n\n<!-- sallyport:files --> text'],
] as const)('an issue of %s that says what looks like a mark is copied, and keeps that', async (tracker, text) => {
  const world = createWorld({ tracker });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'From there', text });
  world.clock.advance(minuteMs);
  expect(linesOf((await world.cycle()).result)).toEqual(['public issue created']);
  world.clock.advance(20 * minuteMs);
  addOnJira(world, 'Added.');
  await world.cycle();
  expect(world.there.text(id)).toContain(`${text}\n\nAdded.`);
});

test('a list of files that somebody pastes into a comment is text of that comment', async () => {
  const world = createWorld();
  await world.connect();
  const number = create(world, 'Text.');
  world.github.addComment({ repository: world.repository, number, as: 'eli', body: `First.\n\n${list}\n\nLast.` });
  world.clock.advance(minuteMs);
  await world.cycle();
  const comment = world.jira.people.issues()[0]?.comments[0];
  expect(comment?.text).toContain('mine');
  const { content } = documentSchema.parse(comment?.body);
  world.jira.people.editComment(world.jira.people.issues()[0]?.key ?? '', comment?.id ?? '', {
    as: world.people.ben,
    body: documentOf(...content, paragraph('Added.')),
  });
  world.clock.advance(dayMs);
  await world.cycle();
  const { body } = world.github.issue(world.repository, number)?.comments[0] ?? {};
  expect(body).toContain(`First.\n\n${list}\n\nLast.\n\nAdded.`);
});

test('what looks like a stamp in the text of a Jira issue is text of its copy', async () => {
  const world = createWorld();
  await world.connect();
  const text = 'Look for <!-- sallyport:AAAA.BBBB --> there.';
  const content = [paragraph(another), paragraph(text), { type: 'codeBlock', content: [{ type: 'text', text: another }] }];
  const description = { version: 1, type: 'doc', content };
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'J', labels: ['sync'], description });
  await world.cycle();
  for (const loss of [false, true]) {
    if (loss) world.states.clear();
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle({ audit: 'full' });
    expect(linesOf(result)).toEqual([]);
    expect(result).toMatchObject({ differences: [], ignoredStamps: 0 });
  }
  const copy = world.github.issues(world.repository)[0];
  world.github.editIssue({
    repository: world.repository,
    number: copy?.number ?? 0,
    as: 'dana',
    body: `First.\n\n${copy?.body ?? ''}`,
  });
  world.clock.advance(minuteMs);
  await world.cycle();
  expect(documentSchema.parse(world.jira.people.issues()[0]?.description).content).toEqual([paragraph('First.'), ...content]);
});

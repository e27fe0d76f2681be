import { expect, test } from 'vitest';
import type { LatePrivateSide } from './private-side.ts';
import type { World as InProcess } from './world.ts';

/** A world whose private side may be a real server. */
export type World = Omit<InProcess, 'there'> & { readonly there: LatePrivateSide };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A world of its own for each test, with whichever private side. */
export type OpenWorld = () => World | Promise<World>;

interface Twins {
  readonly world: World;
  readonly jiraKey: string;
  readonly jiraCopy: string;
  /** The issue that originates on the private side. */
  readonly origin: string;
  /** The private copy of the Jira issue. */
  readonly copy: string;
}

/** A connected world with one twin of each origin, quiet. */
async function twins(open: OpenWorld): Promise<Twins> {
  const world = await open();
  await world.connect();
  const issue = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'From Jira',
    type: 'Bug',
    labels: ['sync'],
    description: 'First line.\nSecond line.',
  });
  const origin = await world.there.create({ as: 'dana', summary: 'From there', text: 'One.\n\nTwo.\n' });
  await world.cycle();
  const jiraCopy = world.jira.people.issues().find((candidate) => candidate.summary === 'From there');
  let copy: string | undefined;
  for (const id of await world.there.ids()) if ((await world.there.summary(id)) === 'From Jira') copy = id;
  if (jiraCopy === undefined || copy === undefined) throw new Error('a copy is missing');
  world.clock.advance(minuteMs);
  return { world, jiraKey: issue.key, jiraCopy: jiraCopy.key, origin, copy };
}

const jiraComments = (world: World, key: string): string[] =>
  world.jira.people.issue(key)?.comments.map((comment) => comment.text) ?? [];

/** Nothing left to do: the next cycle plans nothing and writes nothing. */
async function expectQuiet(world: World): Promise<void> {
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(quiet.requests.public + quiet.requests.private).toBeLessThanOrEqual(4);
  expect(quiet.requests.control).toBeLessThanOrEqual(8);
  expect(world.violations()).toEqual([]);
}

/** The Basic rules over whole cycles: the same tests whichever tracker the private side has. */
export function basicRules(open: OpenWorld): void {
  test('an issue of each side gets its copy on the other, and the next cycle writes nothing', async () => {
    const { world, jiraCopy, copy } = await twins(open);
    expect(await world.there.text(copy)).toContain('Second line.');
    expect(world.jira.people.issue(jiraCopy)?.descriptionText).toContain('Two.');
    expect(await world.there.ids()).toHaveLength(2);
    expect(world.jira.people.issues()).toHaveLength(2);
    await expectQuiet(world);
  });

  test('an edited summary crosses both ways, of origin and copy alike', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    world.jira.people.editIssue(jiraKey, { as: world.people.ben, summary: 'Jira origin edited' });
    world.jira.people.editIssue(jiraCopy, { as: world.people.ben, summary: 'Jira copy edited' });
    await world.cycle();
    expect(await world.there.summary(copy)).toBe('Jira origin edited');
    expect(await world.there.summary(origin)).toBe('Jira copy edited');
    world.clock.advance(minuteMs);
    await world.there.edit(origin, { as: 'eli', summary: 'Private origin edited' });
    await world.there.edit(copy, { as: 'eli', summary: 'Private copy edited' });
    await world.cycle();
    expect(world.jira.people.issue(jiraCopy)?.summary).toBe('Private origin edited');
    expect(world.jira.people.issue(jiraKey)?.summary).toBe('Private copy edited');
    await expectQuiet(world);
  });

  test('an edited description crosses both ways', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    world.jira.people.editIssue(jiraKey, { as: world.people.ben, description: 'First line.\nChanged line.' });
    await world.there.edit(origin, { as: 'dana', text: 'One.\n\nTwo and a half.\n' });
    await world.cycle();
    expect(await world.there.text(copy)).toContain('Changed line.');
    expect(world.jira.people.issue(jiraCopy)?.descriptionText).toContain('Two and a half.');
    world.clock.advance(minuteMs);
    await world.there.edit(copy, { as: 'eli', text: (await world.there.text(copy)).replace('Changed line.', 'Edited there.') });
    world.jira.people.editIssue(jiraCopy, { as: world.people.ben, description: 'One.\nEdited in Jira.' });
    await world.cycle();
    expect(world.jira.people.issue(jiraKey)?.descriptionText).toContain('Edited there.');
    expect(await world.there.text(origin)).toContain('Edited in Jira.');
    await expectQuiet(world);
  });

  test('comments are added, edited and removed both ways, public and with their author', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    const mine = world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'A question.' });
    const theirs = await world.there.addComment(origin, { as: 'dana', text: 'An *answer*.' });
    await world.cycle();
    expect((await world.there.comments(copy))[0]?.text).toMatch(/^Ann Lee commented:\n\nA question\./);
    expect(jiraComments(world, jiraCopy)[0]).toMatch(/^(dana|Dana Cruz|Dana Scully) commented:/);
    world.clock.advance(minuteMs);
    world.jira.people.editComment(jiraKey, mine.id, { as: world.people.ann, body: 'A better question.' });
    await world.there.editComment(origin, { id: theirs, as: 'dana', text: 'A better answer.' });
    world.clock.advance(dayMs);
    await world.cycle();
    expect(await world.there.comments(copy)).toHaveLength(1);
    expect((await world.there.comments(copy))[0]?.text).toContain('A better question.');
    expect(jiraComments(world, jiraCopy)[0]).toContain('A better answer.');
    world.jira.people.deleteComment(jiraKey, mine.id);
    await world.there.removeComment(origin, theirs);
    world.clock.advance(dayMs);
    await world.cycle();
    expect(await world.there.comments(copy)).toHaveLength(1);
    world.clock.advance(11 * minuteMs);
    await world.cycle();
    expect(await world.there.comments(copy)).toEqual([]);
    expect(jiraComments(world, jiraCopy)).toEqual([]);
    await expectQuiet(world);
  });

  test('an edit of a copied comment comes back to its origin without the author line', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'From Jira.' });
    await world.there.addComment(origin, { as: 'dana', text: 'From there.' });
    await world.cycle();
    world.clock.advance(minuteMs);
    const copied = (await world.there.comments(copy))[0];
    const other = world.jira.people.issue(jiraCopy)?.comments[0];
    if (copied === undefined || other === undefined) throw new Error('a copy is missing');
    await world.there.editComment(copy, {
      id: copied.id,
      as: 'eli',
      text: copied.text.replace('From Jira.', 'Corrected there.'),
    });
    world.jira.people.editComment(jiraCopy, other.id, {
      as: world.people.ben,
      body: other.text.replace('From there.', 'Corrected in Jira.'),
    });
    world.clock.advance(dayMs);
    await world.cycle();
    expect(jiraComments(world, jiraKey)).toEqual(['Corrected there.']);
    expect((await world.there.comments(origin))[0]?.text).toMatch(/^Corrected in Jira\./);
    await expectQuiet(world);
  });

  test('a removed copy of a comment is neither created again nor the end of its origin', async () => {
    const { world, jiraKey, copy } = await twins(open);
    world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'Stays at home.' });
    await world.cycle();
    await world.there.removeComment(copy, (await world.there.comments(copy))[0]?.id ?? '');
    for (const pause of [dayMs, 11 * minuteMs, minuteMs, dayMs]) {
      world.clock.advance(pause);
      await world.cycle();
    }
    expect(await world.there.comments(copy)).toEqual([]);
    expect(jiraComments(world, jiraKey)).toEqual(['Stays at home.']);
    world.states.clear();
    await world.cycle();
    expect(await world.there.comments(copy)).toEqual([]);
  });

  test('a restricted comment crosses as a public one, and stays home under hold', async () => {
    const { world, jiraKey, copy } = await twins(open);
    world.jira.people.addComment(jiraKey, {
      as: world.people.ann,
      body: 'For administrators.',
      visibility: { type: 'role', value: 'Administrators' },
    });
    await world.cycle({ 'restricted-comments': 'hold' });
    expect(await world.there.comments(copy)).toEqual([]);
    await world.cycle();
    world.clock.advance(dayMs);
    await world.cycle();
    expect((await world.there.comments(copy))[0]?.text).toContain('For administrators.');
  });

  test('a comment that becomes restricted under hold is replaced by a notice', async () => {
    const { world, jiraKey, copy } = await twins(open);
    const comment = world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'Too much said.' });
    await world.cycle({ 'restricted-comments': 'hold' });
    expect((await world.there.comments(copy))[0]?.text).toContain('Too much said.');
    world.jira.people.editComment(jiraKey, comment.id, {
      as: world.people.ann,
      visibility: { type: 'role', value: 'Administrators' },
    });
    world.clock.advance(dayMs);
    await world.cycle({ 'restricted-comments': 'hold' });
    expect((await world.there.comments(copy))[0]?.text).not.toContain('Too much said.');
    expect((await world.there.comments(copy))[0]?.text).toContain('withheld');
  });

  test('types are mirrored by name and back', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    expect(await world.there.type(copy)).toBe('Bug');
    expect(world.jira.people.issue(jiraCopy)?.type).toBe('Task');
    world.jira.people.changeType(jiraKey, { as: world.people.ann, type: 'Story' });
    await world.there.setType(origin, 'Bug');
    await world.cycle();
    expect(await world.there.type(copy)).toBe('Story');
    expect(world.jira.people.issue(jiraCopy)?.type).toBe('Bug');
    await expectQuiet(world);
  });

  test('when both sides edit different paragraphs both edits stand', async () => {
    const { world, jiraKey, copy } = await twins(open);
    const edit = (first: string): void => {
      const description = `${first}\nSecond line.\nThird line.`;
      world.jira.people.editIssue(jiraKey, { as: world.people.ben, description });
    };
    edit('First line, by Ben.');
    await world.cycle();
    world.clock.advance(minuteMs);
    edit('First line, by Ben again.');
    await world.there.edit(copy, {
      as: 'eli',
      text: (await world.there.text(copy)).replace('Third line.', 'Third line, by Eli.'),
    });
    await world.cycle();
    for (const text of [await world.there.text(copy), world.jira.people.issue(jiraKey)?.descriptionText]) {
      expect(text).toContain('First line, by Ben again.');
      expect(text).toContain('Third line, by Eli.');
    }
    await expectQuiet(world);
  });

  test('when both sides edit the same summary the later one stands and the conflict is reported', async () => {
    const { world, jiraKey, copy } = await twins(open);
    world.jira.people.editIssue(jiraKey, { as: world.people.ben, summary: 'Ben says' });
    world.clock.advance(minuteMs);
    await world.there.edit(copy, { as: 'eli', summary: 'Eli says later' });
    world.clock.advance(minuteMs);
    const cycle = await world.cycle();
    expect(cycle.result.conflicts).toHaveLength(1);
    expect(await world.there.summary(copy)).toBe('Eli says later');
    expect(world.jira.people.issue(jiraKey)?.summary).toBe('Eli says later');
    await expectQuiet(world);
  });

  test('attachments are copied both ways and their removal is followed', async () => {
    const { world, jiraKey, jiraCopy, origin } = await twins(open);
    const log = world.jira.people.addAttachment(jiraKey, {
      name: 'server.log',
      bytes: Buffer.from('log text'),
      as: world.people.ann,
    });
    await world.there.attach(origin, { as: 'dana', name: 'plot.png', text: 'picture bytes' });
    const cycle = await world.cycle();
    expect(cycle.result.failures).toEqual([]);
    expect(await world.there.storedFiles()).toEqual(['log text']);
    const attached = world.jira.people.issue(jiraCopy)?.attachments ?? [];
    expect(attached.map((file) => Buffer.from(file.bytes).toString())).toEqual(['picture bytes']);
    expect(JSON.stringify(world.jira.people.issue(jiraCopy)?.description)).toContain(
      world.jira.people.mediaIdOf(attached[0]?.id ?? ''),
    );
    await expectQuiet(world);
    world.jira.people.deleteAttachment(log.id, world.people.ann);
    await world.there.detach(origin);
    for (const pause of [dayMs, 11 * minuteMs, minuteMs]) {
      world.clock.advance(pause);
      await world.cycle();
    }
    expect(await world.there.storedFiles()).toEqual([]);
    expect(world.jira.people.issue(jiraCopy)?.attachments).toEqual([]);
    await expectQuiet(world);
  });

  test('the removal of a whole issue removes nothing on the other side; the twin ends and is reported', async () => {
    const { world, jiraKey, jiraCopy, origin, copy } = await twins(open);
    world.jira.people.deleteIssue(jiraKey);
    await world.cycle();
    world.clock.advance(dayMs);
    await world.cycle();
    world.clock.advance(11 * minuteMs);
    const cycle = await world.cycle();
    expect(cycle.result.ended).toHaveLength(1);
    expect(await world.there.summary(copy)).toBe('From Jira');
    await world.there.remove(origin);
    world.clock.advance(dayMs);
    await world.cycle();
    world.clock.advance(11 * minuteMs);
    await world.cycle();
    expect(world.jira.people.issue(jiraCopy)?.summary).toBe('From there');
    await world.there.edit(copy, { as: 'eli', summary: 'Lives on alone' });
    world.states.clear();
    await world.cycle();
    await world.cycle();
    expect(world.jira.people.issues()).toHaveLength(1);
  });

  test('a lost state costs no twin and no second copy', async () => {
    const { world, jiraKey, copy } = await twins(open);
    world.states.clear();
    await world.cycle();
    expect(await world.there.ids()).toHaveLength(2);
    expect(world.jira.people.issues()).toHaveLength(2);
    world.clock.advance(minuteMs);
    world.jira.people.editIssue(jiraKey, { as: world.people.ben, description: 'First line.\nLater.' });
    await world.cycle();
    expect(await world.there.text(copy)).toContain('Later.');
    await expectQuiet(world);
  });
}

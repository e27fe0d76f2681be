import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { splitBody } from '../../src/sides/marked-body.ts';
import type { Rig, SyncReport } from '../e2e/rig.ts';
import { createRig, sealedCode, syncReport } from '../e2e/rig.ts';
import type { ReadIssue, RedminePeople } from './people.ts';
import { redminePeople } from './people.ts';
import type { RedmineServer } from './start-redmine.ts';
import { startRedmine } from './start-redmine.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let count = 0;

interface Connection {
  readonly rig: Rig;
  readonly people: RedminePeople;
  readonly inputs: RawInputs;
  /** One cycle of `dist/action.js` as a runner starts it. */
  sync(more?: RawInputs): Promise<SyncReport['cycles'][number]>;
  jira(summary: string): NonNullable<ReturnType<Rig['jira']['people']['issue']>>;
  redmine(summary: string): Promise<ReadIssue>;
}

async function connection(server: RedmineServer, textFormat: string): Promise<Connection> {
  const rig = await createRig();
  count += 1;
  const people = await redminePeople(server, `whole-${process.pid}-${count}`);
  // Whether issues have the field that the trigger asks for shows at an issue.
  await people.createIssue({ as: 'ada', summary: 'Not under sync', inScope: false });
  const { 'invitation-code': code, passphrase } = await rig.initiate();
  const inputs: RawInputs = {
    ...(code === undefined || passphrase === undefined ? {} : { 'invitation-code': code, passphrase }),
    tracker: 'redmine',
    'tracker-url': server.url,
    'tracker-token': people.syncKey,
    project: people.identifier,
    'text-format': textFormat,
    state: join(rig.directory, 'state'),
  };
  return {
    rig,
    people,
    inputs,
    sync: async (more = {}) => {
      const end = await rig.action({ operation: 'sync', ...inputs, ...more });
      if (end.exitCode !== 0) throw new Error(`exit code ${end.exitCode}: ${end.stdout}`);
      const [cycle] = syncReport(end.report).cycles;
      if (cycle === undefined) throw new Error('no cycle');
      return cycle;
    },
    jira: (summary) => {
      const found = rig.jira.people.issues().find((issue) => issue.summary === summary);
      if (found === undefined) throw new Error(`Jira has no issue "${summary}".`);
      return found;
    },
    redmine: async (summary) => {
      const found = (await people.issues()).find((issue) => issue.subject === summary);
      if (found === undefined) throw new Error(`Redmine has no issue "${summary}".`);
      return found;
    },
  };
}

const notes = (issue: ReadIssue): string[] =>
  issue.journals.flatMap((journal) => ((journal.notes ?? '') === '' ? [] : [splitBody(journal.notes ?? '').content]));

/** Nothing is left to do, and the next cycle finds that out with few requests. */
async function expectQuiet({ rig, sync }: Connection): Promise<void> {
  rig.clock.advance(20 * minuteMs);
  await sync();
  const quiet = await sync();
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(quiet.requests.public + quiet.requests.private).toBeLessThanOrEqual(4);
  expect(quiet.requests.control).toBeLessThanOrEqual(8);
}

describe.each([
  { textFormat: 'textile', hasMarkField: false, bold: '*bold*' },
  { textFormat: 'commonmark', hasMarkField: true, bold: '**bold**' },
] as const)('Jira Cloud and a real Redmine with $textFormat', ({ textFormat, hasMarkField, bold }) => {
  let server: RedmineServer;
  beforeAll(async () => {
    server = await startRedmine({ textFormat, hasMarkField });
  });
  afterAll(() => server.close());

  test('issues, summaries, descriptions and types cross both ways, and then all is quiet', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, sync } = all;
    const { jira } = rig;
    const { ann, ben } = rig.people;
    jira.people.createIssue({
      project: 'ACME',
      as: ann,
      summary: 'From Jira',
      type: 'Bug',
      labels: ['sync'],
      description: 'One.\nTwo.',
    });
    jira.people.createIssue({ project: 'ACME', as: ann, summary: 'An epic', type: 'Epic', labels: ['sync'] });
    const origin = await people.createIssue({
      as: 'ada',
      summary: 'From Redmine',
      type: 'Support',
      text: `Say ${bold}.\n\nMore.`,
    });
    await sync();
    const copy = await all.redmine('From Jira');
    expect(copy.tracker.name).toBe('Bug');
    expect(splitBody(copy.description ?? '').content).toMatch(/One\.[^]*Two\./);
    // Where an administrator made the field for stamps, a copy that knows of it shows them nowhere else from its first edit on.
    expect(copy.custom_fields.some(({ name }) => name === 'Sallyport')).toBe(hasMarkField);
    // Redmine has no tracker Epic; the first one of the project is its default.
    expect((await all.redmine('An epic')).tracker.name).toBe('Bug');
    const there = all.jira('From Redmine');
    // Jira has no type Support.
    expect(there.type).toBe('Task');
    expect(there.descriptionText).toMatch(/Say bold\.[^]*More\./);
    await expectQuiet(all);

    jira.people.editIssue(there.key, { as: ben, summary: 'From Redmine, edited in Jira', description: 'Edited in Jira.' });
    await people.editIssue(copy.id, { as: 'ben', subject: 'From Jira, edited in Redmine', description: `Edited ${bold}.` });
    await sync();
    expect(splitBody((await people.issue(origin)).description ?? '').content).toBe('Edited in Jira.');
    expect((await people.issue(origin)).subject).toBe('From Redmine, edited in Jira');
    expect(all.jira('From Jira, edited in Redmine').descriptionText).toContain('Edited bold.');
    // A type that was not mirrored does not come back.
    expect((await people.issue(origin)).tracker.name).toBe('Support');
    jira.people.changeType(there.key, { as: ben, type: 'Bug' });
    await sync();
    expect((await people.issue(origin)).tracker.name).toBe('Bug');
    await expectQuiet(all);
  });

  test('notes cross both ways, private ones as public, edited and removed', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, sync } = all;
    const { jira } = rig;
    const { ann } = rig.people;
    const issue = jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Talk', labels: ['sync'] });
    const question = jira.people.addComment(issue.key, { as: ann, body: 'A question.' });
    await sync();
    const copy = await all.redmine('Talk');
    const answer = await people.addNote(copy.id, { as: 'ada', text: `An answer, ${bold}.` });
    await people.addNote(copy.id, { as: 'ben', text: 'Between us.', isPrivate: true });
    jira.people.editComment(issue.key, question.id, { as: ann, body: 'A better question.' });
    await sync();
    expect(notes(await people.issue(copy.id))[0]).toMatch(/Ann Lee commented:[^]*A better question\./);
    const texts = (): string[] => jira.people.issue(issue.key)?.comments.map(({ text }) => text) ?? [];
    expect(texts()).toHaveLength(3);
    expect(texts()[1]).toMatch(/Ada Byron commented:[^]*An answer, bold\./);
    expect(texts()[2]).toContain('Between us.');
    await expectQuiet(all);

    // Redmine shows an edited or removed note in no list: the audit finds it.
    await people.editNote(answer, { as: 'ada', text: 'Another answer.' });
    jira.people.deleteComment(issue.key, question.id);
    rig.clock.advance(dayMs);
    await sync();
    expect(texts().some((text) => text.includes('Another answer.'))).toBe(true);
    await people.editNote(answer, { as: 'ada', text: '' });
    rig.clock.advance(dayMs);
    await sync();
    rig.clock.advance(11 * minuteMs);
    await sync();
    expect(texts()).toHaveLength(1);
    expect(notes(await people.issue(copy.id))).toEqual(['Between us.']);
    await expectQuiet(all);
  });

  test('files cross both ways byte for byte, and go with their origins', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, sync } = all;
    const { jira } = rig;
    const { ann } = rig.people;
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 251));
    const issue = jira.people.createIssue({ project: 'ACME', as: ann, summary: 'With files', labels: ['sync'] });
    const mine = jira.people.addAttachment(issue.key, { as: ann, name: 'data 1.bin', bytes });
    await sync();
    const copy = await all.redmine('With files');
    expect(copy.attachments.map(({ filename }) => filename)).toEqual(['data 1.bin']);
    expect(Buffer.from(await people.download(copy.attachments[0]?.id ?? '')).equals(bytes)).toBe(true);
    const theirs = await people.attach(copy.id, { as: 'ada', name: 'shot.png', bytes: bytes.subarray(0, 999) });
    await sync();
    const stored = jira.people.issue(issue.key)?.attachments.find(({ name }) => name === 'shot.png');
    expect(stored?.bytes).toHaveLength(999);
    jira.people.deleteAttachment(mine.id, ann);
    await people.detach(theirs);
    rig.clock.advance(dayMs);
    await sync();
    rig.clock.advance(11 * minuteMs);
    await sync();
    expect(jira.people.issue(issue.key)?.attachments).toEqual([]);
    expect((await people.issue(copy.id)).attachments).toEqual([]);
    await expectQuiet(all);
  });

  test('a removed copy stays away, a removed issue removes nothing, the later of two edits wins and is reported', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, sync } = all;
    const { jira } = rig;
    const { ann, ben } = rig.people;
    for (const summary of ['Copy goes', 'Origin goes', 'Both edit'])
      jira.people.createIssue({ project: 'ACME', as: ann, summary, labels: ['sync'], description: 'Text.' });
    await sync();
    await people.deleteIssue((await all.redmine('Copy goes')).id);
    jira.people.deleteIssue(all.jira('Origin goes').key);
    const both = await all.redmine('Both edit');
    jira.people.editIssue(all.jira('Both edit').key, { as: ben, summary: 'Edited in Jira' });
    rig.clock.advance(5_000);
    await people.editIssue(both.id, { as: 'ada', subject: 'Edited in Redmine' });
    await sync();
    rig.clock.advance(dayMs);
    await sync();
    rig.clock.advance(11 * minuteMs);
    await sync();
    const left = (await people.issues()).map(({ subject }) => subject);
    expect(left).toContain('Origin goes');
    expect(left).not.toContain('Copy goes');
    expect(jira.people.issues().map(({ summary }) => summary)).toContain('Copy goes');
    const [winner] = left.filter((subject) => subject.startsWith('Edited in'));
    expect(all.jira(winner ?? '').summary).toBe(winner);
    await expectQuiet(all);
  });

  test('a lost state is rebuilt from the stamps, and nothing is doubled', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, sync } = all;
    const { jira } = rig;
    const { ann } = rig.people;
    const issue = jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Kept', labels: ['sync'] });
    jira.people.addComment(issue.key, { as: ann, body: 'Said.' });
    await people.createIssue({ as: 'ada', summary: 'There', text: 'Text.' });
    await sync();
    const before = (await people.issues()).length;
    const lost = join(rig.directory, 'another-state');
    await people.editIssue((await all.redmine('Kept')).id, { as: 'ada', subject: 'Kept, edited' });
    await sync({ state: lost });
    expect((await people.issues()).length).toBe(before);
    expect(jira.people.issues()).toHaveLength(2);
    expect(jira.people.issue(issue.key)?.summary).toBe('Kept, edited');
    rig.clock.advance(20 * minuteMs);
    await sync({ state: lost });
    const quiet = await sync({ state: lost });
    expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  });

  test('issues are pushed, unlinked and connected, stamps are signed anew, and a clean-up leaves no trace of them', async () => {
    const all = await connection(server, textFormat);
    const { rig, people, inputs, sync } = all;
    const { jira } = rig;
    const { ann, ben } = rig.people;
    const { key } = jira.people.createIssue({
      project: 'ACME',
      as: ann,
      summary: 'Pushed',
      comments: [{ as: ben, body: 'Said in Jira.' }],
    });
    const origin = await people.createIssue({ as: 'ada', summary: 'There', text: 'Text.' });
    await sync({ operation: 'push', issues: key });
    const copy = await all.redmine('Pushed');
    // The runner's edit of a person's issue leaves a stamp in it.
    jira.people.editIssue(all.jira('There').key, { as: ben, description: 'Edited in Jira.' });
    rig.clock.advance(20 * minuteMs);
    await sync();
    await sync({ operation: 'unlink', issues: `#${copy.id}` });
    jira.people.addComment(key, { as: ben, body: 'While unlinked.' });
    await sync();
    expect(notes(await people.issue(copy.id))).toHaveLength(1);
    await sync({ operation: 'connect', issues: `${key} ${inputs['tracker-url']}/issues/${copy.id}` });
    expect(notes(await people.issue(copy.id))).toHaveLength(2);
    await expectQuiet(all);

    const words = async (operation: string, more: RawInputs): Promise<void> => {
      const end = await rig.action({ operation, ...inputs, ...more });
      expect(end, end.stdout).toMatchObject({ exitCode: 0 });
      const code = sealedCode.exec(end.summary)?.[0];
      if (code !== undefined) Object.assign(inputs, { 'invitation-code': code });
    };
    await words('reissue', {});
    await words('reissue', { finish: 'true' });
    rig.clock.advance(20 * minuteMs);
    expect((await sync({ state: join(rig.directory, 'another-state') })).result).toMatchObject({ twins: 2, changes: [] });
    await words('clean-up', { confirm: 'true', state: join(rig.directory, 'another-state') });
    for (const issue of await people.issues()) {
      const { description, custom_fields: fields, journals } = await people.issue(issue.id);
      expect(
        JSON.stringify([description, fields.map(({ value }) => value), journals.map((journal) => journal.notes)]),
      ).not.toMatch(/sallyport[.:-]|[\w-]{60,}\.[\w-]{22}/i);
    }
    expect((await people.issue(origin)).description).toContain('Edited in Jira.');
    expect(notes(await people.issue(copy.id))).toHaveLength(2);
    expect(JSON.stringify([jira.people.issues(), jira.people.userProperties(rig.people.sync)])).not.toContain('sallyport.');
  });
});

import type { RawInputs } from '../../src/config/inputs.ts';
import { connectHere, performHere } from './in-process.ts';
import type { Rig } from './rig.ts';

const minuteMs = 60_000;
/** Edits closer together than two seconds are a tie. */
const apartMs = 5_000;

/** One twin as it has to stand on both sides, in words alone: how they are formatted is the business of other tests. */
export interface ExpectedTwin {
  readonly title: string;
  readonly type: string;
  readonly text: string;
  readonly comments: readonly string[];
  /** Contents of the files, whatever their names. */
  readonly files: readonly string[];
}

/** Both sides changed another paragraph, GitHub first. */
export const mergedText = 'First by Jira. Middle. Last by GitHub.';
export const laterText = 'First by Jira. Middle. Last.';

/** What has to stand on both sides in the end: every value that a person wrote and no later edit replaced. */
export const expectedTwins: readonly ExpectedTwin[] = [
  {
    title: 'Old from Jira, renamed',
    type: 'Bug',
    text: 'Kept. Changed now.',
    comments: ['First remark, edited.', 'A new remark by Ben.', 'Eli answers on the copy.'],
    files: ['a file that stays'],
  },
  {
    title: 'Old from GitHub',
    type: 'Bug',
    text: 'Left as it is. Changed by Eli.',
    comments: ['Old remark of Eli, edited.', 'A new remark of Dana.', 'Ben answers on the copy.'],
    files: ['a file on the copy'],
  },
  {
    title: 'Both rename it: GitHub is later',
    type: 'Task',
    text: 'Described anew.',
    comments: ['Both edit me: GitHub is later.'],
    files: [],
  },
  { title: 'Both describe it', type: 'Task', text: 'Jira is later.', comments: [], files: [] },
  { title: 'Both add to it', type: 'Task', text: mergedText, comments: [], files: [] },
  {
    title: 'New bug',
    type: 'Bug',
    text: 'Broken.',
    comments: ['One.', 'Two.'],
    files: ['a trace', 'a second trace'],
  },
  { title: 'New epic', type: 'Epic', text: '', comments: [], files: [] },
  { title: 'New on GitHub', type: 'Bug', text: 'See: Thanks.', comments: ['First!', 'Second.'], files: ['a picture'] },
  { title: 'Another on GitHub', type: 'Task', text: 'outline text', comments: [], files: [] },
];

/** Old twins, in step but for removals that were seen once and are due: the run that comes carries them out. */
export async function seedOldTwins(rig: Rig, state: string): Promise<RawInputs> {
  const { jira, github, people, repository, clock } = rig;
  const connection = await connectHere(rig, state);
  const story = jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: 'Old from Jira',
    type: 'Story',
    labels: ['sync'],
    description: 'Kept.\nChanged later.',
    comments: [
      { as: people.ann, body: 'First remark.' },
      { as: people.ben, body: 'To be removed.' },
    ],
  });
  jira.people.addAttachment(story.key, { name: 'stays.txt', bytes: Buffer.from('a file that stays'), as: people.ann });
  const gone = jira.people.addAttachment(story.key, { name: 'goes.txt', bytes: Buffer.from('a file that goes'), as: people.ann });
  const old = github.createIssue({
    repository,
    as: 'dana',
    title: 'Old from GitHub',
    labels: ['sync', 'type: Bug'],
    body: 'Left as it is.\n\nChanged later.',
  });
  github.addComment({ repository, number: old.number, as: 'eli', body: 'Old remark of Eli.' });
  const shortLived = github.addComment({ repository, number: old.number, as: 'dana', body: 'To go.' });
  const renamed = jira.people.createIssue({
    project: 'ACME',
    as: people.ben,
    summary: 'Both rename it',
    type: 'Task',
    labels: ['sync'],
    description: 'Described.',
    comments: [{ as: people.ben, body: 'Both edit me.' }],
  });
  const [, doomed] = story.comments;
  if (doomed === undefined || renamed.comments.length !== 1) throw new Error('comments are missing');
  for (const [title, body] of [
    ['Both describe it', 'Text.'],
    ['Both add to it', 'First.\n\nMiddle.\n\nLast.'],
  ] as const)
    github.createIssue({ repository, as: 'eli', title, labels: ['sync', 'type: Task'], body });
  const sync = async (): Promise<void> => {
    const outcome = await performHere(rig, { operation: 'sync', ...connection });
    if (outcome.kind !== 'synced') throw new Error('the seed was not synced');
  };
  await sync();
  clock.advance(20 * minuteMs);
  await sync();
  jira.people.deleteComment(story.key, doomed.id);
  jira.people.deleteAttachment(gone.id, people.ann);
  github.deleteComment({ repository, id: shortLived.id });
  // A tracker's listing may not show what was deleted: a label that means nothing here makes it look.
  jira.people.addLabel(story.key, 'looked-at', people.ben);
  github.setLabels({ repository, number: old.number, as: 'dana', labels: ['sync', 'type: Bug', 'looked-at'] });
  clock.advance(minuteMs);
  await sync();
  clock.advance(11 * minuteMs);
  return connection;
}

function issueOf(rig: Rig, title: string) {
  const issue = rig.jira.people.issues().find((candidate) => candidate.summary === title);
  const copy = rig.github.issues(rig.repository).find((candidate) => candidate.title === title);
  if (issue === undefined || copy === undefined) throw new Error(`"${title}" is not on both sides`);
  return { issue, key: issue.key, copy, number: copy.number };
}

function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('nothing is there');
  return first;
}

/** All five fields, both directions, attachments, and conflicts. */
export function editRichly(rig: Rig): void {
  editOldTwins(rig);
  collide(rig);
  createNew(rig);
}

function editOldTwins(rig: Rig): void {
  const { jira, github, people, repository } = rig;
  const story = issueOf(rig, 'Old from Jira');
  jira.people.editIssue(story.key, { as: people.ben, description: 'Kept.\nChanged now.' });
  jira.people.editIssue(story.key, { as: people.ben, summary: 'Old from Jira, renamed' });
  jira.people.changeType(story.key, { as: people.ben, type: 'Bug' });
  jira.people.editComment(story.key, firstOf(story.issue.comments).id, { as: people.ann, body: 'First remark, edited.' });
  jira.people.addComment(story.key, { as: people.ben, body: 'A new remark by Ben.' });
  github.addComment({ repository, number: story.number, as: 'eli', body: 'Eli answers on the copy.' });
  const old = issueOf(rig, 'Old from GitHub');
  const body = (old.copy.body ?? '').replace('Changed later.', 'Changed by Eli.');
  github.editIssue({ repository, number: old.number, as: 'eli', body });
  github.editComment({ repository, id: firstOf(old.copy.comments).id, as: 'eli', body: 'Old remark of Eli, edited.' });
  github.addComment({ repository, number: old.number, as: 'dana', body: 'A new remark of Dana.' });
  rig.clock.advance(apartMs);
  jira.people.addComment(old.key, { as: people.ben, body: 'Ben answers on the copy.' });
  jira.people.addAttachment(old.key, { name: 'copy.txt', bytes: Buffer.from('a file on the copy'), as: people.ben });
}

function collide(rig: Rig): void {
  const { jira, github, people, repository, clock } = rig;
  const renamed = issueOf(rig, 'Both rename it');
  jira.people.editIssue(renamed.key, { as: people.ann, summary: 'Both rename it: Jira is earlier' });
  jira.people.editIssue(renamed.key, { as: people.ann, description: 'Described anew.' });
  jira.people.editComment(renamed.key, firstOf(renamed.issue.comments).id, { as: people.ben, body: 'Both edit me: too early.' });
  const described = issueOf(rig, 'Both describe it');
  const added = issueOf(rig, 'Both add to it');
  const addedBody = (added.copy.body ?? '').replace('Last.', 'Last by GitHub.');
  github.editIssue({ repository, number: described.number, as: 'dana', body: 'GitHub is earlier.' });
  github.editIssue({ repository, number: added.number, as: 'dana', body: addedBody });
  clock.advance(apartMs);
  github.editIssue({ repository, number: renamed.number, as: 'eli', title: 'Both rename it: GitHub is later' });
  const comment = firstOf(renamed.copy.comments);
  const commentBody = comment.body.replace('Both edit me.', 'Both edit me: GitHub is later.');
  github.editComment({ repository, id: comment.id, as: 'eli', body: commentBody });
  jira.people.editIssue(described.key, { as: people.ben, description: 'Jira is later.' });
  jira.people.editIssue(added.key, { as: people.ben, description: 'First by Jira.\nMiddle.\nLast.' });
}

function createNew(rig: Rig): void {
  const { jira, github, people, repository } = rig;
  const bug = jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: 'New bug',
    type: 'Bug',
    labels: ['sync'],
    description: 'Broken.',
    comments: [
      { as: people.ben, body: 'One.' },
      { as: people.ann, body: 'Two.' },
    ],
  });
  for (const content of ['a trace', 'a second trace'])
    jira.people.addAttachment(bug.key, { name: 'trace.txt', bytes: Buffer.from(content), as: people.ann });
  jira.people.createIssue({ project: 'ACME', as: people.ann, summary: 'New epic', type: 'Epic', labels: ['sync'] });
  const image = github.uploadAsset({ as: 'dana', name: 'shot.png', bytes: Buffer.from('a picture'), kind: 'image', repository });
  const fresh = github.createIssue({
    repository,
    as: 'dana',
    title: 'New on GitHub',
    labels: ['sync', 'type: Bug'],
    body: `See:\n\n![](${image})\n\nThanks.`,
  });
  for (const body of ['First!', 'Second.']) github.addComment({ repository, number: fresh.number, as: 'eli', body });
  const tasks = '- [x] outline\n- [ ] text\n';
  github.createIssue({ repository, as: 'dana', title: 'Another on GitHub', labels: ['sync', 'type: Task'], body: tasks });
}

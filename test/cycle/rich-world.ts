import { expect } from 'vitest';
import type { World, WorldOptions } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Both sides with everything that crosses: formatting, comments, files, types, and edits of existing twins. `hard` adds
 * removals, a change of type, and edits of both sides that meet.
 */
export async function richWorld({ hard = false, ...options }: WorldOptions & { hard?: boolean } = {}): Promise<World> {
  const world = createWorld(options);
  const { jira, github, people, repository } = world;
  await world.connect();
  const old = jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: 'Old twin',
    type: 'Story',
    labels: ['sync'],
    description: 'Kept.\nChanged later.',
  });
  const oldComment = jira.people.addComment(old.key, { as: people.ann, body: 'Old comment.' });
  const other = github.createIssue({ repository, as: 'dana', title: 'Old other', labels: ['sync'], body: 'Left as it is.' });
  const change = hard ? hardChanges(world, old.key) : () => undefined;
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  change();
  jira.people.editIssue(old.key, { as: people.ben, summary: 'Old twin, renamed', description: 'Kept.\nChanged now.' });
  jira.people.editComment(old.key, oldComment.id, { as: people.ann, body: 'Old comment, edited.' });
  jira.people.addComment(old.key, { as: people.ben, body: 'New comment.' });
  github.editIssue({ repository, number: other.number, as: 'eli', body: 'Changed on GitHub.' });
  github.addComment({ repository, number: other.number, as: 'eli', body: 'A remark.' });
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
  jira.people.addAttachment(bug.key, { name: 'trace.txt', bytes: Buffer.from('a trace'), as: people.ann });
  jira.people.createIssue({ project: 'ACME', as: people.ann, summary: 'Second new', type: 'Epic', labels: ['sync'] });
  const image = github.uploadAsset({ as: 'dana', name: 'shot.png', bytes: Buffer.from('a picture'), kind: 'image', repository });
  const fresh = github.createIssue({
    repository,
    as: 'dana',
    title: 'New on GitHub',
    labels: ['sync', 'type: Bug'],
    body: `See:\n\n![shot](${image})\n\nThanks.`,
  });
  github.addComment({ repository, number: fresh.number, as: 'eli', body: 'First!' });
  github.createIssue({ repository, as: 'dana', title: 'Another on GitHub', labels: ['sync'], body: '- [ ] a\n- [x] b\n' });
  return world;
}

/** Prepares what is to be changed once there are twins, and returns the changes. */
function hardChanges(world: World, key: string): () => void {
  const { jira, github, people, repository } = world;
  const gone = jira.people.addComment(key, { as: people.ann, body: 'To be removed.' });
  const file = jira.people.addAttachment(key, { name: 'old.txt', bytes: Buffer.from('old'), as: people.ann });
  const { number } = github.createIssue({
    repository,
    as: 'dana',
    title: 'Old of both',
    labels: ['sync', 'type: Bug'],
    body: 'First.\n\nSecond.',
  });
  return () => {
    const copy = jira.people.issues().find((issue) => issue.summary === 'Old of both');
    if (copy === undefined) throw new Error('a copy is missing');
    github.editIssue({ repository, number, as: 'dana', title: 'Old of GitHub', body: 'First of GitHub.\n\nSecond.' });
    world.clock.advance(minuteMs);
    jira.people.editIssue(copy.key, { as: people.ben, summary: 'Old of Jira', description: 'First of Jira.\nSecond.' });
    jira.people.deleteComment(key, gone.id);
    jira.people.deleteAttachment(file.id, people.ann);
    jira.people.changeType(key, { as: people.ben, type: 'Bug' });
  };
}

/** What people see, without ids and times: equal in two worlds that came to the same end. */
export function picture(world: World): unknown {
  const strip = (body: string): string =>
    body
      .replaceAll(/<!-- sallyport[\s\S]*?-->/g, '')
      .replaceAll(/\/sallyport\/[^)\s]+/g, '<file>')
      .trim();
  const jira = world.jira.people.issues().map((issue) => ({
    summary: issue.summary,
    type: issue.type,
    text: issue.descriptionText,
    comments: issue.comments.map((comment) => comment.text),
    files: issue.attachments.map((file) => [file.name, Buffer.from(file.bytes).toString()]),
  }));
  const github = world.github.issues(world.repository).map((issue) => ({
    title: issue.title,
    body: strip(issue.body ?? ''),
    labels: [...issue.labels].toSorted(),
    comments: issue.comments.map((comment) => strip(comment.body)),
  }));
  const branch = world.github.branches(world.repository).find((name) => name.startsWith('sallyport/'));
  const files =
    branch === undefined
      ? []
      : [...(world.github.files(world.repository, branch) ?? [])].map(([path, bytes]) => [
          path.split('/').at(-1),
          Buffer.from(bytes).toString(),
        ]);
  const byName = (a: { summary?: string; title?: string }, b: { summary?: string; title?: string }): number =>
    (a.summary ?? a.title ?? '') < (b.summary ?? b.title ?? '') ? -1 : 1;
  return { jira: jira.toSorted(byName), github: github.toSorted(byName), files: files.toSorted() };
}

/** Runs on until nothing is left: past the dead run's lease, the time in which a create may come to light, and an audit. */
export async function recover(world: World): Promise<void> {
  for (const pause of [4 * minuteMs, 16 * minuteMs, dayMs, 20 * minuteMs]) {
    world.clock.advance(pause);
    await world.cycle();
  }
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.failures).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
}

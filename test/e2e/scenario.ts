import { expect } from 'vitest';
import type { Rig, SyncReport } from './rig.ts';

/** One issue on each side, without comments and files. */
export function peopleWriteLittle(rig: Rig): void {
  const { jira, github, people, repository } = rig;
  jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: 'From Jira',
    type: 'Bug',
    labels: ['sync'],
    description: 'Some text.',
  });
  github.createIssue({ repository, as: 'dana', title: 'From GitHub', labels: ['sync'], body: 'Some **text**.' });
}

/** People write on both sides: formatting, comments, files, types. Titles bear the label, so that batches can be told apart. */
export function peopleWrite(rig: Rig, label = ''): void {
  const { jira, github, people, repository } = rig;
  const bug = jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: `${label}Login fails`,
    type: 'Bug',
    labels: ['sync'],
    description: 'It says "wrong password".\nSince yesterday.',
    comments: [
      { as: people.ben, body: `${label}I see it, too.` },
      { as: people.ann, body: `${label}A file is attached.` },
    ],
  });
  jira.people.addAttachment(bug.key, { name: 'server.log', bytes: Buffer.from(`${label}a log`), as: people.ann });
  jira.people.createIssue({
    project: 'ACME',
    as: people.ben,
    summary: `${label}Export of invoices`,
    type: 'Story',
    labels: ['sync'],
  });
  const image = github.uploadAsset({
    as: 'dana',
    name: 'shot.png',
    bytes: Buffer.from(`${label}a picture`),
    kind: 'image',
    repository,
  });
  const cache = github.createIssue({
    repository,
    as: 'dana',
    title: `${label}Cache never expires`,
    labels: ['sync', 'type: Bug'],
    body: `See:\n\n![shot](${image})\n\nThanks.`,
  });
  github.addComment({ repository, number: cache.number, as: 'eli', body: `${label}The **timer** is never set.` });
  github.createIssue({
    repository,
    as: 'eli',
    title: `${label}Write a guide`,
    labels: ['sync'],
    body: '- [x] outline\n- [ ] text\n',
  });
}

interface Seen {
  readonly title: string;
  readonly comments: number;
  readonly files: number;
}

function byTitle(seen: readonly Seen[]): readonly Seen[] {
  return seen.toSorted((one, other) => (one.title < other.title ? -1 : 1));
}

/** What is seen on both sides, files of GitHub by their addresses in texts. */
export function sides(rig: Rig): { readonly jira: readonly Seen[]; readonly github: readonly Seen[] } {
  const jira = rig.jira.people
    .issues()
    .map((issue) => ({ title: issue.summary, comments: issue.comments.length, files: issue.attachments.length }));
  const github = rig.github.issues(rig.repository).map((issue) => {
    const texts = [issue.body ?? '', ...issue.comments.map((comment) => comment.body)]
      .join('\n')
      .replaceAll(/<!--[\s\S]*?-->/g, '');
    const files = new Set(
      [...texts.matchAll(/\]\(([^)\s]+\/(?:assets|blob|raw|files|user-attachments)\/[^)\s]+)\)/g)].map((match) => match[1]),
    );
    return { title: issue.title, comments: issue.comments.length, files: files.size };
  });
  return { jira: byTitle(jira), github: byTitle(github) };
}

/** Both sides hold the same issues, each once, with as many comments and files. */
export function expectInStep(rig: Rig): void {
  const { jira, github } = sides(rig);
  expect(github).toEqual(jira);
  expect(new Set(jira.map((issue) => issue.title)).size).toBe(jira.length);
}

/** Everything that a tracker holds, for telling that nothing was written. */
export function everything(rig: Rig): unknown {
  const { jira, github, repository } = rig;
  const branches = github.branches(repository).map((branch) => [branch, github.commits(repository, branch)[0]?.sha]);
  return structuredClone([
    jira.people.issues(),
    jira.people.userProperties(rig.people.sync),
    github.issues(repository),
    github.labels(repository),
    branches,
  ]);
}

/** A cycle that finds nothing new writes nothing. */
export function expectNoWrite({ requests, cycles }: SyncReport): void {
  expect(cycles.flatMap((cycle) => [...cycle.result.changes, ...cycle.result.failures])).toEqual([]);
  expect(requests.writes).toEqual({ public: 0, private: 0 });
}

/** A cycle with nothing to do (I4): no write, and a constant number of requests. */
export function expectQuiet(report: SyncReport): void {
  expectNoWrite(report);
  const { requests } = report;
  expect(requests.public + requests.private - requests.audit).toBeLessThanOrEqual(4);
  expect(requests.control).toBeLessThanOrEqual(8);
}

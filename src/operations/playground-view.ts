import type { PlaygroundWorld } from './demo-world.ts';
import type { SideName } from '../core/model.ts';
import type { StampKey } from '../core/stamp.ts';
import { verifyStamp } from '../core/stamp.ts';
import { splitBody, splitText } from '../sides/marked-body.ts';
import type { IssueView } from '../simulators/github/people.ts';
import type { IssueData } from '../simulators/jira-cloud/people.ts';

/** An issue of either tracker as its people see it, the runner's marks left out. */
export interface PlayIssue {
  readonly side: SideName;
  /** By which the other side's stamps name it. */
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly type: string;
  readonly text: string;
  readonly author: string;
  readonly comments: readonly { readonly id: string; readonly author: string; readonly text: string; readonly isOwn: boolean }[];
  readonly files: readonly string[];
}

/** One row of the page: two twins, or an issue that waits for its copy. */
export interface PlayPair {
  readonly public: PlayIssue | undefined;
  readonly private: PlayIssue | undefined;
  /** Further issues with the same origin, which there must never be. */
  readonly doubles: readonly PlayIssue[];
}

interface Marked {
  readonly issue: PlayIssue;
  /** Ids of the twin, as the stamp on it says. */
  readonly ids: { readonly public: string; readonly private: string } | undefined;
}

export interface ViewKey {
  readonly key: StampKey;
  readonly connectionId: string;
}

/** Both trackers side by side, in the order in which their people wrote. */
export function pairsOf(world: PlaygroundWorld, view: ViewKey): readonly PlayPair[] {
  const jira = world.jira.people
    .issues()
    .map((issue): Marked => ({ issue: ofJira(world, issue), ids: idsOf(tokensIn(issue.properties), view) }));
  const github = world.github
    .issues(world.repository)
    .map((issue): Marked => ({ issue: ofGitHub(issue), ids: idsOf(splitBody(issue.body ?? '').marks, view) }));
  const left = new Set(github);
  const isTwin = (one: Marked, other: Marked): boolean =>
    (one.ids?.private === other.issue.id && one.ids.public === one.issue.id) ||
    (other.ids?.public === one.issue.id && other.ids.private === other.issue.id) ||
    // A copy made by a run that died names its origin only: its own id was not known before it was there.
    (other.ids !== undefined && other.ids.public === one.issue.id) ||
    (one.ids !== undefined && one.ids.private === other.issue.id);
  const rows = jira.map((one): PlayPair => {
    const [first, ...others] = [...left].filter((other) => isTwin(one, other));
    for (const other of [first, ...others]) if (other !== undefined) left.delete(other);
    return { public: one.issue, private: first?.issue, doubles: others.map(({ issue }) => issue) };
  });
  return [...rows, ...[...left].map((other): PlayPair => ({ public: undefined, private: other.issue, doubles: [] }))];
}

function idsOf(tokens: readonly string[], view: ViewKey): Marked['ids'] {
  for (const token of tokens) {
    const verified = verifyStamp(token, [view.key], view.connectionId);
    if (verified.kind === 'valid' && verified.stamp.kind === 'issue') return verified.stamp.base.ids;
  }
  return undefined;
}

function tokensIn(properties: Readonly<Record<string, unknown>>): readonly string[] {
  return [...JSON.stringify(properties).matchAll(/"([\w-]{20,}\.[\w-]{10,})"/g)].map((match) => match[1] ?? '');
}

function ofJira(world: PlaygroundWorld, issue: IssueData): PlayIssue {
  const names: Readonly<Record<string, string>> = { [world.people.ann]: 'Ann Lee', [world.people.ben]: 'Ben Okafor' };
  return {
    side: 'public',
    id: issue.id,
    key: issue.key,
    title: issue.summary,
    type: issue.type,
    text: issue.descriptionText,
    author: names[issue.creator] ?? 'Sallyport',
    comments: issue.comments.map(({ id, author, text }) => ({
      id,
      author: names[author] ?? 'Sallyport',
      text,
      isOwn: names[author] !== undefined,
    })),
    files: issue.attachments.map(({ name }) => name),
  };
}

const typeLabel = /^type: /;

function ofGitHub(issue: IssueView): PlayIssue {
  const parts = splitBody(issue.body ?? '');
  return {
    side: 'private',
    id: String(issue.number),
    key: `#${issue.number}`,
    title: issue.title,
    type: issue.type ?? issue.labels.find((label) => typeLabel.test(label))?.replace(typeLabel, '') ?? '',
    text: parts.content,
    author: issue.author,
    comments: issue.comments.map((comment) => ({
      id: String(comment.id),
      author: comment.author,
      text: splitText(comment.body).content,
      isOwn: comment.author !== 'sallyport-sync',
    })),
    files: parts.fileLines.map((line) => /\[([^\]]*)\]/.exec(line)?.[1] ?? ''),
  };
}

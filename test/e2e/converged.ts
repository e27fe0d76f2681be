import { expect } from 'vitest';
import type { IssueView } from '../../src/simulators/github/people.ts';
import type { ExpectedTwin } from './kill-sweep-scenario.ts';
import { secrets } from './rig.ts';
import type { Rig } from './rig.ts';

/**
 * The end of a run, judged from what the two trackers hold and by nothing of the product: every issue is there once on both
 * sides with the words and files that people left.
 */
export async function expectConverged(rig: Rig, expected: readonly ExpectedTwin[], when: string): Promise<void> {
  const wanted = byTitle(expected.map((twin) => ({ ...twin, text: words(twin.text), comments: twin.comments.map(words) })));
  expect(byTitle(jiraTwins(rig)), `Jira ${when}`).toEqual(wanted);
  expect(
    byTitle(await Promise.all(rig.github.issues(rig.repository).map((issue) => gitHubTwin(rig, issue)))),
    `GitHub ${when}`,
  ).toEqual(wanted);
}

/** Nothing is there that a run makes for its own use, or that nothing refers to any more. */
export function expectNothingLeft(rig: Rig, when: string): void {
  expect(leftOver(rig), `leftovers ${when}`).toEqual([]);
}

function byTitle(twins: readonly ExpectedTwin[]): readonly ExpectedTwin[] {
  return twins
    .map((twin) => ({ ...twin, files: twin.files.toSorted(), comments: twin.comments.toSorted() }))
    .toSorted((one, other) => (one.title < other.title ? -1 : 1));
}

/** A text's words alone, without the line that names a copy's author. */
function words(text: string): string {
  const plain = text
    .replaceAll(/<!--[\s\S]*?-->/g, ' ')
    .replace(/^[^\n]* commented:$/m, ' ')
    .replaceAll(/!?\[[^\]]*\](?:\([^)]*\))?/g, ' ');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

function jiraTwins(rig: Rig): readonly ExpectedTwin[] {
  return rig.jira.people.issues().map((issue) => ({
    title: issue.summary,
    type: issue.type,
    text: words(issue.descriptionText),
    comments: issue.comments.map((comment) => words(comment.text)),
    files: issue.attachments.map((file) => Buffer.from(file.bytes).toString()),
  }));
}

const listOfFiles = /<!-- sallyport:files -->[\s\S]*<!-- \/sallyport:files -->/;

async function gitHubTwin(rig: Rig, issue: IssueView): Promise<ExpectedTwin> {
  const body = issue.body ?? '';
  const texts = [body, ...issue.comments.map((comment) => comment.body)].join('\n');
  const files = await Promise.all(addressesIn(texts).map((address) => fileAt(rig, address)));
  return {
    title: issue.title,
    type: issue.labels.flatMap((label) => /^type: (.*)$/.exec(label)?.[1] ?? []).join(', '),
    text: words(body.replace(listOfFiles, '')),
    comments: issue.comments.map((comment) => words(comment.body)),
    files,
  };
}

function addressesIn(texts: string): readonly string[] {
  return [...new Set([...texts.matchAll(/\]\((https?:[^)\s]+)\)/g)].map((match) => match[1] ?? ''))];
}

/** A file as a person of the repository gets it. */
async function fileAt(rig: Rig, address: string): Promise<string> {
  const path = /\/raw\/refs\/heads\/(sallyport\/[\w-]+)\/(.*)$/.exec(address);
  if (path !== null) {
    const bytes = rig.github.files(rig.repository, path[1] ?? '')?.get(decodeURIComponent(path[2] ?? ''));
    return bytes === undefined ? `nothing at ${address}` : Buffer.from(bytes).toString();
  }
  const headers = { authorization: `Bearer ${secrets.githubToken}` };
  const answer = await rig.github.fetch(new Request(address, { headers, redirect: 'manual' }));
  const location = answer.headers.get('location');
  return location === null ? answer.text() : fileAt(rig, location);
}

function leftOver(rig: Rig): readonly string[] {
  const properties = Object.keys(rig.jira.people.userProperties(rig.people.sync)).filter((key) =>
    /\.(?:intent|lease)\b/.test(key),
  );
  const texts = rig.github
    .issues(rig.repository)
    .flatMap((issue) => [issue.body ?? '', ...issue.comments.map((comment) => comment.body)])
    .join('\n');
  const named = new Set(addressesIn(texts).map((address) => decodeURIComponent(address)));
  const orphans = rig.github
    .branches(rig.repository)
    .filter((branch) => branch.startsWith('sallyport/'))
    .flatMap((branch) => [...(rig.github.files(rig.repository, branch) ?? new Map<string, Uint8Array>()).keys()])
    .filter((path) => path !== 'README.md' && ![...named].some((address) => address.endsWith(`/${path}`)));
  return [...properties, ...orphans];
}

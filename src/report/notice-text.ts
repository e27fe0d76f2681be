import { expiryText } from './expiry-text.ts';
import { problemNext, problemText } from './advice.ts';
import { markdownText } from './escape-markdown.ts';
import { plainLine } from './plain-line.ts';

/** What the notice in the runner's repository tells of. */
export interface Situation {
  readonly name: string;
  readonly problems: readonly {
    readonly public?: string | undefined;
    readonly private?: string | undefined;
    readonly name: string;
    readonly field?: string | undefined;
    readonly stands?: 'public' | 'private' | undefined;
  }[];
  /** The side that paused the connection. */
  readonly paused: 'public' | 'private' | undefined;
  readonly expiring: readonly { readonly side: 'public' | 'private'; readonly at: number }[];
}

export function isCalm(situation: Situation): boolean {
  return situation.problems.length === 0 && situation.paused === undefined && situation.expiring.length === 0;
}

export function noticeTitle({ name }: Pick<Situation, 'name'>): string {
  return `Sallyport: the connection ${plainLine(name)} needs somebody's attention`;
}

/**
 * The body of the notice, without its marker: keys and names of errors and fields alone, because the repository may be public. Keys stand
 * as code, for a reference would show up in the issue that it names. No times: the same situation has the same text.
 */
export function noticeBody(situation: Situation): string {
  if (isCalm(situation)) return `${nothingLeft(situation.name)}\n\n${footer}`;
  const { paused, problems } = situation;
  return [
    `The connection **${markdownText(situation.name)}** needs somebody's attention.`,
    ...(paused === undefined
      ? []
      : [`It is **paused** by its ${paused} side. Changes wait; run \`activate\` with \`side: ${paused}\` to go on.`]),
    ...situation.expiring.map(({ side, at }) => expiryText(side, at)),
    ...(problems.length === 0 ? [] : [problemTable(problems)]),
    footer,
  ].join('\n\n');
}

/** What the notice of a connection that was removed says for good, without a marker. */
export function nothingLeft(name: string): string {
  return `There is nothing left to do for the connection **${markdownText(name)}**.`;
}

/** The same of one that was revoked, whose notice is brought to this and then left to people. */
export function revokedBody(name: string): string {
  return [
    `The connection **${markdownText(name)}** was **revoked** by its public side. Nothing is synced any more; the issues of both sides stay.`,
    'Take its code out of the secrets and stop its schedule; a new connection takes a new invitation. Close this issue when that is done: Sallyport does not open it again.',
  ].join('\n\n');
}

const footer = [
  '`operation: status` tells more, `operation: doctor` checks the set-up; the summary of the newest run has the messages.',
  'This issue is written and closed by Sallyport and is never synced. Closing it yourself silences it until something else comes up.',
].join('\n');

function problemTable(problems: Situation['problems']): string {
  const code = (key: string | undefined): string => (key === undefined ? '–' : `\`${key.replaceAll(/[`|\s]/g, '')}\``);
  return [
    '| Public | Private | Error | What next |',
    '| --- | --- | --- | --- |',
    ...problems.map(
      (problem) =>
        `| ${code(problem.public)} | ${code(problem.private)} | ${markdownText(problemText(problem))} | ${markdownText(problemNext(problem.name), 300)} |`,
    ),
  ].join('\n');
}

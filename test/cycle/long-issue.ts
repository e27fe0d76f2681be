import { expect } from 'vitest';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** Paragraphs that can be told apart, about 64 characters each with the empty line after it. */
export const paragraphs = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Paragraph ${index} ends. ${'word '.repeat(9)}done`);

const timesIn = (text: string, wanted: string): number => text.split(wanted).length - 1;

/** Those that a text holds not exactly once. */
export function astray(text: string, wanted: readonly string[]): string[] {
  return wanted.map((one) => one.split('. ')[0] ?? one).filter((one) => timesIn(text, one) !== 1);
}

export interface Long {
  readonly world: World;
  readonly number: number;
  readonly key: string;
}

/** An issue of GitHub with its copy in Jira. */
export async function longIssue(body: string): Promise<Long> {
  const world = createWorld();
  await world.connect();
  const { number } = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Long',
    labels: ['sync'],
    body,
  });
  await world.cycle();
  const copy = world.jira.people.issues()[0];
  if (copy === undefined) throw new Error('a copy is missing');
  world.clock.advance(minuteMs);
  return { world, number, key: copy.key };
}

export interface AdfBlock {
  type: string;
  attrs?: Record<string, unknown>;
  text?: string;
  content?: AdfBlock[];
}

interface Adf {
  content: AdfBlock[];
}

/** A person's edit of the description in Jira: paragraphs come as an array that may be changed in place. */
export function editJira({ world, key }: Long, change: (blocks: AdfBlock[]) => void): void {
  const document = structuredClone(world.jira.people.issue(key)?.description) as unknown as Adf;
  change(document.content);
  world.jira.people.editIssue(key, { as: world.people.ben, description: document });
}

export function editJiraComment({ world, key }: Long, change: (blocks: AdfBlock[]) => void): void {
  const comment = world.jira.people.issue(key)!.comments[0]!;
  const document = structuredClone(comment.body) as unknown as Adf;
  change(document.content);
  world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: document });
}

export const bodyOf = ({ world, number }: Long): string => world.github.issue(world.repository, number)?.body ?? '';
export const commentOf = ({ world, number }: Long): string =>
  world.github.issue(world.repository, number)?.comments[0]?.body ?? '';
export const copyOf = ({ world, key }: Long): string => world.jira.people.issue(key)?.descriptionText ?? '';

export async function expectQuiet({ world }: Long): Promise<void> {
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.failures).toEqual([]);
  expect(quiet.result.conflicts).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

/** A comment of GitHub with its cut copy in Jira. */
export async function longComment(count: number): Promise<Long & { id: number }> {
  const long = await longIssue('Short.');
  const { world, number } = long;
  const comment = world.github.addComment({
    repository: world.repository,
    number,
    as: 'dana',
    body: paragraphs(count).join('\n\n'),
  });
  await world.cycle();
  expect(world.jira.people.issue(long.key)?.comments[0]?.text).toContain('This text was cut by Sallyport.');
  world.clock.advance(minuteMs);
  return { ...long, id: comment.id };
}

/** Jira shows edits of comments by the issue's own audit alone. */
export async function cycleOfNextDay({ world }: Long) {
  world.clock.advance(dayMs);
  return world.cycle();
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const documentSchema = z.object({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(z.looseObject({ type: z.string() })),
});

/** Every README.md below node_modules: text by strangers. Longer ones than a description holds are cut, which has its own tests. */
function readmes(): { path: string; text: string }[] {
  const root = join(import.meta.dirname, '../../node_modules');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)readme\.md$/i.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => text.length > 0 && text.length < 20_000);
}

test("strangers' README files cross to Jira, are edited there and come back with nothing else changed", async () => {
  const files = readmes();
  expect(files.length).toBeGreaterThan(100);
  const world = createWorld();
  await world.connect();
  const numbers = new Map<string, number>();
  for (const { path, text } of files) {
    numbers.set(
      path,
      world.github.createIssue({
        repository: world.repository,
        as: 'dana',
        title: path.slice(0, 200),
        labels: ['sync'],
        body: text,
      }).number,
    );
  }
  const whole = { 'max-changes': '100000', 'time-budget': '7d' };
  const first = await world.cycle(whole);
  // Pictures that nobody serves any more stay links, and are reported once.
  expect(first.result.failures.filter((failure) => !failure.parked || !failure.what.startsWith('attachment'))).toEqual([]);
  world.clock.advance(minuteMs);
  const quiet = await world.cycle(whole);
  expect(quiet.result.changes).toEqual([]);
  const issues = new Map(world.jira.people.issues().map((issue) => [issue.summary, issue]));
  for (const { path } of files) {
    const issue = issues.get(path.slice(0, 200));
    const document = documentSchema.parse(issue?.description);
    if (issue === undefined) throw new Error(`${path} has no copy`);
    const edited = {
      ...document,
      content: [...document.content, { type: 'paragraph', content: [{ type: 'text', text: 'Edited in Jira.' }] }],
    };
    world.jira.people.editIssue(issue.key, { as: world.people.ben, description: edited });
  }
  const back = await world.cycle(whole);
  expect(back.result.failures).toEqual([]);
  const damaged: string[] = [];
  for (const { path, text } of files) {
    const body = world.github.issue(world.repository, numbers.get(path) ?? 0)?.body ?? '';
    // Everything that stood there before stands there still, byte for byte; the new paragraph follows.
    if (!body.startsWith(text.trimEnd()) || !body.includes('Edited in Jira.')) damaged.push(path);
  }
  expect(damaged).toEqual([]);
  world.clock.advance(minuteMs);
  expect((await world.cycle(whole)).result.changes).toEqual([]);
  expect(world.violations()).toEqual([]);
}, 300_000);

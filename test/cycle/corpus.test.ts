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

/** GitHub takes no longer body. */
const bodyLengthMax = 65_536;

/**
 * Their first block is one element of HTML that is two blocks on Jira: what a person writes between the two is written into
 * that element, which is written anew as Markdown.
 */
const dividedBehindTheFirst = ['get-tsconfig/README.md', 'zod/README.md'];

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Every README.md below node_modules: text by strangers. The longest are cut on Jira, which a file of the whole text shows. */
function readmes(): { path: string; text: string }[] {
  const root = join(import.meta.dirname, '../../node_modules');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)readme\.md$/i.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => text.length > 0 && text.length <= bodyLengthMax - 1_000);
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
  const isCut = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    const issue = issues.get(path.slice(0, 200));
    const document = documentSchema.parse(issue?.description);
    if (issue === undefined) throw new Error(`${path} has no copy`);
    if (issue.attachments.some(({ name }) => name === 'whole-description.md')) isCut.add(path);
    // In turn at the end and behind the first block.
    const at = index % 2 === 0 && !dividedBehindTheFirst.some((name) => path.endsWith(name)) ? 1 : document.content.length;
    const paragraph = { type: 'paragraph', content: [{ type: 'text', text: 'Edited in Jira.' }] };
    const edited = { ...document, content: document.content.toSpliced(at, 0, paragraph) };
    world.jira.people.editIssue(issue.key, { as: world.people.ben, description: edited });
  }
  const back = await world.cycle(whole);
  expect(back.result.failures).toEqual([]);
  const damaged: string[] = [];
  for (const [index, { path, text }] of files.entries()) {
    const body = world.github.issue(world.repository, numbers.get(path) ?? 0)?.body ?? '';
    // Everything that stood there before stands there still; the new paragraph stands between it, or follows.
    const [before = '', after = '', ...more] = body.split(/\n*Edited in Jira\.\n*/);
    const isKept = oneLine(`${before} ${after.split('<!-- sallyport')[0] ?? ''}`) === oneLine(text);
    // At the end of a whole text, byte for byte.
    const isWhole = index % 2 === 0 || isCut.has(path) || body.startsWith(text.trimEnd());
    if (more.length > 0 || !body.includes('Edited in Jira.') || !isKept || !isWhole) damaged.push(path);
  }
  expect(damaged).toEqual([]);
  expect(isCut.size).toBeGreaterThan(5);
  world.clock.advance(minuteMs);
  expect((await world.cycle(whole)).result.changes).toEqual([]);
  expect(world.violations()).toEqual([]);
}, 300_000);

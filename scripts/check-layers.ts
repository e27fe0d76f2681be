import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLayers, checkTable, layers } from './layers.ts';
import type { SourceFile } from './layers.ts';

/** All TypeScript files below this directory, with paths relative to it. */
export async function sourceFiles(directory: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(directory, { recursive: true });
  const paths = entries.filter((path) => /\.[cm]?[jt]sx?$/.test(path)).sort();
  return Promise.all(
    paths.map(async (path) => ({ path: path.replaceAll('\\', '/'), text: await readFile(join(directory, path), 'utf8') })),
  );
}

if (import.meta.main) {
  const files = await sourceFiles(process.argv[2] ?? join(import.meta.dirname, '..', 'src'));
  const violations = checkLayers(files);
  // The table is held against the project's own tree only: another one need not have every file of a rule.
  const voidRules = process.argv[2] === undefined ? checkTable(layers, files) : [];
  for (const { path, line, message } of violations) console.error(`src/${path}:${line}: ${message}`);
  for (const message of voidRules) console.error(message);
  const problems = violations.length + voidRules.length;
  console.log(`${files.length} files, ${problems} violations of the layer table`);
  // A check that looked at nothing proves nothing.
  process.exitCode = problems === 0 && files.length > 0 ? 0 : 1;
}

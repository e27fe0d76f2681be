import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLayers } from './layers.ts';
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
  const files = await sourceFiles(join(import.meta.dirname, '..', 'src'));
  const violations = checkLayers(files);
  for (const { path, message } of violations) console.error(`src/${path}: ${message}`);
  console.log(`${files.length} files, ${violations.length} violations of the layer table`);
  // A check that looked at nothing proves nothing.
  process.exitCode = violations.length === 0 && files.length > 0 ? 0 : 1;
}

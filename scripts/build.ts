import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const files = await bundle(root);
// Chunks are named after their content, so what an earlier build left would stay for ever.
await rm(join(root, 'dist'), { recursive: true, force: true });
for (const { path, contents } of files) {
  const target = join(root, 'dist', path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, contents);
}
const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0);
console.log(`dist: ${files.length} files, ${Math.round(bytes / 1024)} KiB`);

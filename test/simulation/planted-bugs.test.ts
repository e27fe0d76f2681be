import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { plantedBugs } from './planted-bugs.ts';

const root = resolve(import.meta.dirname, '../..');

test.each(plantedBugs.map((bug) => [bug.name, bug] as const))('the text that is replaced stands there once: %s', (_name, bug) => {
  for (const { file, find, replace } of bug.edits) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text.split(find).length - 1, `${file}: ${find}`).toBe(1);
    expect(replace).not.toBe(find);
  }
});

test('each planted bug has a name of its own, and an invariant that it breaks', () => {
  expect(new Set(plantedBugs.map((bug) => bug.name)).size).toBe(plantedBugs.length);
  for (const bug of plantedBugs) expect(bug.breaks.length, bug.name).toBeGreaterThan(0);
});

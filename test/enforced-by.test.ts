import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Paths of tests and sources in back-ticks, and the quoted title after a test's path where there is one. */
function namedIn(text: string): readonly { readonly path: string; readonly title: string | undefined }[] {
  return [...text.matchAll(/`((?:test|src|scripts|bench|\.github|\.ci)\/[^`\s]*)`(?: \("([^"]+)"\))?/g)].map((match) => ({
    path: match[1]!,
    title: match[2],
  }));
}

/** What is wrong with the references of a document: a path that is not there, a title that its file does not hold. */
function problemsOf(text: string): readonly string[] {
  return namedIn(text).flatMap(({ path, title }) => {
    const file = join(root, path);
    if (!existsSync(file)) return [`${path} does not exist`];
    if (title === undefined || readFileSync(file, 'utf8').includes(title)) return [];
    return [`${path} has no test "${title}"`];
  });
}

describe.each(['docs/rules.md', 'docs/threat-model.md'])('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names tests and sources that exist, with titles that they hold', () => {
    expect(namedIn(text).length).toBeGreaterThan(20);
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('docs/rules.md', () => {
  it('says of every section, and of every invariant, what enforces it', () => {
    const text = readFileSync(join(root, 'docs/rules.md'), 'utf8');
    const sections = text.split(/^## /m).slice(1);
    const parts = [
      ...sections.slice(0, -1),
      ...(sections
        .at(-1)
        ?.split(/^(?=\*\*I\d+ )/m)
        .slice(1) ?? []),
    ];
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((part) => !/^Enforced by: `/m.test(part)).map((part) => part.slice(0, 40))).toEqual([]);
  });
});

describe('docs/threat-model.md', () => {
  it('names for every threat a test that answers it', () => {
    const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
    const rows = text.split('\n').filter((line) => /^\| (?!Threat|---)/.test(line) && line.split(' | ').length === 3);
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !/`(?:test\/\S+\.test\.ts|npm run [\w:]+)`/.test(row)).map((row) => row.slice(0, 60))).toEqual(
      [],
    );
  });
});

describe('the check of what documents name', () => {
  it('finds a path that is not there and a title that nobody wrote', () => {
    const missing = ['no such', 'behaviour'].join(' ');
    expect(problemsOf(`\`test/none.test.ts\`, \`test/layers.test.ts\` ("${missing}")`)).toEqual([
      'test/none.test.ts does not exist',
      `test/layers.test.ts has no test "${missing}"`,
    ]);
  });

  it('takes what is there', () => {
    expect(problemsOf('`test/layers.test.ts` ("passes on a clean tree")')).toEqual([]);
  });
});

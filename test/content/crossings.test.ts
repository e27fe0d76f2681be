import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import type { AdfDocument } from '../../src/content/adf-document.ts';
import { canonicalText, fingerprint } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { normaliseAdf } from '../../src/simulators/jira-cloud/adf-normalise.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext, toPrivate, toPublic } from './contexts.ts';
import { corpora, type Text } from './corpora.ts';
import { randomFrom } from './schema-documents.ts';
import { adfBlocks, changed, isOne, markdownBlocks, withWord, type Change } from './word-edit.ts';

/** Which word of each text is edited. Always the same ones: strangers' texts change with every package, and a commit answers for its own. */
const seed = Number(process.env['SCHEMA_SEED'] ?? 20_261_128);

const read = (source: string): Neutral => decodeMarkdown(source, markdownContext);
const onJira = (root: Neutral): Neutral => decodeAdf(encodeAdf(root, adfContext), adfContext);

/** A text of GitHub, the document that Jira gets, and what that reads as at home. */
interface Crossed {
  readonly source: string;
  readonly root: Neutral;
  readonly there: Neutral;
  readonly document: AdfDocument;
  readonly back: Neutral;
}

function crossed({ source }: Text): Crossed {
  const root = read(source);
  const there = toPublic(root);
  const document = encodeAdf(there, adfContext);
  return { source, root, there, document, back: toPrivate(decodeAdf(document, adfContext)) };
}

/** What a text is found to lose on its way; undefined where all holds. */
function lost({ source, root, there, document, back }: Crossed): string | undefined {
  const text = canonicalText(root);
  const problem = schemaProblem(document);
  if (problem !== undefined) return `invalid ADF: ${problem}`;
  let id = 0;
  const stored = normaliseAdf(document, () => `id-${(id += 1)}`);
  if (fingerprint(decodeAdf(stored, adfContext)) !== fingerprint(there)) return 'its fingerprint changes when Jira stores it';
  if (canonicalText(back) !== text) return 'GitHub → ADF reads differently';
  const again = read(encodeMarkdown(back, markdownContext));
  if (canonicalText(again) !== text) return 'GitHub → ADF → GitHub reads differently';
  if (canonicalText(onJira(toPublic(again))) !== canonicalText(there)) return 'ADF → GitHub → ADF reads differently';
  if (patchMarkdown(source, back, markdownContext) !== source) return 'it changed at home although nobody edited it';
  return undefined;
}

/** Words of HTML that are parted by tags, or stand in it more than once: the outermost element is written anew (docs/content.md). */
function isElement([gone]: Change): boolean {
  return /^<[a-z]/i.test(gone[0] ?? '') && /^(?:<[\s\S]*>|)$/.test((gone.at(-1) ?? '').trim());
}

type Found = { readonly fault: string } | 'one block' | 'one element of HTML';

/** What changed on either side with one word on the other. */
function afterOneWord({ source, document, back }: Crossed, random: () => number): Found {
  const edited = withWord(back, random);
  if (edited === undefined) return 'one block';
  const onJiraNow = patchAdf(document, toPublic(edited), adfContext);
  const there = changed(adfBlocks({ ...document }), adfBlocks({ ...onJiraNow }));
  if (!isOne(there)) return { fault: `more changed on Jira: ${JSON.stringify(there)}` };
  const patched = patchMarkdown(source, edited, markdownContext);
  const reread = read(patched);
  if (canonicalText(reread) !== canonicalText(edited)) return { fault: `it reads differently: ${patched}` };
  const again = patchAdf(onJiraNow, toPublic(reread), adfContext);
  if (again.content.some((node, index) => node !== onJiraNow.content[index])) return { fault: 'Jira’s changed again' };
  const here = changed(markdownBlocks(source), markdownBlocks(patched));
  if (isOne(here)) return 'one block';
  return isElement(here) ? 'one element of HTML' : { fault: `more changed on GitHub: ${JSON.stringify(here)}` };
}

describe.each(Object.entries(corpora))('%s', (name, texts) => {
  it(
    `crosses both ways and back with the same meaning, and changes in one block with one word (${texts.length} texts, seed ${seed})`,
    { timeout: 480_000 },
    () => {
      const random = randomFrom(seed);
      const faults: string[] = [];
      const edits: Found[] = [];
      let equal = 0;
      for (const text of texts) {
        const own = crossed(text);
        const found = lost(own);
        if (found === undefined) equal += 1;
        else faults.push(`${text.name}: ${found}`);
        const edit = afterOneWord(own, random);
        edits.push(edit);
        if (typeof edit === 'object') faults.push(`${text.name}, seed ${seed}: ${edit.fault}`);
      }
      const share = ((100 * equal) / texts.length).toFixed(1);
      const elements = edits.filter((edit) => edit === 'one element of HTML').length;
      process.stdout.write(
        `${name}: equal after GitHub → ADF → GitHub and ADF → GitHub → ADF: ${share} % of ${texts.length}; one word changed one element of HTML in ${elements}, one block in the others.\n`,
      );
      expect(texts.length).toBeGreaterThan(0);
      expect(faults).toEqual([]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { contentOf, isAdfNode, marksOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText, fingerprint } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { parseAdfShape } from '../../src/simulators/jira-cloud/adf.ts';
import { findAdfFault } from '../../src/simulators/jira-cloud/adf-check.ts';
import { normaliseAdf } from '../../src/simulators/jira-cloud/adf-normalise.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext, toPrivate, toPublic } from './contexts.ts';
import { randomFrom, SchemaDocuments, schemaTypes } from './schema-documents.ts';

const count = Number(process.env['SCHEMA_DOCUMENTS'] ?? (process.env['CI'] === undefined ? 1000 : 20_000));
const seed = Number(process.env['SCHEMA_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

const onGitHub = (root: Neutral): Neutral => decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext);
const onJira = (root: Neutral): Neutral => decodeAdf(encodeAdf(root, adfContext), adfContext);

/** What the simulator of Jira says against a document; undefined where it takes it. */
function refusal(document: unknown): string | undefined {
  const shape = parseAdfShape(document);
  return shape === undefined ? 'no document' : findAdfFault(shape);
}

/** What a property says against a document; undefined where all hold. */
function fault(document: AdfNode): string | undefined {
  const drawn = schemaProblem(document);
  if (drawn !== undefined) return `the generator drew an invalid document: ${drawn}`;
  const refused = refusal(document);
  if (refused !== undefined) return `the simulator refuses it: ${refused}`;
  const root = decodeAdf(document, adfContext);
  const text = canonicalText(root);
  const encoded = encodeAdf(root, adfContext);
  const problem = schemaProblem(encoded);
  if (problem !== undefined) return `invalid ADF was written: ${problem}`;
  const refusedWritten = refusal(encoded);
  if (refusedWritten !== undefined) return `the simulator refuses what was written: ${refusedWritten}`;
  if (canonicalText(decodeAdf(encoded, adfContext)) !== text) return 'it reads differently after ADF';
  let id = 0;
  const stored = normaliseAdf(encoded, () => `id-${(id += 1)}`);
  if (fingerprint(decodeAdf(stored, adfContext)) !== fingerprint(root)) return 'its fingerprint changes when Jira stores it';
  const own = toPrivate(root);
  const there = onGitHub(own);
  if (canonicalText(there) !== canonicalText(own)) return 'it reads differently after Markdown';
  if (canonicalText(onJira(toPublic(there))) !== text) return 'it reads differently after ADF, Markdown and ADF';
  if (canonicalText(onGitHub(toPrivate(onJira(toPublic(there))))) !== canonicalText(own))
    return 'it reads differently after Markdown, ADF and Markdown';
  if (JSON.stringify(patchAdf(document, toPublic(there), adfContext)) !== JSON.stringify(document))
    return 'it changed at home although nobody edited it';
  return undefined;
}

function typesOf(document: AdfNode): Set<string> {
  const types = new Set<string>();
  const waiting: AdfNode[] = [document];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    types.add(node.type);
    for (const mark of marksOf(node)) types.add(mark.type);
    waiting.push(...contentOf(node));
  }
  return types;
}

describe(`documents drawn from Atlassian's schema (seed ${seed})`, () => {
  it(`cross both ways and back with the same meaning, valid, ${count} of ${count}`, { timeout: 600_000 }, () => {
    const covered = new Set<string>();
    const faults: string[] = [];
    const documents = new SchemaDocuments(randomFrom(seed));
    for (let index = 0; index < count && faults.length < 5; index += 1) {
      const document: unknown = documents.document();
      if (!isAdfNode(document)) throw new Error('The generator drew no document.');
      for (const type of typesOf(document)) covered.add(type);
      const found = fault(document);
      if (found !== undefined) faults.push(`${found} (seed ${seed}, document ${index}): ${JSON.stringify(document)}`);
    }
    expect(faults).toEqual([]);
    // Rare types need many documents.
    if (count >= 10_000) expect([...schemaTypes].filter((type) => !covered.has(type))).toEqual([]);
    process.stdout.write(
      `Seed ${seed}: ${count} documents of ${[...schemaTypes].filter((type) => covered.has(type)).length} of the schema's ${schemaTypes.size} types; equal after both round trips: 100 %.\n`,
    );
  });
});

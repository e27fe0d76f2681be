import { readFileSync } from 'node:fs';
import { AjvDraft04 } from './ajv.ts';

const schema: unknown = JSON.parse(readFileSync(new URL('../contract/adf-full.schema.json', import.meta.url), 'utf8'));
const validate = new AjvDraft04({ strict: false, allErrors: false }).compile(schema as object);

/** What Atlassian's published schema says against a document; undefined for a valid one. */
export function schemaProblem(document: unknown): string | undefined {
  return validate(document) ? undefined : JSON.stringify(validate.errors?.slice(0, 3));
}

import { readFileSync } from 'node:fs';
import { AjvDraft04 } from './ajv.ts';

/** `dist/json-schema/v1/full.json` of `@atlaskit/adf-schema` 57.7.22 as Atlassian publishes it, under the Apache License 2.0. */
const schema: unknown = JSON.parse(readFileSync(new URL('../contract/adf-full.schema.json', import.meta.url), 'utf8'));
const validate = new AjvDraft04({ strict: false, allErrors: false }).compile(schema as object);

/** What Atlassian's published schema says against a document; undefined for a valid one. */
export function schemaProblem(document: unknown): string | undefined {
  return validate(document) ? undefined : JSON.stringify(validate.errors?.slice(0, 3));
}

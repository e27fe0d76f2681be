import { mediaIdsOf, parseAdfShape, textOf } from './adf.ts';
import type { AdfDocument } from './adf.ts';
import { findAdfFault } from './adf-check.ts';
import { normaliseAdf } from './adf-normalise.ts';
import type { World } from './data.ts';
import { findAttachment } from './item-changes.ts';
import { JiraProblem, invalidField } from './problem.ts';

/** Characters of a summary. */
const summaryLengthMax = 255;
/** Characters of the text of a description or a comment. */
const bodyLengthMax = 32_767;
/** Characters of the JSON of a property, and of its key. */
const propertyLengthMax = 32_768;
const propertyKeyLengthMax = 255;

/** @throws JiraProblem 400 as Jira words it. Jira trims summaries. */
export function checkSummary(summary: unknown): string {
  if (typeof summary !== 'string') throw invalidField('summary', 'Operation value must be a string');
  const trimmed = summary.trim();
  if (trimmed === '') throw invalidField('summary', 'You must specify a summary of the issue.');
  if (/[\r\n]/.test(trimmed)) throw invalidField('summary', 'The summary is invalid because it contains newline characters.');
  if (trimmed.length > summaryLengthMax) throw invalidField('summary', 'Summary must be less than 255 characters.');
  return trimmed;
}

export interface BodyContext {
  /** `description` or `comment`, for the error's sake. */
  readonly field: string;
  /** Media ids that were there before; they may stay even if their file is gone. */
  readonly knownMedia: readonly string[];
}

/**
 * The document as Jira stores it.
 *
 * @throws JiraProblem 400: no document, `INVALID_INPUT` for one of a wrong structure, too long, or media that is no attachment
 */
export function checkBody(world: World, value: unknown, context: BodyContext): AdfDocument {
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject) {
    throw invalidField(context.field, 'Operation value must be an Atlassian Document (see the Atlassian Document Format)');
  }
  const shape = parseAdfShape(value);
  const fault = shape === undefined ? 'not the shape of a document' : findAdfFault(shape);
  // The place of the fault goes into a header of our own: Jira tells no more than INVALID_INPUT, which helps nobody to debug.
  if (shape === undefined || fault !== undefined) {
    throw new JiraProblem(400, 'INVALID_INPUT', { headers: { 'X-Simulator-Reason': encodeURI(fault ?? '') } });
  }
  if (textOf(shape).length > bodyLengthMax) {
    throw invalidField(context.field, 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.');
  }
  const unknown = mediaIdsOf(shape).filter((mediaId) => !context.knownMedia.includes(mediaId));
  if (unknown.some((mediaId) => findAttachment(world, (attachment) => attachment.mediaId === mediaId) === undefined)) {
    throw new JiraProblem(400, 'ATTACHMENT_VALIDATION_ERROR');
  }
  return normaliseAdf(shape, () => world.uuid());
}

/** @throws JiraProblem 400 */
export function checkProperty(key: string, value: unknown): void {
  if (key === '' || key.length > propertyKeyLengthMax)
    throw new JiraProblem(400, 'The property key must be 1 to 255 characters long.');
  if (value === undefined) throw new JiraProblem(400, 'The property value is missing.');
  if (JSON.stringify(value).length > propertyLengthMax) {
    throw new JiraProblem(
      400,
      `The value of the property '${key}' is too long. It exceeds the allowed limit of 32,768 characters.`,
    );
  }
}

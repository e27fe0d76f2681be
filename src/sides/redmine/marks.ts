import { joinBody } from '../marked-body.ts';
import type { RedmineParts } from './parts.ts';

/** The name of the custom field in which stamps stand, where an administrator made one. */
export const markFieldName = 'Sallyport';

/** What a request says of an issue's text and marks. */
export interface MarkedText {
  readonly description: string;
  readonly custom_fields?: readonly { readonly id: number; readonly value: string }[];
}

/**
 * The text with its marks, or the text and the field for stamps. Redmine passes over a field that the tracker does not have, so
 * the marks stand in the text until an issue of the tracker was seen to have the field: a copy is never without (I2).
 */
export function markedText(
  parts: Pick<RedmineParts, 'markFields'>,
  content: string,
  at: { readonly marks: readonly string[]; readonly typeId: number | undefined },
): MarkedText {
  const id = at.typeId === undefined ? undefined : parts.markFields.get(at.typeId);
  if (id === undefined) return { description: joinBody({ content, fileLines: [], marks: at.marks }) };
  return {
    description: joinBody({ content, fileLines: [], marks: [] }),
    custom_fields: [{ id, value: at.marks.join('\n') }],
  };
}

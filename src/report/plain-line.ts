/* oxlint-disable no-control-regex -- Control characters are exactly what this file is about. */

/** Longest title, name or value that a report shows; people's titles may be longer (I9). */
export const titleLengthMax = 120;

/** Longest message: errors name URLs and fields, and some quote what a server said. */
export const messageLengthMax = 600;

const blank = /[\s\u0085\u2028\u2029]+/g;
const controls = /[\u0000-\u001F\u007F-\u009F]/g;
/** Direction overrides and invisible characters let a text show something else than it holds; joiners and selectors make emoji. */
const invisible = /(?!\p{Variation_Selector}|\p{Join_Control})[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu;

/**
 * What a tracker or server said, as one harmless line: no control, direction or invisible characters, no line break, at
 * most `lengthMax` characters, and nothing that a runner takes for a workflow command (I10). A runner obeys `::name::` at
 * the start of a line, and the older form `##[name]` anywhere in it.
 */
export function plainLine(text: string, lengthMax: number = titleLengthMax): string {
  const line = text.toWellFormed().replaceAll(blank, ' ').replaceAll(controls, '').replaceAll(invisible, '').trim();
  return cut(line, lengthMax).replace(/^::/, ': :').replaceAll('##[', '## [');
}

/** At most so many characters, the last one an ellipsis where something was left out. Never half of a surrogate pair. */
function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text
    .slice(0, lengthMax - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

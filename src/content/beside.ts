/** The words next to a place in a text, by which it is found again in an edited one. */
export interface Beside {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** So far away a word is looked for. */
const besideMax = 60;

/** The words next to a stretch within its paragraph, whatever signs stand between. */
export function besideOf(text: string, start: number, end: number): Beside {
  const [before] = text
    .slice(Math.max(0, start - besideMax), start)
    .split(/\n\s*\n/)
    .slice(-1);
  const [after] = text.slice(end, end + besideMax).split(/\n\s*\n/);
  return { before: before?.match(/[\p{L}\p{N}]+/gu)?.at(-1), after: after?.match(/[\p{L}\p{N}]+/u)?.[0] };
}

/** Whether it is the same place: one of the words next to it is as it was. */
export function isBeside(was: Beside, is: Beside): boolean {
  return was.before === is.before || was.after === is.after;
}

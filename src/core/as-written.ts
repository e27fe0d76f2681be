import type { PastEdit } from './model.ts';

/** Native values of fields: one line, or the body without marks. What is left out is not told. */
export type FieldValues = Partial<Record<'summary' | 'description' | 'type', string>>;

/**
 * What a write stored where its answer tells nothing and the fields have to be read afterwards: the values that people have
 * put others in place of by then. What they made of a field is an edit, and not the tracker's own way of storing it (I3).
 *
 * @param sent the values that the write asked for
 * @param history edits of the issue, oldest first, the write's own among them
 * @param since when the fields were last read before the write, this server's time; entries tell whole seconds
 */
export function replacedSince(sent: FieldValues, history: readonly PastEdit[], since: number): FieldValues {
  const start = since - (since % 1_000);
  const replaced: FieldValues = {};
  for (const kind of ['summary', 'description', 'type'] as const) {
    const value = sent[kind];
    if (value === undefined) continue;
    const edits = history.filter((edit) => edit.kind === kind && edit.at >= start);
    const own = edits.findLastIndex(({ byConnection }) => byConnection);
    // A write that found its value there already has no entry: the first edit that took that value away tells it.
    const next = own === -1 ? edits.find(({ before }) => isSameText(before, value)) : edits[own + 1];
    if (next?.before !== undefined) replaced[kind] = next.before;
  }
  return replaced;
}

/** Trackers keep a text as it is sent but for line ends and blanks around it. */
export function isSameText(stored: string | undefined, sent: string): boolean {
  return stored?.replaceAll('\r\n', '\n').trim() === sent.replaceAll('\r\n', '\n').trim();
}

import type { IssueSnapshot, PastEdit, SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { descriptionRoot, printed } from '../core/replica.ts';
import { summaryFingerprint } from '../core/summary.ts';
import type { TwinBase } from '../core/twin.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';
import { tryTwinLater } from './twin-failure.ts';

type Field = PastEdit['kind'];

/** The base with the written side's fingerprints taken from what the tracker stored. */
export function withStored(
  base: TwinBase,
  side: SideName,
  stored: Pick<IssueSnapshot, 'summary' | 'description' | 'type'>,
): TwinBase {
  const description = printed(descriptionRoot(stored.description.root, side, base)).print;
  return {
    ...base,
    summary: { ...base.summary, [side]: summaryFingerprint(stored.summary) },
    description: { ...base.description, [side]: description },
    type: { ...base.type, [side]: stored.type ?? '' },
  };
}

/** A base with these fields of another one. */
export function withFields(base: TwinBase, other: TwinBase, fields: ReadonlySet<Field>): TwinBase {
  return {
    ...base,
    summary: (fields.has('summary') ? other : base).summary,
    description: (fields.has('description') ? other : base).description,
    type: (fields.has('type') ? other : base).type,
  };
}

/**
 * Completes the bases of the copies that this cycle took up by their stamps. A stamp tells what was sent; what a field that
 * no person has edited since shows is what the server made of that. Without this the server's own way would be taken for an
 * edit (I5). Fields of which the tracker has no history stay as the stamp has them: nothing tells an edit there (I3).
 */
export async function learnStored(memory: Memory): Promise<void> {
  const taken = memory.takenUp;
  memory.takenUp = [];
  await learn(memory, taken);
}

/** The same for a twin of which it could not be learnt before. */
export async function learnLeft(memory: Memory, twin: Twin): Promise<void> {
  if (twin.unlearnt !== undefined) await learn(memory, [{ twin, side: twin.unlearnt }]);
}

async function learn(memory: Memory, taken: Memory['takenUp']): Promise<void> {
  for (const side of sideNames) {
    const copies = taken.flatMap(({ twin, side: of }) => {
      const copy = of === side ? memory.snapshots[side].get(twin.base.ids[side]) : undefined;
      return copy === undefined ? [] : [{ twin, copy }];
    });
    const others = copies.filter(({ twin, copy }) => !sameFields(withStored(twin.base, side, copy), twin.base));
    const isUntouched = ({ copy }: { readonly copy: IssueSnapshot }): boolean =>
      // Jira alone tells milliseconds: an edit in the second of the creation would be hidden elsewhere (I3).
      side === 'public' && copy.updatedAt <= copy.createdAt;
    for (const { twin, copy } of others.filter(isUntouched)) twin.base = withStored(twin.base, side, copy);
    const edited = others.filter((other) => !isUntouched(other));
    const unread = await learnByHistory(memory, side, edited).catch((error: unknown) => {
      for (const { twin } of edited) learnLater(memory, twin, { side, error });
      return new Set(edited.map(({ twin }) => twin));
    });
    for (const { twin } of copies) if (unread?.has(twin) !== true) delete twin.unlearnt;
  }
}

/** Until the history can be read nothing of the twin is planned: what the tracker made of its copy would cross as an edit (I5). */
export function learnLater(memory: Memory, twin: Twin, failed: { readonly side: SideName; readonly error: unknown }): void {
  tryTwinLater(memory, twin, {
    what: 'what people edited in its copy',
    error: failed.error,
    next: 'It is tried again by itself; the changes of this issue wait behind it.',
  });
  twin.unlearnt = failed.side;
}

async function learnByHistory(
  memory: Memory,
  side: SideName,
  others: readonly { readonly twin: Twin; readonly copy: IssueSnapshot }[],
): Promise<void> {
  const { historyOf } = memory.ports.sides[side].reader;
  if (historyOf.length === 0) return;
  const found = await editsByPeople(
    memory,
    side,
    others.map(({ copy }) => copy),
  );
  const fields: readonly Field[] = ['summary', 'description', 'type'];
  const untold = fields.filter((field) => !historyOf.includes(field));
  for (const { twin, copy } of others) {
    const edits = found.get(copy.id);
    if (edits === undefined) continue;
    const asSent = new Set([...untold, ...edits.map(({ kind }) => kind)]);
    twin.base = withFields(withStored(twin.base, side, copy), twin.base, asSent);
  }
}

/** What people edited in copies since these were made, by the copies' ids; one reading of the history for all of them. */
export async function editsByPeople(
  memory: Memory,
  side: SideName,
  copies: readonly IssueSnapshot[],
): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  if (copies.length === 0) return new Map();
  const histories = await memory.ports.sides[side].reader.history({
    issues: copies.map(({ id }) => ({ id, commentIds: [] })),
    since: Math.min(...copies.map(({ createdAt }) => createdAt)),
    purpose: 'work',
  });
  return new Map([...histories].map(([id, edits]) => [id, edits.filter(({ byConnection }) => !byConnection)]));
}

/** Whether two bases say the same of the fields. */
export function sameFields(left: TwinBase, right: TwinBase): boolean {
  const fields = (base: TwinBase): string => JSON.stringify([base.summary, base.description, base.type]);
  return fields(left) === fields(right);
}

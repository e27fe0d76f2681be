import type { StampKey } from './stamp.ts';
import { issueStamp, signStamp } from './stamp.ts';
import type { IssueStamp } from './stamp.ts';
import type { TwinBase } from './twin.ts';

/** Jira keeps 32,768 characters a property; a part stays well below, its JSON wrapping included. */
const partLengthMax = 30_000;

/** How many entries a part begins with; it is halved until the part fits. */
const entriesPerPart = 600;

/**
 * The ledger of a twin as signed tokens, one an issue property (`sallyport.<id>`, `.2`, `.3` …). Each part is valid by
 * itself and holds the fields; pairs and tombstones are spread over the parts.
 */
export function ledgerMarks(
  base: TwinBase,
  options: { self: string | undefined; key: StampKey; connectionId: string },
): readonly string[] {
  for (let size = entriesPerPart; size >= 1; size = Math.floor(size / 2)) {
    const tokens = partsOf(base, size).map((part, index, all) =>
      signStamp(
        { ...issueStamp(base, options.self), base: part, part: index, parts: all.length },
        options.key,
        options.connectionId,
      ),
    );
    if (tokens.every((token) => token.length <= partLengthMax)) return tokens;
  }
  return [signStamp(issueStamp(base, options.self), options.key, options.connectionId)];
}

function partsOf(base: TwinBase, size: number): readonly TwinBase[] {
  const count = Math.max(1, Math.ceil(Math.max(base.comments.length, base.attachments.length, base.tombstones.length) / size));
  return Array.from({ length: count }, (_, index) => ({
    ...base,
    comments: base.comments.slice(index * size, (index + 1) * size),
    attachments: base.attachments.slice(index * size, (index + 1) * size),
    tombstones: base.tombstones.slice(index * size, (index + 1) * size),
  }));
}

/** What the parts found on an issue tell. */
export interface JoinedLedger {
  readonly base: TwinBase;
  /** False where a part is missing: pairs and tombstones that nobody knows of may have stood in it. */
  readonly complete: boolean;
}

/**
 * One base from the valid parts found on an issue: the newest counter's, with the pairs of all parts that belong together.
 * Undefined without any part. Each is a property of its own, which a person or an app can remove or keep back by itself.
 */
export function joinLedger(parts: readonly IssueStamp[]): JoinedLedger | undefined {
  const counter = Math.max(...parts.map((part) => part.base.counter));
  const newest = parts.filter((part) => part.base.counter === counter).toSorted((a, b) => a.part - b.part);
  // The first part is written over first, so its count is the one that holds; others may be left of a longer ledger.
  const first = newest.find((part) => part.part === 0) ?? newest[0];
  if (first === undefined) return undefined;
  const byIndex = new Map<number, IssueStamp>();
  for (const part of newest) {
    const belongs = part.parts === first.parts && part.part >= 0 && part.part < first.parts;
    if (belongs && !byIndex.has(part.part)) byIndex.set(part.part, part);
  }
  const joined = byIndex.size === 0 ? [first] : [...byIndex.values()];
  return {
    base: {
      ...first.base,
      comments: joined.flatMap((part) => part.base.comments),
      attachments: joined.flatMap((part) => part.base.attachments),
      tombstones: joined.flatMap((part) => part.base.tombstones),
    },
    complete: byIndex.size > 0 && byIndex.size === first.parts,
  };
}

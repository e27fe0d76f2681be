import { withoutNotice } from '../content/limits.ts';
import type { IssueSnapshot, SideName } from '../core/model.ts';
import { printed, toOrigins } from '../core/replica.ts';
import { summaryFingerprint } from '../core/summary.ts';
import type { TwinBase } from '../core/twin.ts';

/** The base with the written side's fingerprints taken from what the tracker stored. */
export function withStored(
  base: TwinBase,
  side: SideName,
  stored: Pick<IssueSnapshot, 'summary' | 'description' | 'type'>,
): TwinBase {
  const description = printed(toOrigins(withoutNotice(stored.description.root), side, base)).print;
  return {
    ...base,
    summary: { ...base.summary, [side]: summaryFingerprint(stored.summary) },
    description: { ...base.description, [side]: description },
    type: { ...base.type, [side]: stored.type ?? '' },
  };
}

/**
 * The base of a copy on Jira whose create was never answered: its stamp tells what was sent, and as long as nothing touched
 * it since, what it shows is what the server made of that. Without this the server's own way would be taken for an edit (I5).
 * Jira alone tells milliseconds: an edit in the second of the creation would be hidden elsewhere (I3).
 */
export function asCreated(base: TwinBase, side: SideName, copy: IssueSnapshot): TwinBase {
  return side === 'public' && copy.updatedAt <= copy.createdAt ? withStored(base, side, copy) : base;
}

/** Whether two bases say the same of the fields. */
export function sameFields(left: TwinBase, right: TwinBase): boolean {
  const fields = (base: TwinBase): string => JSON.stringify([base.summary, base.description, base.type]);
  return fields(left) === fields(right);
}

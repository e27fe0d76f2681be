import type { IssueRecord } from './data.ts';

/**
 * What searches see: every version that an issue had, so that a search can be answered as of some time ago.
 * Jira's index follows its database by seconds to minutes, deletions included.
 */
export interface SearchIndex {
  /** Notes that the issue is this from now on; undefined: deleted. */
  record(issueId: string, atMs: number, issue: IssueRecord | undefined): void;
  /** All issues as they were at `asOfMs`, but as they are now for the ids in `fresh`. */
  issues(asOfMs: number, fresh: ReadonlySet<string>): readonly IssueRecord[];
}

interface IndexedVersion {
  readonly atMs: number;
  readonly issue: IssueRecord | undefined;
}

export function createSearchIndex(): SearchIndex {
  const versions = new Map<string, IndexedVersion[]>();
  return {
    record: (issueId, atMs, issue) => {
      const known = versions.get(issueId);
      if (known === undefined) versions.set(issueId, [{ atMs, issue }]);
      else known.push({ atMs, issue });
    },
    issues: (asOfMs, fresh) => {
      const found: IssueRecord[] = [];
      for (const [issueId, known] of versions) {
        prune(known, asOfMs);
        const version = fresh.has(issueId) ? known.at(-1) : known.findLast((candidate) => candidate.atMs <= asOfMs);
        if (version?.issue !== undefined) found.push(version.issue);
      }
      return found;
    },
  };
}

/** Drops versions that no later search can see, as time only moves on. */
function prune(known: IndexedVersion[], asOfMs: number): void {
  const current = known.findLastIndex((candidate) => candidate.atMs <= asOfMs);
  if (current > 0) known.splice(0, current);
}

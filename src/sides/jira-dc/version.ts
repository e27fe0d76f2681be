import { timeOf } from '../jira/time.ts';
import type { JiraDcParts } from './parts.ts';

/** What carries a second's time may still be followed by another edit in it; a margin for the whole seconds of `Date`. */
const settlingMs = 2_000;

/**
 * The version of an issue updated at this time and read now. Data Center tells times in whole seconds on most databases, so
 * two edits within one second look alike: until that second is over the version is one that no later reading has.
 */
export function versionOf(parts: Pick<JiraDcParts, 'api'>, updated: string): string {
  const now = parts.api.serverTime();
  return now !== undefined && now - timeOf(updated) > settlingMs ? updated : `${updated}~${now ?? ''}`;
}

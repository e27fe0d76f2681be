import type { Config } from '../config/config.ts';
import type { Check, CycleResult, DifferenceLine, IssueLink } from '../core/result.ts';
import { kindOf, messageOf } from '../errors.ts';
import { shown } from '../report/shown.ts';
import { counted, failed, passed, warned } from './doctor-runner.ts';
import type { Runtime } from './runtime.ts';
import { sync } from './sync.ts';

/** More than these are counted only: `sync` with `audit: full` lists them all. */
const linesMax = 50;

/**
 * What a full audit finds, by a dry run of `sync`: both sides read whole, contents, stamps, ledgers and the bytes of files
 * compared, one line for each difference; nothing is written. It never throws.
 */
export async function twinChecks(config: Config, runtime: Runtime): Promise<readonly Check[]> {
  try {
    const outcome = shown(await sync({ ...config, sync: { ...config.sync, audit: 'full', dryRun: true } }, runtime));
    if (outcome.kind !== 'synced') return [];
    return outcome.cycles.flatMap(({ result }) => [...differenceChecks(result), ...waitingChecks(result)]);
  } catch (error) {
    const isPaused = kindOf(error) === 'inactive';
    return [
      isPaused ? warned('twins', messageOf(error), 'Run activate, or wait for the other run, first.') : failed('twins', error),
    ];
  }
}

function differenceChecks({ twins, differences }: CycleResult): readonly Check[] {
  const compared = `${counted(twins, 'twin')} read whole on both sides`;
  if (differences.length === 0) return [passed('twins', `${compared}, their files too: nothing differs that should not`)];
  const more = differences.length - linesMax;
  return [
    warned('twins', `${compared}: ${differences.length} of what was compared differs`, 'Run sync with audit: full to repair it.'),
    ...differences.slice(0, linesMax).map(differenceCheck),
    ...(more > 0 ? [warned('difference', `${more} more`, 'Run sync with audit: full and dry-run to list them all.')] : []),
  ];
}

function differenceCheck({ issues, what }: DifferenceLine): Check {
  const name = (link: IssueLink | undefined): string => link?.key ?? '?';
  return warned('difference', `${name(issues.public)} ↔ ${name(issues.private)}: ${what}`, 'Run sync with audit: full.');
}

/** What the next cycle will do anyway, and what it will fail at. */
function waitingChecks({ changes, conflicts, failures }: CycleResult): readonly Check[] {
  const waiting = `${counted(changes.length, 'change')} and ${counted(conflicts.length, 'conflict')} for the next sync`;
  return [
    passed('changes', changes.length + conflicts.length === 0 ? 'none waits' : waiting),
    ...failures.map((failure) => warned('failure', `${failure.what}: ${failure.message}`, failure.next)),
  ];
}

import type { Config } from '../config/config.ts';
import type { CycleReport, Outcome } from '../report/outcome.ts';
import { openAuditLog } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import { checkAccount, connect } from './connect.ts';
import { directiveOf } from './issue-names.ts';
import type { Runtime } from './runtime.ts';
import { syncOnce } from './sync-once.ts';
import { checkTriggers } from './triggers.ts';

/**
 * `sync`, and the operations that are one cycle with something to be done first (`push`, `connect`, `unlink`, `retry`): opens the connection (accepting it first if it is Pending), runs one cycle, or cycles for `run-for`, and commits
 * each. Under `dry-run` it reads only.
 *
 * @throws SallyportError as its parts do; `inactive` where the connection is paused or another run holds it.
 */
export async function sync(config: Config, runtime: Runtime): Promise<Outcome> {
  // Bad input is said before anything leaves.
  checkTriggers(config);
  const log = await openAuditLog(config, runtime);
  try {
    return await cycles(config, runtime, log);
  } finally {
    await log?.close();
  }
}

async function cycles(config: Config, runtime: Runtime, log: AuditLog | undefined): Promise<Outcome> {
  const connected = await connect(config, runtime);
  const isDirected = directiveOf(config, connected.invitation) !== undefined;
  await checkAccount(config, connected);
  const startedMs = runtime.clock.monotonicMs();
  const isTimeLeft = (): boolean => runtime.clock.monotonicMs() - startedMs + config.sync.pollMs < config.sync.runForMs;
  const parts = { connected, journal: log?.journal };
  let last = await syncOnce(config, runtime, parts);
  const reports: CycleReport[] = [last.report];
  while (isTimeLeft() && !config.sync.dryRun && !isDirected) {
    await runtime.clock.wait(config.sync.pollMs);
    last = await syncOnce(config, runtime, parts);
    reports.push(last.report);
  }
  return {
    kind: 'synced',
    card: last.card,
    cycles: reports,
    detail: last.isPublicDestination ? 'ids' : config.detail,
    notices: last.notices,
  };
}

import type { Config } from '../config/config.ts';
import type { Journal } from '../cycle/journal.ts';
import { SallyportError } from '../errors.ts';
import type { Runtime } from './runtime.ts';

export interface AuditLog {
  readonly journal: Journal;
  close(): Promise<void>;
}

/**
 * Opens the audit log before anything is asked of a tracker; undefined where none is wanted, and in a dry run, which writes
 * nothing at all.
 *
 * @throws SallyportError `configuration` if it cannot be written.
 */
export async function openAuditLog(config: Config, runtime: Runtime): Promise<AuditLog | undefined> {
  const { auditLog } = config.health;
  if (auditLog === '' || config.sync.dryRun) return undefined;
  if (runtime.openLog === undefined)
    throw new SallyportError('audit-log: there are no files here; leave it out.', { kind: 'configuration' });
  const log = await runtime.openLog(auditLog);
  return {
    journal: { append: (entries) => log.append(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')) },
    close: () => log.close(),
  };
}

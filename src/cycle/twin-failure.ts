import { twinKey } from '../core/twin.ts';
import { kindOf, messageOf } from '../errors.ts';
import type { Memory } from './memory.ts';
import { linksOf, retryLater } from './memory.ts';
import type { Twin } from './state.ts';

export interface TwinFailure {
  /** What failed, as the report names it. */
  readonly what: string;
  readonly error: unknown;
  /** What happens next, or is to be done. */
  readonly next: string;
  /** Refused for good. */
  readonly parked?: boolean;
}

/** Keeps what was refused for good from being tried again with the same content, known by its print. */
export function park(
  memory: Memory,
  twin: Twin,
  refused: { readonly id: string; readonly print: string; readonly what: string; readonly reason: string },
): void {
  memory.state.parked.push({ twin: twinKey(twin.base.ids), ...refused, reportedAt: memory.ports.now() });
}

/** Tells of a failure that stops no other twin. */
export function noteTwinFailure(memory: Memory, twin: Twin, { what, error, next, parked = false }: TwinFailure): void {
  memory.failures.push({
    issues: linksOf(memory, twin),
    what,
    error: kindOf(error),
    message: messageOf(error),
    next,
    parked,
  });
}

/**
 * The same of what a later cycle tries again.
 *
 * @throws the error itself where it ends the run: bad configuration, a lost lease
 */
export function tryTwinLater(memory: Memory, twin: Twin, failure: TwinFailure): void {
  const { error } = failure;
  const kind = kindOf(error);
  if (kind === 'configuration' || kind === 'inactive') throw error;
  const { origin, ids } = twin.base;
  retryLater(memory, { side: origin, id: ids[origin], reason: messageOf(error) });
  noteTwinFailure(memory, twin, failure);
}

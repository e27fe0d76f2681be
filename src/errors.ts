/**
 * What an error means for the run, and so for its exit code (see `exitCodes`).
 *
 * - `configuration`: inputs, invitation code, record: nothing was started (exit 2)
 * - `permission`, `host`, `answer`: met after configuration: refused, unreachable, or an answer that makes no sense (exit 1)
 * - `refused`: the server said no to this one item for good (4xx other than 401, 403, 404, 408, 410, 429)
 * - `gone`: the server says that this very item does not exist any more (404 or 410 on an item, not on its container)
 * - `passing`: may go through later: 408, 429, 5xx, timeouts, connections cut
 * - `guard`: the removal guard stopped removals (exit 3)
 * - `inactive`: the connection is not active, or another runner holds the lease (exit 4)
 * - `limit`: a bound of I9 was reached
 */
export type ErrorKind =
  | 'configuration'
  | 'permission'
  | 'host'
  | 'answer'
  | 'refused'
  | 'gone'
  | 'passing'
  | 'guard'
  | 'inactive'
  | 'limit';

export interface SallyportErrorOptions {
  readonly kind: ErrorKind;
  readonly cause?: unknown;
  /** HTTP status, where a server's answer is the cause. */
  readonly status?: number;
  /** The effect may have happened although no answer came (I2: look for the marker before creating again). */
  readonly outcomeUnknown?: boolean;
  /** Milliseconds after which the server said that a retry makes sense. */
  readonly retryAfterMs?: number;
}

/**
 * The one error class that crosses layers. Its message says what failed, where, and what to do next, and never holds a
 * secret or a person's content.
 */
export class SallyportError extends Error {
  readonly kind: ErrorKind;
  readonly status: number | undefined;
  readonly outcomeUnknown: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: SallyportErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SallyportError';
    this.kind = options.kind;
    this.status = options.status;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The exit code of a run that an error of this kind ended (interface.md: exit codes). */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  configuration: 2,
  permission: 1,
  host: 1,
  answer: 1,
  refused: 1,
  gone: 1,
  passing: 1,
  guard: 3,
  inactive: 4,
  limit: 1,
};

/** The kind of any thrown value; what is not a SallyportError is an `answer` nobody foresaw. */
export function kindOf(error: unknown): ErrorKind {
  return error instanceof SallyportError ? error.kind : 'answer';
}

/** Whether what failed may have been done all the same, as no answer came. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof SallyportError && error.outcomeUnknown;
}

/** The message of any thrown value, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

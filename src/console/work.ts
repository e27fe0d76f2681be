import { randomBytes } from 'node:crypto';
import type { Outcome } from '../report/outcome.ts';
import type { Check } from '../core/result.ts';

/** How a piece of work ended, where it ended well. */
export interface WorkEnd {
  readonly outcome?: Outcome;
  readonly checks?: readonly Check[];
  /** A page of its own that shows what came of it. */
  readonly next?: string;
}

/** One operation at work, or what came of it. Times are not kept: nothing here outlives the process. */
export interface Work {
  readonly id: string;
  readonly title: string;
  /** The path of the page from which it was started. */
  readonly back: string;
  /** What it logged, redacted; the newest last, at most `linesMax`. */
  readonly lines: readonly string[];
  readonly end: WorkEnd | undefined;
  /** Redacted. */
  readonly problem: string | undefined;
}

export interface WorkList {
  start(title: string, back: string, run: (log: (line: string) => void) => Promise<WorkEnd>): Work;
  find(id: string): Work | undefined;
  /** Resolves once there is more than so many lines, or the end; at once for work that is over. */
  news(id: string, linesKnown: number): Promise<void>;
  readonly isBusy: boolean;
}

const linesMax = 200;
/** Older work is forgotten, what runs never. */
const worksMax = 50;

interface Entry {
  id: string;
  title: string;
  back: string;
  lines: string[];
  end: WorkEnd | undefined;
  problem: string | undefined;
  waiting: (() => void)[];
}

export function createWorkList(describe: (error: unknown) => string): WorkList {
  const entries = new Map<string, Entry>();
  const isOver = (entry: Entry): boolean => entry.end !== undefined || entry.problem !== undefined;
  const tell = (entry: Entry): void => {
    for (const wake of entry.waiting.splice(0)) wake();
  };
  const forget = (): void => {
    for (const [id, entry] of entries) if (entries.size >= worksMax && isOver(entry)) entries.delete(id);
  };
  return {
    start: (title, back, run) => {
      forget();
      const id = randomBytes(9).toString('hex');
      const entry: Entry = { id, title, back, lines: [], end: undefined, problem: undefined, waiting: [] };
      entries.set(entry.id, entry);
      const log = (line: string): void => {
        if (entry.lines.length < linesMax) entry.lines.push(line);
        tell(entry);
      };
      void run(log)
        .then((end) => {
          entry.end = end;
        })
        .catch((error: unknown) => {
          entry.problem = describe(error);
        })
        .then(() => tell(entry));
      return entry;
    },
    find: (id) => entries.get(id),
    news: (id, linesKnown) => {
      const entry = entries.get(id);
      if (entry === undefined || isOver(entry) || entry.lines.length > linesKnown) return Promise.resolve();
      return new Promise((wake) => entry.waiting.push(wake));
    },
    get isBusy() {
      return [...entries.values()].some((entry) => !isOver(entry));
    },
  };
}

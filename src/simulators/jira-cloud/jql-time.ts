import type { JqlOperand } from './jql.ts';
import { JiraProblem } from './problem.ts';
import { fromZone } from './time-zone.ts';

export interface TimeContext {
  readonly nowMs: number;
  /** Of the user who searches: quoted times are local to it. */
  readonly timeZone: string;
  readonly field: string;
}

const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * The moment that an operand names, as epoch milliseconds: a local time of minute precision or a date, epoch milliseconds
 * (unquoted only), a period such as `-15m`, `now()`.
 *
 * @throws JiraProblem 400
 */
export function parseJqlTime(operand: JqlOperand, context: TimeContext): number {
  if (operand.kind === 'function' && operand.name === 'now') return context.nowMs;
  if (operand.kind === 'function') throw new JiraProblem(400, `Unable to find JQL function '${operand.name}()'.`);
  const text = operand.kind === 'value' ? operand.value : '';
  if (operand.kind === 'value' && !operand.quoted && /^-?\d+$/.test(text)) return Number(text);
  const time = parsePeriod(text, context.nowMs) ?? parseLocal(text, context.timeZone);
  if (time === undefined) {
    throw new JiraProblem(
      400,
      `Date value '${text}' for field '${context.field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
    );
  }
  return time;
}

function parsePeriod(text: string, nowMs: number): number | undefined {
  if (!/^[+-]?(\d+[mhdw]\s*)+$/.test(text)) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = [...text.matchAll(/(\d+)([mhdw])/g)];
  return nowMs + sign * parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ''] ?? 0), 0);
}

function parseLocal(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour = '0', minute = '0'] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  const isReal = new Date(local).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  return isReal ? fromZone(local, timeZone) : undefined;
}

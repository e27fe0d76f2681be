import type { TwinRow } from '../report/status-report.ts';

export interface TwinPage {
  readonly query: string;
  /** From 1. */
  readonly number: number;
  readonly rows: readonly TwinRow[];
  /** Of those found, the first and the last one shown, from 1; 0 where there is none. */
  readonly from: number;
  readonly to: number;
  readonly found: number;
}

const rowsMax = 50;
const queryLengthMax = 200;

/** The twins whose key or title holds the query, in either case, one page of them. */
export function twinPage(twins: readonly TwinRow[], asked: { readonly query: string; readonly number: number }): TwinPage {
  const query = asked.query.trim().slice(0, queryLengthMax);
  const wanted = query.toLowerCase();
  const holds = (text: string): boolean => text.toLowerCase().includes(wanted);
  const found =
    wanted === '' ? twins : twins.filter((twin) => holds(twin.public.key) || holds(twin.private.key) || holds(twin.title));
  const last = Math.max(1, Math.ceil(found.length / rowsMax));
  const number = Math.min(Math.max(1, Number.isSafeInteger(asked.number) ? asked.number : 1), last);
  const start = (number - 1) * rowsMax;
  const rows = found.slice(start, start + rowsMax);
  return {
    query,
    number,
    rows,
    from: rows.length === 0 ? 0 : start + 1,
    to: start + rows.length,
    found: found.length,
  };
}

/** All twins as CSV (RFC 4180), with what spreadsheets take for a formula defused. */
export function twinsCsv(twins: readonly TwinRow[]): string {
  const field = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const lines = twins.map((twin) =>
    [twin.public.key, twin.public.url, twin.private.key, twin.private.url, twin.origin, twin.title].map(field).join(','),
  );
  return ['public,public address,private,private address,origin,title', ...lines, ''].join('\r\n');
}

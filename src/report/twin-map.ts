import type { Pair, SideName } from '../core/model.ts';
import type { IssueLink } from '../core/result.ts';

/** One pair of issues, as a clean-up writes it down. */
export interface TwinMapRow {
  readonly ids: Pair<string>;
  readonly links: Pair<IssueLink | undefined>;
  readonly origin: SideName | undefined;
  readonly state: 'in sync' | 'ended';
  readonly comments: number;
  readonly attachments: number;
  readonly title: string;
}

const header = 'public_id,private_id,public_key,private_key,public_url,private_url,origin,state,comments,attachments,title';

/**
 * The twin map as CSV (RFC 4180). Rows of an earlier map of the same connection that are not in this one are kept: what a
 * clean-up took the stamps off before it was interrupted may be told there alone.
 */
export function twinMapCsv(rows: readonly TwinMapRow[], options: { readonly titles: boolean; readonly before: string }): string {
  const lines = rows.map((row) => lineOf(row, options.titles));
  const known = new Set(lines.map(idsIn));
  const [first, ...earlier] = options.before.split('\r\n').filter((line) => line !== '');
  const kept = first === header ? earlier.filter((line) => !known.has(idsIn(line))) : [];
  return [header, ...lines, ...kept].map((line) => `${line}\r\n`).join('');
}

/** Ids hold no commas. */
function idsIn(line: string): string {
  return line.split(',').slice(0, 2).join(',');
}

function lineOf(row: TwinMapRow, withTitle: boolean): string {
  const { ids, links } = row;
  return [
    ids.public,
    ids.private,
    links.public?.key ?? '',
    links.private?.key ?? '',
    links.public?.url ?? '',
    links.private?.url ?? '',
    row.origin ?? '',
    row.state,
    String(row.comments),
    String(row.attachments),
    withTitle ? row.title : '',
  ]
    .map(cell)
    .join(',');
}

/** One line, quoted where needed. A table program would run what begins like a formula (I10), so that is set off by a quote. */
function cell(text: string): string {
  const line = text.replaceAll(/[\r\n\t]+/g, ' ');
  const harmless = /^[=+@-]/.test(line) ? `'${line}` : line;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

import type { Outcome } from './outcome.ts';
import { outputsOf } from './outputs.ts';
import { plainLine } from './plain-line.ts';
import { shown } from './shown.ts';
import { totalsOf } from './totals.ts';

/** Grows when a field changes its meaning or goes; new fields do not count. */
export const reportFormat = 1;

/** No text in a report is longer, rules and invitation codes among them. */
const textLengthMax = 100_000;

/**
 * The report as a JSON document, for `--json` and `report-path`: `format`, `operation` (the kind of outcome), `connection`,
 * `outputs`, then what the outcome holds; for a sync the `requests` of all cycles and every cycle whole. What is not known is null. Texts are
 * cleaned like those of the log, because the document may be printed into one.
 */
export function reportJson(given: Outcome): unknown {
  const outcome = shown(given);
  if (outcome.kind === 'rules') return { format: reportFormat, operation: 'rules', text: outcome.text };
  if (outcome.kind === 'hosts') return { format: reportFormat, operation: 'hosts', hosts: outcome.hosts };
  const { kind, card, ...rest } = outcome;
  const common = { format: reportFormat, operation: kind, connection: card, outputs: outputsOf(given) };
  const requests = outcome.kind === 'synced' ? { requests: totalsOf(outcome.cycles).requests } : {};
  return cleaned({ ...common, ...rest, ...requests });
}

function cleaned(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'string') return plainLine(value, textLengthMax);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cleaned(entry)]));
}

import { SallyportError } from '../../errors.ts';

/** What puts an issue under sync on this side: one of these labels, or everything. */
export type PrivateTrigger = { readonly kind: 'all' } | { readonly kind: 'labels'; readonly anyOf: readonly string[] };

/** GitHub's own limit for a label's name. */
const labelLengthMax = 50;
/** One listing per label, so a bound (I9). */
const labelCountMax = 10;

/**
 * Reads the input `private-trigger`: a label, labels separated by commas (any of them), or `*` for every issue.
 *
 * @throws SallyportError `configuration` for a text that no label can have.
 */
export function parsePrivateTrigger(text: string): PrivateTrigger {
  const trimmed = text.trim();
  if (trimmed === '*') return { kind: 'all' };
  const parts = trimmed.split(',').map((part) => part.trim());
  const anyOf = parts.filter((part, index) => parts.findIndex((other) => sameLabel(other, part)) === index);
  if (anyOf.includes('')) throw objection('has an empty label');
  if (anyOf.includes('*')) throw objection('has * beside labels; write * alone for every issue, or labels alone');
  if (anyOf.some((label) => label.length > labelLengthMax)) {
    throw objection(`has a label longer than ${labelLengthMax} characters, which GitHub does not allow`);
  }
  if (anyOf.some((label) => /[\u0000-\u001f\u007f]/.test(label))) throw objection('has a line break or control character');
  if (anyOf.length > labelCountMax) throw objection(`has more than ${labelCountMax} labels`);
  const query = anyOf.find((label) => /^(?:is|label|state|author|assignee|project|type|milestone|no|in):\S/i.test(label));
  if (query !== undefined) {
    throw objection('looks like a search, and a search is not supported here; write the labels themselves');
  }
  return { kind: 'labels', anyOf };
}

/** Whether an issue with these labels is in scope. GitHub compares labels without regard to case. */
export function matches(trigger: PrivateTrigger, labels: readonly string[]): boolean {
  if (trigger.kind === 'all') return true;
  return trigger.anyOf.some((wanted) => labels.some((label) => sameLabel(label, wanted)));
}

function sameLabel(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function objection(problem: string): SallyportError {
  return new SallyportError(
    `private-trigger ${problem}. Write one label (sync), several separated by commas (bug, sync), or * for every issue.`,
    { kind: 'configuration' },
  );
}

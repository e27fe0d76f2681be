import { SallyportError } from '../../errors.ts';

/** The issue or comment property that holds this connection's mark; ledger parts follow as `.2`, `.3`. */
export function markKey(connectionId: string, part = 1): string {
  return part === 1 ? `sallyport.${connectionId}` : `sallyport.${connectionId}.${part}`;
}

/** Set beside it under one name for all connections, so that another connection knows the issue for a copy or a twin. */
export const anyMarkKey = 'sallyport.mark';

/** Jira returns this many properties a request. */
export const propertiesPerRequest = 5;

/** Ledger parts that are read at first: one of the properties is `sallyport.mark`. */
export const partsAtFirst = propertiesPerRequest - 1;

/** Ledger parts of an issue at most; a part holds hundreds of comments (I9). */
export const partsMax = partsAtFirst + 4 * propertiesPerRequest;

/**
 * The properties that carry these marks on an issue. Parts of a longer ledger before it stay behind; its counter is lower.
 *
 * @throws SallyportError `limit` if there are more parts than are read again
 */
export function issueProperties(connectionId: string, marks: readonly string[]): { key: string; value: unknown }[] {
  if (marks.length > partsMax) {
    throw new SallyportError(
      `The ledger of an issue has ${marks.length} parts, more than the ${partsMax} that are read: the issue has too many comments or files to be kept in step. Unlink it.`,
      { kind: 'limit' },
    );
  }
  const own = marks.map((mark, index) => ({ key: markKey(connectionId, index + 1), value: { mark } }));
  return [...own, { key: anyMarkKey, value: { connection: connectionId } }];
}

/** The mark in a property's value, whatever stands there. */
export function markIn(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && 'mark' in value && typeof value.mark === 'string' ? [value.mark] : [];
}

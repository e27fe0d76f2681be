import type { Author } from '../../core/model.ts';
import type { JiraApi } from './client.ts';

/** What all of this side's functions share. */
export interface JiraParts {
  readonly api: JiraApi;
  readonly project: { readonly id: string; readonly key: string };
  readonly connectionId: string;
  readonly trigger: string;
  readonly narrowing: string;
  readonly account: Author;
  readonly timeZone: string;
  readonly attachmentBytesMax: number;
  /** attachment id → media id; both ways of the same table. */
  readonly mediaIds: Map<string, string>;
  /** Issue id → key, of what was read: people's links to comments need the key. */
  readonly issueKeys: Map<string, string>;
  readonly types: () => Promise<readonly JiraType[]>;
}

export interface JiraType {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

/** The issue or comment property that holds this connection's mark; ledger parts follow as `.2`, `.3`. */
export function markKey(connectionId: string, part = 1): string {
  return part === 1 ? `sallyport.${connectionId}` : `sallyport.${connectionId}.${part}`;
}

/** Set beside it under one name for all connections, so that another connection knows the issue for a copy or a twin. */
export const anyMarkKey = 'sallyport.mark';

/** Ledger parts that are read: Jira returns five properties a request, one of them is `sallyport.mark`. */
export const partsMax = 4;

/** The properties that carry these marks on an issue. */
export function issueProperties(connectionId: string, marks: readonly string[]): { key: string; value: unknown }[] {
  const own = marks.map((mark, index) => ({ key: markKey(connectionId, index + 1), value: { mark } }));
  return [...own, { key: anyMarkKey, value: { connection: connectionId } }];
}

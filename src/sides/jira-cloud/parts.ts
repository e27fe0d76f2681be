import type { Author } from '../../core/model.ts';
import type { JiraType } from '../jira/issue-type.ts';
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
  /** Attachments that the connection's account uploaded, of what was read and written: their origin is on the other side. */
  readonly copies: Set<string>;
  /** Issue id → key, of what was read: people's links to comments need the key. */
  readonly issueKeys: Map<string, string>;
  /** Account id → name, of what was read: the changelog mentions accounts by their ids alone. */
  readonly names: Map<string, string>;
  readonly types: () => Promise<readonly JiraType[]>;
}

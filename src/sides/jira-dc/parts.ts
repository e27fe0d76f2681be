import type { Author } from '../../core/model.ts';
import type { JiraType } from '../jira/issue-type.ts';
import type { JiraDcApi } from './api.ts';

/** An attachment as texts refer to it. */
export interface NamedFile {
  readonly id: string;
  readonly name: string;
}

/** What all of this side's functions share. */
export interface JiraDcParts {
  readonly api: JiraDcApi;
  readonly project: { readonly id: string; readonly key: string };
  readonly connectionId: string;
  /** JQL within the project; the empty string for every issue. */
  readonly trigger: string;
  readonly account: Author;
  readonly timeZone: string;
  readonly attachmentBytesMax: number;
  readonly types: () => Promise<readonly JiraType[]>;
  /** Attachments by the id of the issue that has them, oldest first, of what was read or stored: texts name them. */
  readonly files: Map<string, readonly NamedFile[]>;
  /** Issue id → key, of what was read: people's links to comments need the key. */
  readonly issueKeys: Map<string, string>;
  /** User name → display name, of what was read; undefined for one that the server does not know. */
  readonly userNames: Map<string, string | undefined>;
}

import type { Author } from '../../core/model.ts';
import type { RedmineApi } from './api.ts';
import type { createTextGuard } from './trackers-without-text.ts';
import type { Trigger } from './trigger.ts';

/** An attachment as texts refer to it. */
export interface NamedFile {
  /** This side's id of it (`fileId`). */
  readonly id: string;
  readonly name: string;
}

export type TextFormat = 'textile' | 'commonmark';

/** A tracker of the project: what Redmine calls an issue type. */
export interface RedmineType {
  readonly id: number;
  readonly name: string;
}

/** What all of this side's functions share. */
export interface RedmineParts {
  readonly api: RedmineApi;
  readonly project: { readonly id: string; readonly name: string };
  readonly account: Author;
  readonly trigger: Trigger;
  readonly textFormat: TextFormat;
  readonly types: () => Promise<readonly RedmineType[]>;
  /** Throws where an empty text is the tracker's doing, not a person's. */
  readonly guardText: ReturnType<typeof createTextGuard>;
  /** Attachments by the id of the issue that has them, oldest first, of what was read or stored: texts name them. */
  readonly files: Map<string, readonly NamedFile[]>;
  /**
   * By the id of a tracker the id of the field for stamps that its issues were seen to have. Administrators alone may list
   * custom fields; an issue shows those that it has.
   */
  readonly markFields: Map<number, number>;
  /** Bytes of a file at most, once the server has told its limit, which it does in refusing a larger one. */
  fileBytesMax: number | undefined;
}

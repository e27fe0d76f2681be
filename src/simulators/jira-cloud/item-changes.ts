import type { AdfDocument } from './adf.ts';
import { attachmentItem, nextTime, store, touch } from './changes.ts';
import type { AttachmentRecord, CommentRecord, IssueRecord, VisibilityRecord, World } from './data.ts';

/** What happens to the comments and attachments of issues, whoever asks. */
export interface CommentContent {
  readonly body: AdfDocument;
  readonly visibility: VisibilityRecord | undefined;
  readonly properties: ReadonlyMap<string, unknown>;
}

/** A comment and the issue that it is on, both as they are now. */
export interface CommentPlace {
  readonly issue: IssueRecord;
  readonly comment: CommentRecord;
}

export interface AttachmentPlace {
  readonly issue: IssueRecord;
  readonly attachment: AttachmentRecord;
}

/** Adding a comment updates its issue, without an entry in the history. */
export function addComment(world: World, issue: IssueRecord, comment: CommentContent & { readonly by: string }): CommentPlace {
  const { by, ...content } = comment;
  const now = nextTime(world, issue.comments.at(-1)?.createdAt ?? issue.createdAt);
  const added: CommentRecord = {
    ...content,
    id: world.nextId('comment'),
    authorId: by,
    updateAuthorId: by,
    createdAt: now,
    updatedAt: now,
  };
  return { issue: touch(world, { ...issue, comments: [...issue.comments, added] }, { by, items: [] }), comment: added };
}

export interface CommentEdit {
  readonly by: string;
  readonly content: CommentContent;
  /** Whether the edit updates the issue too; Jira's does not. */
  readonly touchesIssue: boolean;
}

export function editComment(world: World, { issue, comment }: CommentPlace, edit: CommentEdit): CommentRecord {
  const edited: CommentRecord = {
    ...comment,
    ...edit.content,
    updateAuthorId: edit.by,
    updatedAt: nextTime(world, comment.updatedAt),
  };
  const next = { ...issue, comments: issue.comments.map((known) => (known.id === comment.id ? edited : known)) };
  if (edit.touchesIssue) touch(world, next, { by: edit.by, items: [] });
  else store(world, next);
  return edited;
}

/** Properties of comments touch neither the comment's `updated` nor the issue's. */
export function setCommentProperty(
  world: World,
  issue: IssueRecord,
  change: { readonly comment: CommentRecord; readonly key: string; readonly value: unknown },
): void {
  const properties = new Map(change.comment.properties);
  if (change.value === undefined) properties.delete(change.key);
  else properties.set(change.key, change.value);
  const edited = { ...change.comment, properties };
  store(world, { ...issue, comments: issue.comments.map((known) => (known.id === edited.id ? edited : known)) });
}

export function deleteComment(world: World, { issue, comment }: CommentPlace, by: string): void {
  touch(world, { ...issue, comments: issue.comments.filter((known) => known.id !== comment.id) }, { by, items: [] });
}

export interface AttachmentContent {
  readonly by: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export function addAttachment(world: World, issue: IssueRecord, content: AttachmentContent): AttachmentRecord {
  const { by, ...rest } = content;
  const attachment: AttachmentRecord = {
    ...rest,
    id: world.nextId('attachment'),
    mediaId: world.uuid(),
    authorId: by,
    createdAt: world.clock.now(),
  };
  const items = [attachmentItem(undefined, attachment)];
  touch(world, { ...issue, attachments: [...issue.attachments, attachment] }, { by, items });
  return attachment;
}

export function deleteAttachment(world: World, { issue, attachment }: AttachmentPlace, by: string): void {
  const items = [attachmentItem(attachment, undefined)];
  touch(world, { ...issue, attachments: issue.attachments.filter((known) => known.id !== attachment.id) }, { by, items });
}

/** Where an attachment is, if anywhere. */
export function findAttachment(world: World, matches: (attachment: AttachmentRecord) => boolean): AttachmentPlace | undefined {
  for (const issue of world.issues.values()) {
    const attachment = issue.attachments.find(matches);
    if (attachment !== undefined) return { issue, attachment };
  }
  return undefined;
}

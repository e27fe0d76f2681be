import type { AttachmentSnapshot, Author, CommentSnapshot, IssueSnapshot } from '../../core/model.ts';
import { anyMarkKey, markIn, markKey, partsMax } from '../jira/mark-properties.ts';
import { timeOf } from '../jira/time.ts';
import { attachmentLink, textOf } from './bodies.ts';
import type { JiraDcParts } from './parts.ts';
import { versionOf } from './version.ts';
import type { JiraDcAttachment, JiraDcComment, JiraDcIssue, JiraDcUser } from './schemas.ts';

/** The immutable id of a user: old servers know names only. */
export function userIdOf(user: JiraDcUser): string {
  return user.key ?? user.name;
}

function authorOf(parts: JiraDcParts, user: JiraDcUser | null | undefined): Author {
  // Anonymous people and deleted users have no user.
  if (user === null || user === undefined) return { id: '', displayName: 'Former user', isConnection: false };
  return { id: userIdOf(user), displayName: user.displayName, isConnection: userIdOf(user) === parts.account.id };
}

export function isOwn(parts: JiraDcParts, user: JiraDcUser | null | undefined): boolean {
  return authorOf(parts, user).isConnection;
}

/** Jira Service Management keeps "internal" in a property of the comment. */
function isInternal(comment: JiraDcComment): boolean {
  const value = comment.properties?.find((property) => property.key === 'sd.public.comment')?.value;
  return typeof value === 'object' && value !== null && 'internal' in value && String(value.internal) === 'true';
}

export function commentSnapshot(parts: JiraDcParts, issueId: string, comment: JiraDcComment): CommentSnapshot {
  const own = comment.properties?.find((property) => property.key === markKey(parts.connectionId));
  const key = parts.issueKeys.get(issueId) ?? issueId;
  return {
    id: comment.id,
    author: authorOf(parts, comment.author),
    createdAt: timeOf(comment.created),
    updatedAt: timeOf(comment.updated ?? comment.created),
    text: textOf(parts, issueId, comment.body),
    restricted: (comment.visibility !== undefined && comment.visibility !== null) || isInternal(comment),
    marks: markIn(own?.value),
    url: `${parts.api.site.url}/browse/${key}?focusedCommentId=${comment.id}#comment-${comment.id}`,
  };
}

function attachmentSnapshot(parts: JiraDcParts, attachment: JiraDcAttachment): AttachmentSnapshot {
  return {
    id: attachment.id,
    name: attachment.filename,
    size: attachment.size,
    mediaType: attachment.mimeType,
    author: authorOf(parts, attachment.author),
    createdAt: attachment.created === undefined ? undefined : timeOf(attachment.created),
    url: attachmentLink(parts, attachment.id, attachment.filename),
  };
}

/** An issue read whole: `comments` are all of its comments, in the order of their creation. */
export function issueSnapshot(parts: JiraDcParts, issue: JiraDcIssue, comments: readonly JiraDcComment[]): IssueSnapshot {
  const { fields } = issue;
  const attachments = fields.attachment ?? [];
  const properties = issue.properties ?? {};
  const keys = Array.from({ length: partsMax }, (_, index) => markKey(parts.connectionId, index + 1));
  const marks = keys.flatMap((key) => markIn(properties[key]));
  return {
    id: issue.id,
    key: issue.key,
    url: `${parts.api.site.url}/browse/${issue.key}`,
    version: versionOf(parts, fields.updated),
    author: authorOf(parts, fields.creator),
    createdAt: timeOf(fields.created),
    updatedAt: timeOf(fields.updated),
    summary: fields.summary ?? '',
    description: textOf(parts, issue.id, fields.description),
    type: fields.issuetype.name,
    comments: comments.map((comment) => commentSnapshot(parts, issue.id, comment)),
    attachments: attachments.map((attachment) => attachmentSnapshot(parts, attachment)),
    marks,
    marked: marks.length > 0 || properties[anyMarkKey] !== undefined,
    readableByAll: fields.security === undefined || fields.security === null,
  };
}

import { decodeMemo } from '../../content/decode-memo.ts';
import { contentOf, textAttribute } from '../../content/adf-document.ts';
import { decodeAdf } from '../../content/adf.ts';
import type { AttachmentSnapshot, Author, CommentSnapshot, IssueSnapshot, Text } from '../../core/model.ts';
import { anyMarkKey, markIn, markKey, partsMax } from '../jira/mark-properties.ts';
import { timeOf } from '../jira/time.ts';
import { attachmentIdOfLink, attachmentLink, referenceOfMedia } from './media.ts';
import type { JiraParts } from './parts.ts';
import type { JiraAttachment, JiraComment, JiraIssue } from './schemas.ts';

const emptyDocument = { version: 1, type: 'doc', content: [] };

const memo = decodeMemo();

/** A body as Jira holds it, and what it says. A field without a value is an empty document. */
export function textOf(parts: JiraParts, adf: unknown): Text {
  const document = adf ?? emptyDocument;
  const native = JSON.stringify(document);
  if (native.includes('"mention"')) rememberNames(parts, document);
  const context = { attachmentId: (mediaId: string) => referenceOfMedia(parts, mediaId), attachmentIdOfLink };
  return { native, root: memo(native, context, (asked) => decodeAdf(document, asked)) };
}

/** The name by which a text mentions an account goes before the one that the account has. */
function rememberNames(parts: JiraParts, document: unknown): void {
  const waiting = [...contentOf(document)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    waiting.push(...contentOf(node));
    const [id, text] = [textAttribute(node, 'id'), textAttribute(node, 'text')];
    if (node.type === 'mention' && id !== undefined && text !== undefined) parts.names.set(id, text.replace(/^@/, ''));
  }
}

function authorOf(parts: JiraParts, user: { accountId: string; displayName: string } | null | undefined): Author {
  // Deleted accounts are left out of answers.
  if (user === null || user === undefined) return { id: '', displayName: 'Former user', isConnection: false };
  if (!parts.names.has(user.accountId)) parts.names.set(user.accountId, user.displayName);
  return { id: user.accountId, displayName: user.displayName, isConnection: user.accountId === parts.account.id };
}

export function commentSnapshot(parts: JiraParts, issueKey: string, comment: JiraComment): CommentSnapshot {
  const own = (comment.properties ?? []).find((property) => property.key === markKey(parts.connectionId));
  return {
    id: comment.id,
    author: authorOf(parts, comment.author),
    createdAt: timeOf(comment.created),
    updatedAt: timeOf(comment.updated ?? comment.created),
    text: textOf(parts, comment.body),
    restricted: (comment.visibility !== undefined && comment.visibility !== null) || comment.jsdPublic === false,
    marks: markIn(own?.value),
    url: `${parts.api.site.siteUrl}/browse/${issueKey}?focusedCommentId=${comment.id}`,
  };
}

function attachmentSnapshot(parts: JiraParts, attachment: JiraAttachment): AttachmentSnapshot {
  const author = authorOf(parts, attachment.author);
  if (author.isConnection) parts.copies.add(attachment.id);
  return {
    id: attachment.id,
    name: attachment.filename,
    size: attachment.size,
    mediaType: attachment.mimeType,
    author,
    createdAt: attachment.created === undefined ? undefined : timeOf(attachment.created),
    url: attachmentLink(parts, attachment.id),
  };
}

/** An issue read whole: `comments` are all of its comments, in the order of their creation. */
export function issueSnapshot(parts: JiraParts, issue: JiraIssue, comments: readonly JiraComment[]): IssueSnapshot {
  const { fields } = issue;
  parts.issueKeys.set(issue.id, issue.key);
  const properties = issue.properties ?? {};
  const marks = Array.from({ length: partsMax }, (_, index) => properties[markKey(parts.connectionId, index + 1)]).flatMap(
    markIn,
  );
  return {
    id: issue.id,
    key: issue.key,
    url: `${parts.api.site.siteUrl}/browse/${issue.key}`,
    version: fields.updated,
    author: authorOf(parts, fields.creator),
    createdAt: timeOf(fields.created),
    updatedAt: timeOf(fields.updated),
    summary: fields.summary ?? '',
    description: textOf(parts, fields.description),
    type: fields.issuetype.name,
    comments: comments.map((comment) => commentSnapshot(parts, issue.key, comment)),
    attachments: (fields.attachment ?? []).map((attachment) => attachmentSnapshot(parts, attachment)),
    marks,
    marked: marks.length > 0 || properties[anyMarkKey] !== undefined,
    elsewhere: fields.project.id !== parts.project.id,
    readableByAll: fields.security === undefined || fields.security === null,
  };
}

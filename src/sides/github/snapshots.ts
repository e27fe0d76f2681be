import { decodeMemo } from '../../content/decode-memo.ts';
import type { Nodes } from 'mdast';
import { numberCollisions } from '../../content/file-name.ts';
import { decodeMarkdown } from '../../content/markdown.ts';
import { parseAttachmentUrl } from '../../content/neutral.ts';
import type { AttachmentSnapshot, Author, CommentSnapshot, IssueSnapshot, Text } from '../../core/model.ts';
import type { AttachmentLinks } from './attachment-links.ts';
import { attachmentName } from './attachment-links.ts';
import { splitBody, splitText } from '../marked-body.ts';
import { fileLineTargets } from './files-footer.ts';
import type { GitHubComment, GitHubIssue } from './schemas.ts';
import { earlier, versionOf } from './versions.ts';

/** What turns GitHub's answers into snapshots. */
export interface SnapshotContext {
  readonly account: Author;
  readonly links: AttachmentLinks;
  readonly types: 'issue-types' | 'labels';
}

/** Where labels stand for types: `type: Bug`. */
export const typeLabelPrefix = 'type: ';

/** What was read of one issue, with the server's times of the readings. */
export interface IssueParts {
  readonly issue: GitHubIssue;
  readonly readAt: number | undefined;
  /** Complete, oldest first. */
  readonly comments: readonly GitHubComment[];
  readonly commentsReadAt: number | undefined;
}

/** An issue with its comments and every file that its texts refer to. */
export function issueSnapshot(parts: IssueParts, context: SnapshotContext): IssueSnapshot {
  const { issue, comments } = parts;
  const body = splitBody(issue.body ?? '');
  const author = authorOf(issue.user, context);
  const description = textOf(body.content, context);
  const commentSnapshots = comments.map((comment) => commentSnapshot(comment, context));
  return {
    id: String(issue.number),
    key: `#${issue.number}`,
    url: issue.html_url,
    version: issueVersion(parts),
    author,
    createdAt: issue.created_at,
    updatedAt: Math.max(issue.updated_at, ...comments.map((comment) => comment.updated_at)),
    summary: issue.title,
    description,
    type: typeOf(issue, context.types),
    comments: commentSnapshots,
    attachments: attachmentsOf(
      [
        ...listed(body.fileLines, context).map((file) => ({ ...file, author })),
        ...[{ text: description, author }, ...commentSnapshots].flatMap((one) =>
          referred(one.text, context).map((file) => ({ ...file, author: one.author })),
        ),
      ],
      context,
    ),
    marks: body.marks,
    marked: body.marked,
    strayList: body.listed && body.marks.length === 0,
    readableByAll: true,
  };
}

export function commentSnapshot(comment: GitHubComment, context: SnapshotContext): CommentSnapshot {
  const body = splitText(comment.body ?? '');
  return {
    id: String(comment.id),
    author: authorOf(comment.user, context),
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    text: textOf(body.content, context),
    // GitHub has no comments that only some readers of an issue can see.
    restricted: false,
    marks: body.marks,
    url: comment.html_url,
  };
}

/** The newest of the issue's own and its comments' times, and whether that second may still go on. */
export function issueVersion(parts: IssueParts): string {
  const updatedAt = Math.max(parts.issue.updated_at, ...parts.comments.map((comment) => comment.updated_at));
  return versionOf(updatedAt, earlier(parts.readAt, parts.commentsReadAt));
}

/** The name of the type, by the issue's own field or by the first of its type labels. */
export function typeOf(issue: Pick<GitHubIssue, 'type' | 'labels'>, types: 'issue-types' | 'labels'): string | undefined {
  if (types === 'issue-types') return issue.type?.name;
  return issue.labels.find(isTypeLabel)?.slice(typeLabelPrefix.length);
}

export function isTypeLabel(label: string): boolean {
  return label.toLowerCase().startsWith(typeLabelPrefix) && label.length > typeLabelPrefix.length;
}

function authorOf(user: GitHubIssue['user'], context: SnapshotContext): Author {
  // A deleted account's texts are shown as those of "ghost", some answers have no user at all for them.
  if (user === null || user === undefined) return { id: 'ghost', displayName: 'ghost', isConnection: false };
  const id = String(user.id);
  return { id, displayName: user.login, isConnection: id === context.account.id };
}

const memo = decodeMemo();

/** A text as its codec reads it; links to files of this side become `attachment:` URLs. */
export function textOf(content: string, context: Pick<SnapshotContext, 'links'>): Text {
  const decodeContext = { attachmentId: (url: string) => context.links.idOf(url) };
  return { native: content, root: memo(content, decodeContext, (asked) => decodeMarkdown(content, asked)) };
}

interface FoundFile {
  readonly id: string;
  readonly label: string;
  readonly isListed?: boolean;
}

function listed(lines: readonly string[], context: SnapshotContext): readonly FoundFile[] {
  return fileLineTargets(lines).flatMap(({ url, name }) => {
    const id = context.links.idOf(url);
    return id === undefined ? [] : [{ id, label: name, isListed: true }];
  });
}

/** Files that a text links or shows; code holds no links, so nothing in it counts. */
function referred(text: Text, context: SnapshotContext): readonly FoundFile[] {
  const found: FoundFile[] = [];
  const pending: Nodes[] = [text.root];
  for (let node = pending.shift(); node !== undefined; node = pending.shift()) {
    const id = attachmentIn(node);
    if (id !== undefined && context.links.urlOf(id) !== undefined) found.push({ id, label: labelOf(node) });
    if ('children' in node) pending.unshift(...node.children);
  }
  return found;
}

function attachmentIn(node: Nodes): string | undefined {
  if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return undefined;
  const target = parseAttachmentUrl(node.url);
  return target?.side === 'private' ? target.id : undefined;
}

/** The alternative text of an image, the text of a link unless that is its URL. */
function labelOf(node: Nodes): string {
  if ('alt' in node) return node.alt ?? '';
  if ('value' in node) return node.value;
  const text = 'children' in node ? node.children.map((child) => labelOf(child)).join('') : '';
  return /^(?:https?:\/\/|attachment:)/.test(text) ? '' : text;
}

/** Each file once, in the order of the texts; names that occur twice are numbered. */
function attachmentsOf(
  files: readonly (FoundFile & { readonly author: Author })[],
  context: SnapshotContext,
): readonly AttachmentSnapshot[] {
  const byId = new Map(files.toReversed().map((file) => [file.id, file]));
  const inList = new Set(files.flatMap(({ id, isListed }) => (isListed === true ? [id] : [])));
  const first = files.filter((file) => byId.get(file.id) === file);
  const names = numberCollisions(first.map(({ id, label }) => attachmentName(id, label)));
  return first.flatMap(({ id, author }, index) => {
    const url = context.links.urlOf(id);
    const name = names[index];
    if (url === undefined || name === undefined) return [];
    const isListed = inList.has(id);
    return [{ id, name, size: undefined, mediaType: undefined, author, createdAt: undefined, url, isListed }];
  });
}

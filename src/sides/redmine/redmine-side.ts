import type { Author } from '../../core/model.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Side, SideReader, SideTypes, SideWriter } from '../side.ts';
import { createRedmineApi } from './api.ts';
import { addAttachments, openAttachment, removeAttachments } from './attachments.ts';
import { decoded, encoded } from './bodies.ts';
import { eraseMarks } from './erase-marks.ts';
import { history, historyOf, lastEdits } from './history.ts';
import type { RedmineSite } from './hosts.ts';
import { listOwn, listTriggered, observe } from './list.ts';
import { readPermissions } from './inspect-project.ts';
import { load, requireProjectShown } from './load.ts';
import type { RedmineParts, RedmineType, TextFormat } from './parts.ts';
import { createTextGuard } from './trackers-without-text.ts';
import type { Trigger } from './trigger.ts';
import { createComment, editComment, removeComment } from './write-comments.ts';
import { createIssues, editIssue, writeMarks } from './write-issues.ts';

export interface RedmineSideOptions {
  readonly gateway: Gateway;
  readonly site: RedmineSite;
  readonly project: { readonly id: string; readonly name: string };
  readonly trigger: Trigger;
  readonly textFormat: TextFormat;
  readonly account: { readonly id: string; readonly displayName: string };
  readonly defaultTypeName: string | undefined;
  /** False in a dry run: then there is no writer at all. */
  readonly writable: boolean;
}

/**
 * A subject of 255 characters. Texts have no limit of Redmine's own; this one keeps them readable. The limit of files is told
 * in refusing a file above it; from then on larger ones are not sent.
 */
const limits = { summaryLength: 255, bodyLength: 65_535, attachmentBytes: Number.MAX_SAFE_INTEGER };

/** The private side: a project of Redmine (5.0), over the gateway. */
export function createRedmineSide(options: RedmineSideOptions): Side {
  const account: Author = { ...options.account, isConnection: true };
  const api = createRedmineApi(options);
  let types: readonly RedmineType[] | undefined;
  const parts: RedmineParts = {
    api,
    project: options.project,
    account,
    trigger: options.trigger,
    textFormat: options.textFormat,
    types: async () => (types ??= (await requireProjectShown({ api, project: options.project }, 'work')).trackers),
    guardText: createTextGuard(api),
    files: new Map(),
    markFields: new Map(),
    fileBytesMax: undefined,
  };
  return { reader: createReader(parts, options.defaultTypeName), writer: options.writable ? createWriter(parts) : undefined };
}

function createReader(parts: RedmineParts, defaultTypeName: string | undefined): SideReader {
  return {
    name: 'private',
    kind: 'redmine',
    hidesIssues: true,
    account: parts.account,
    limits,
    // Lists come straight from the database: every creation is there at once.
    creations: undefined,
    serverTime: () => parts.api.serverTime(),
    idOf: (key) => Promise.resolve(/^[1-9]\d*$/.test(key) ? key : undefined),
    observe: (request) => observe(parts, request),
    load: (ids, purpose) => load(parts, ids, purpose),
    listTriggered: (purpose) => listTriggered(parts, purpose),
    listOwn: (purpose) => listOwn(parts, purpose),
    lastEdits: (issue) => lastEdits(parts, issue),
    historyOf,
    history: (request) => history(parts, request),
    decode: (native) => decoded(parts, native, undefined),
    lowered: (root, issueId) => decoded(parts, encoded(parts, root, issueId), issueId),
    permissions: () => readPermissions(parts.api, parts.project.id),
    types: async (): Promise<SideTypes> => {
      const names = (await parts.types()).map((type) => type.name);
      // Redmine's own default is the first tracker of the project.
      return { names, defaultName: defaultTypeName ?? names[0], everyNameExists: false, required: true };
    },
    storedCopies: () => Promise.resolve(undefined),
    openAttachment: (_issueId, attachmentId) => openAttachment(parts, attachmentId),
  };
}

function createWriter(parts: RedmineParts): SideWriter {
  return {
    createIssues: (drafts) => createIssues(parts, drafts),
    editIssue: (issue, edit) => editIssue(parts, issue, edit),
    writeMarks: (issue, marks) => writeMarks(parts, issue, marks),
    eraseMarks: (issueId, erasing) => eraseMarks(parts, issueId, erasing),
    createComment: (issueId, draft) => createComment(parts, issueId, draft),
    editComment: (issueId, comment, draft) => editComment(parts, issueId, { comment, draft }),
    removeComment: (_issueId, commentId) => removeComment(parts, commentId),
    addAttachments: (drafts) => addAttachments(parts, drafts),
    removeAttachments: (removals) =>
      removeAttachments(
        parts,
        removals.map((removal) => removal.attachmentId),
      ),
  };
}

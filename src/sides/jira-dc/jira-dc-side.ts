import { decodeWiki } from '../../content/wiki/wiki.ts';
import type { Author } from '../../core/model.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Side, SideReader, SideTypes, SideWriter } from '../side.ts';
import type { JiraType } from '../jira/issue-type.ts';
import { createJiraDcApi } from './api.ts';
import { addAttachments, openAttachment, removeAttachments } from './attachments.ts';
import { encoded, textOf, wikiContext } from './bodies.ts';
import { creationMark, listOwn, markedSince } from './creations.ts';
import { eraseMarks } from './erase-marks.ts';
import { history, historyOf, lastEdits } from './history.ts';
import type { JiraDcSite } from './hosts.ts';
import { readPermissions } from './inspect-project.ts';
import { readTypes } from './issue-types.ts';
import { idOf, load } from './load.ts';
import type { JiraDcParts } from './parts.ts';
import { privateJql } from './private-jql.ts';
import { checkTrigger, listTriggered, observe } from './search.ts';
import { createComment, editComment, removeComment } from './write-comments.ts';
import { createIssues, editIssue, writeMarks } from './write-issues.ts';

export interface JiraDcSideOptions {
  readonly gateway: Gateway;
  readonly site: JiraDcSite;
  readonly project: { readonly id: string; readonly key: string };
  readonly connectionId: string;
  /** The input `private-trigger`: labels, `*` or JQL. */
  readonly trigger: string;
  readonly account: { readonly id: string; readonly displayName: string; readonly timeZone: string };
  readonly attachmentBytesMax: number;
  readonly defaultTypeName: string | undefined;
  /** False in a dry run: then there is no writer at all. */
  readonly writable: boolean;
}

/** A summary of 255 characters; bodies of 32,767 unless an administrator changed `jira.text.field.character.limit`. */
const limits = { summaryLength: 255, bodyLength: 32_767 };

/** The private side: a project of Jira Data Center (10.3; REST version 2), over the gateway. */
export function createJiraDcSide(options: JiraDcSideOptions): Side {
  const api = createJiraDcApi(options);
  const account: Author = { id: options.account.id, displayName: options.account.displayName, isConnection: true };
  let types: readonly JiraType[] | undefined;
  const parts: JiraDcParts = {
    api,
    project: options.project,
    connectionId: options.connectionId,
    trigger: privateJql(options.trigger),
    account,
    timeZone: options.account.timeZone,
    attachmentBytesMax: options.attachmentBytesMax,
    types: async () => (types ??= await readTypes(api, options.project, 'work')),
    files: new Map(),
    issueKeys: new Map(),
    userNames: new Map(),
  };
  return { reader: createReader(parts, options.defaultTypeName), writer: options.writable ? createWriter(parts) : undefined };
}

function createReader(parts: JiraDcParts, defaultTypeName: string | undefined): SideReader {
  return {
    name: 'private',
    kind: 'jira-dc',
    hidesIssues: true,
    account: parts.account,
    limits: { ...limits, attachmentBytes: parts.attachmentBytesMax },
    creations: { mark: (untouchedFor) => creationMark(parts, untouchedFor), markedSince: (mark) => markedSince(parts, mark) },
    serverTime: () => parts.api.serverTime(),
    idOf: (key, purpose) => idOf(parts, key, purpose),
    observe: (request) => observe(parts, request),
    load: (ids, purpose) => load(parts, ids, purpose),
    checkTrigger: (purpose) => checkTrigger(parts, purpose),
    listTriggered: (purpose) => listTriggered(parts, purpose),
    listOwn: (purpose) => listOwn(parts, purpose),
    lastEdits: (issue) => lastEdits(parts, issue),
    historyOf,
    history: (request) => history(parts, request),
    decode: (native) => decodeWiki(native, wikiContext(parts, undefined)),
    lowered: (root, issueId) => textOf(parts, issueId, encoded(parts, root, issueId)).root,
    permissions: () => readPermissions(parts.api, parts.project.id),
    types: async (): Promise<SideTypes> => ({
      names: (await parts.types()).filter((type) => !type.subtask).map((type) => type.name),
      defaultName: defaultTypeName,
      everyNameExists: false,
      required: true,
    }),
    storedCopies: () => Promise.resolve(undefined),
    openAttachment: (_issueId, attachmentId) => openAttachment(parts, attachmentId),
  };
}

function createWriter(parts: JiraDcParts): SideWriter {
  return {
    createIssues: (drafts) => createIssues(parts, drafts),
    editIssue: (issue, edit) => editIssue(parts, issue, edit),
    writeMarks: (issue, marks) => writeMarks(parts, issue, marks),
    eraseMarks: (issueId, erasing) => eraseMarks(parts, issueId, erasing),
    createComment: (issueId, draft) => createComment(parts, issueId, draft),
    editComment: (issueId, comment, draft) => editComment(parts, issueId, { comment, draft }),
    removeComment: (issueId, commentId) => removeComment(parts, issueId, commentId),
    addAttachments: (drafts) => addAttachments(parts, drafts),
    removeAttachments: (removals) =>
      removeAttachments(
        parts,
        removals.map((removal) => removal.attachmentId),
      ),
  };
}

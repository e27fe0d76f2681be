import { getProject } from 'jira.js/cloud';
import type { Author } from '../../core/model.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Side, SideReader, SideTypes, SideWriter } from '../side.ts';
import { addAttachments, aliasOf, openAttachment, removeAttachments } from './attachments.ts';
import { createJiraApi } from './client.ts';
import type { JiraApi } from './client.ts';
import { creationMark, listLedgers, listOwn, markedSince } from './creations.ts';
import { eraseMarks } from './erase-marks.ts';
import { history, historyOf } from './history.ts';
import type { JiraSite } from './hosts.ts';
import { lastEdits } from './last-edits.ts';
import { readAccess } from './access.ts';
import { idOf, load } from './load.ts';
import type { JiraParts } from './parts.ts';
import { projectSchema } from './schemas.ts';
import { checkTrigger, listTriggered, observe } from './search.ts';
import { createComment, editComment, removeComment } from './write-comments.ts';
import { createIssues, editIssue, writeMarks } from './write-issues.ts';
import { parsed } from '../jira/answers.ts';
import type { JiraType } from '../jira/issue-type.ts';
import { textOf } from './snapshots.ts';

export interface JiraCloudSideOptions {
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly project: { readonly id: string; readonly key: string };
  readonly connectionId: string;
  /** JQL of the record; wrapped here as `project = <id> AND (…)`. */
  readonly trigger: string;
  /** A runner's own JQL on top of it; the empty string for none. */
  readonly narrowing: string;
  readonly account: { readonly accountId: string; readonly displayName: string; readonly timeZone: string };
  readonly attachmentBytesMax: number;
  readonly defaultTypeName: string | undefined;
  /** Attachment id → media id as an earlier run found them out; new ones are added. Default: none is known. */
  readonly mediaIds?: Map<string, string>;
  /** False in a dry run: then there is no writer at all. */
  readonly writable: boolean;
}

/** Jira Cloud's own limits: a summary of 255 characters, bodies of 32,767 (content.md, "Limits"). */
const limits = { summaryLength: 255, bodyLength: 32_767 };

/** The public side: a project of a Jira Cloud site, through jira.js over the gateway. */
export function createJiraCloudSide(options: JiraCloudSideOptions): Side {
  const parts = partsOf(options);
  return { reader: createReader(parts, options), writer: options.writable ? createWriter(parts) : undefined };
}

function partsOf(options: JiraCloudSideOptions): JiraParts {
  const api = createJiraApi(options);
  const account: Author = { id: options.account.accountId, displayName: options.account.displayName, isConnection: true };
  return {
    api,
    project: options.project,
    connectionId: options.connectionId,
    trigger: options.trigger,
    narrowing: options.narrowing,
    account,
    timeZone: options.account.timeZone,
    attachmentBytesMax: options.attachmentBytesMax,
    mediaIds: options.mediaIds ?? new Map(),
    copies: new Set(),
    issueKeys: new Map(),
    names: new Map(),
    types: typesReader(api, options),
  };
}

function typesReader(api: JiraApi, options: JiraCloudSideOptions): () => Promise<readonly JiraType[]> {
  let known: readonly JiraType[] | undefined;
  return async () => {
    known ??= parsed(
      projectSchema,
      await getProject(api.clientFor('work'), { projectIdOrKey: options.project.id }),
      'the project',
    ).issueTypes;
    return known;
  };
}

function createReader(parts: JiraParts, options: JiraCloudSideOptions): SideReader {
  return {
    name: 'public',
    kind: 'jira-cloud',
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
    listLedgers: (purpose) => listLedgers(parts, purpose),
    lastEdits: (issue) => lastEdits(parts, issue),
    historyOf,
    history: (request) => history(parts, request),
    decode: (native) => textOf(parts, JSON.parse(native)).root,
    permissions: () => readAccess(parts.api, parts.project.id),
    types: async (): Promise<SideTypes> => ({
      names: (await parts.types()).filter((type) => !type.subtask).map((type) => type.name),
      defaultName: options.defaultTypeName,
      everyNameExists: false,
      required: true,
    }),
    storedCopies: () => Promise.resolve(undefined),
    aliasOf: (attachmentId) => aliasOf(parts, attachmentId),
    openAttachment: (_issueId, attachmentId) => openAttachment(parts, attachmentId),
  };
}

function createWriter(parts: JiraParts): SideWriter {
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

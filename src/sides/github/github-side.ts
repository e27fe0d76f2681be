import type { Author } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Side, SideReader, SideTypes, SideWriter } from '../side.ts';
import type { GitHubAddresses } from './addresses.ts';
import { attachmentLinks, copyId, isCopyPath } from './attachment-links.ts';
import { createFileBranch } from './file-branch.ts';
import { createGitHubApi } from './github-api.ts';
import { eraseMarks } from './erase-marks.ts';
import { history, historyOf } from './history.ts';
import type { IssueReading } from './issue-reading.ts';
import { readPermissions } from './inspect-repository.ts';
import { createIssueReading } from './issue-reading.ts';
import { readIssueTypes } from './issue-types.ts';
import { lastEdits } from './last-edits.ts';
import { listOwn, listTriggered } from './list-issues.ts';
import { load } from './load.ts';
import { observe } from './observe.ts';
import { openAttachment } from './open-attachment.ts';
import type { SnapshotContext } from './snapshots.ts';
import { textOf } from './snapshots.ts';
import type { PrivateTrigger } from './trigger.ts';
import { addAttachments, attachmentBytesMax, removeAttachments } from './write-attachments.ts';
import { createComment, editComment, removeComment } from './write-comments.ts';
import { createIssues, editIssue, writeMarks } from './write-issues.ts';

export interface GitHubSideOptions {
  readonly gateway: Gateway;
  readonly addresses: GitHubAddresses;
  readonly repository: { readonly owner: string; readonly name: string; readonly id?: number; readonly private?: boolean };
  /** Asked for at each request; see app-token.ts for one that is refreshed. */
  readonly token: () => Promise<string>;
  /** Names the branch of the files: `sallyport/<connection id>`. */
  readonly connectionId: string;
  readonly trigger: PrivateTrigger;
  /** The account of the token: numeric id, login as display name. */
  readonly account: Author;
  readonly attachments: 'repository' | 'list-only';
  /** Where files are stored, default the issues' own repository. */
  readonly attachmentsRepository?: { readonly owner: string; readonly name: string };
  readonly types: 'issue-types' | 'labels';
  /** Where issues without a mirrored type go. */
  readonly defaultTypeName: string | undefined;
  /** False in a dry run: then there is no writer at all. */
  readonly writable: boolean;
}

/** Title: 256 characters. Body: 65,536, worked to 60,000 (content.md, "Limits"). */
const limits = { summaryLength: 256, bodyLength: 60_000, attachmentBytes: attachmentBytesMax };

/** The private side on github.com or GitHub Enterprise Server: a repository's issues, their comments, and its file branch. */
export function createGitHubSide(options: GitHubSideOptions): Side {
  const { addresses, repository, account } = options;
  const api = createGitHubApi(options);
  const reading = createIssueReading({ api, repository });
  const filesRepository = options.attachmentsRepository ?? repository;
  const branch = `sallyport/${options.connectionId}`;
  const links = attachmentLinks({ addresses, filesRepository, branch });
  const context: SnapshotContext = { account, links, types: options.types };
  const files = createFileBranch({ api, repository: filesRepository, branch });
  const reader: SideReader = {
    name: 'private',
    kind: 'github',
    hidesIssues: false,
    account,
    limits,
    // A listing shows an issue as soon as its creation was answered.
    creations: undefined,
    serverTime: () => api.serverTime(),
    idOf: (key) => Promise.resolve(/^[1-9]\d*$/.test(key) ? key : undefined),
    observe: (request) => observe(reading, options.trigger, request),
    load: (ids, purpose, how) => load(reading, context, { ids, purpose, fresh: how?.fresh ?? false }),
    listTriggered: (purpose) => listTriggered(reading, options.trigger, purpose),
    listOwn: (purpose) => listOwn(reading, context, purpose),
    lastEdits: (issue) => lastEdits(reading, context, issue),
    historyOf: historyOf(options.types),
    history: (request) => history(reading, context, request),
    decode: (native) => textOf(native, context).root,
    permissions: () => readPermissions(api, repository),
    types: typesReader(reading, options),
    storedCopies: async (purpose) => (await files.paths(purpose))?.filter(isCopyPath).map(copyId),
    openAttachment: (issueId, attachmentId) =>
      openAttachment(reading, { links, filesRepository, branch }, { issueId, attachmentId }),
  };
  return {
    reader,
    writer: options.writable ? createWriter({ reading, context, files, attachments: options.attachments }) : undefined,
  };
}

function createWriter(parts: {
  readonly reading: IssueReading;
  readonly context: SnapshotContext;
  readonly files: ReturnType<typeof createFileBranch>;
  readonly attachments: 'repository' | 'list-only';
}): SideWriter {
  const { reading, context, files } = parts;
  return {
    createIssues: (drafts) => createIssues(reading, context, drafts),
    editIssue: (issue, edit) => editIssue(reading, context, { issue, edit }),
    writeMarks: (issue, marks) => writeMarks(reading, issue.id, marks),
    eraseMarks: (issueId, erasing) => eraseMarks(reading, issueId, erasing),
    createComment: (issueId, draft) => createComment(reading, context, { issueId, draft }),
    editComment: (issueId, comment, draft) => editComment(reading, context, { issueId, comment, draft }),
    removeComment: (issueId, commentId) => removeComment(reading, issueId, commentId),
    addAttachments: async (drafts) => {
      if (parts.attachments === 'repository') return addAttachments(files, drafts);
      const error = new SallyportError('Files are not stored here (attachments: list-only); they are listed with a link.', {
        kind: 'refused',
      });
      return drafts.map(() => ({ kind: 'failed', error }));
    },
    removeAttachments: (removals) =>
      removeAttachments(
        files,
        context.links,
        removals.map((removal) => removal.attachmentId),
      ),
  };
}

/** The types, read once: they change seldom, and a runner lives for an hour at most. */
function typesReader(reading: IssueReading, options: GitHubSideOptions): () => Promise<SideTypes> {
  const { defaultTypeName: defaultName } = options;
  if (options.types === 'labels') {
    return async () => ({ names: [], defaultName, everyNameExists: true, required: false });
  }
  let known: readonly string[] | undefined;
  return async () => {
    known ??= (await readIssueTypes(reading.api, reading.repository, 'work')) ?? [];
    return { names: known, defaultName, everyNameExists: false, required: false };
  };
}

import { createHash } from 'node:crypto';
import type { Neutral } from '../content/neutral.ts';
import type { Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { printed } from '../core/replica.ts';
import { verifyStamp } from '../core/stamp.ts';
import { summaryFingerprint } from '../core/summary.ts';
import { twinKey } from '../core/twin.ts';
import { isOutcomeUnknown, kindOf } from '../errors.ts';
import type { AttachmentDraft, CommentDraft, IssueDraft, IssueEdit, Side, SideWriter } from '../sides/side.ts';
import type { CycleOptions } from './ports.ts';

/** One line of the audit log: what a run is about to write, or what became of it. Never content, names or secrets. */
export interface JournalEntry {
  /** Connection time. */
  readonly time: string;
  readonly run: string;
  /** Counts the effects of a run from 1; an intent without `done` or `failed` is one whose run died or was ended. */
  readonly effect: number;
  readonly phase: 'intent' | 'done' | 'failed';
  readonly kind: string;
  /** The side written to. */
  readonly side: SideName;
  /** Both issues' ids, the public one first; one of them is empty until its issue exists. */
  readonly twin: string;
  readonly ids: Readonly<Record<string, string>>;
  /** Of the canonical form of each text that is written, and of files. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Of `failed`: the error's name. */
  readonly error?: string;
  /** Of `failed`: no answer came, so it may have happened. */
  readonly outcomeUnknown?: true;
}

/** Where entries go: they are kept before `append` resolves. */
export interface Journal {
  append(entries: readonly JournalEntry[]): Promise<void>;
}

interface Around {
  readonly journal: Journal;
  readonly name: SideName;
  readonly options: Pick<CycleOptions, 'cycleId' | 'connectionId' | 'keys'>;
  readonly now: () => number;
  readonly nextEffect: () => number;
  readonly twinOf: (issueId: string) => string | undefined;
}

type Subject = Pick<JournalEntry, 'kind' | 'twin' | 'ids' | 'hashes'>;
/** What became of a subject: what is known beyond it, or the error that it failed with. */
type Became = { readonly more?: Partial<Subject> } | { readonly error: unknown };

/**
 * The side with a writer that notes every effect, before it is sent and again when its answer is there. A write whose
 * intent cannot be noted is not made.
 */
export function journaledSide(side: Side, around: Around): Side {
  const { writer } = side;
  return writer === undefined ? side : { ...side, writer: journaledWriter(writer, around) };
}

function journaledWriter(writer: SideWriter, around: Around): SideWriter {
  const one = <T>(subject: Subject, run: () => Promise<T>, became: (result: T) => Became = () => ({})): Promise<T> =>
    noted(around, [subject], { run, became: (result) => [became(result)] });
  const onIssue = (issueId: string): Pick<Subject, 'twin'> => ({ twin: twinText(around, issueId) });
  return {
    createIssues: (drafts) =>
      noted(
        around,
        drafts.map((draft) => issueSubject(around, draft)),
        {
          run: () => writer.createIssues(drafts),
          became: (outcomes) =>
            drafts.map((draft, index): Became => {
              const outcome = outcomes[index];
              if (outcome?.kind !== 'created') return { error: outcome?.error };
              return { more: createdMore(around, draft, outcome.id) };
            }),
        },
      ),
    editIssue: (issue, edit) =>
      one({ kind: 'fields.write', ...onIssue(issue.id), ids: { issue: issue.id }, hashes: fieldHashes(edit) }, () =>
        writer.editIssue(issue, edit),
      ),
    writeMarks: (issue, tokens) =>
      one({ kind: 'marks.write', ...onIssue(issue.id), ids: { issue: issue.id }, hashes: {} }, () =>
        writer.writeMarks(issue, tokens),
      ),
    eraseMarks: (issueId, erasing) =>
      one({ kind: 'marks.erase', ...onIssue(issueId), ids: { issue: issueId }, hashes: {} }, () =>
        writer.eraseMarks(issueId, erasing),
      ),
    createComment: (issueId, draft) =>
      one(
        {
          kind: 'comment.create',
          ...onIssue(issueId),
          ids: { issue: issueId, ...originOf(around, draft) },
          hashes: textHash(draft.body),
        },
        () => writer.createComment(issueId, draft),
        (comment) => ({ more: { ids: { issue: issueId, ...originOf(around, draft), comment: comment.id } } }),
      ),
    editComment: (issueId, comment, draft) =>
      one(
        {
          kind: 'comment.write',
          ...onIssue(issueId),
          ids: { issue: issueId, comment: comment.id },
          hashes: textHash(draft.body),
        },
        () => writer.editComment(issueId, comment, draft),
      ),
    removeComment: (issueId, commentId) =>
      one({ kind: 'comment.remove', ...onIssue(issueId), ids: { issue: issueId, comment: commentId }, hashes: {} }, () =>
        writer.removeComment(issueId, commentId),
      ),
    addAttachments: (drafts) => addAttachments(writer, around, drafts),
    removeAttachments: (removals) =>
      noted(
        around,
        removals.map(({ issueId, attachmentId }) => ({
          kind: 'attachment.remove',
          ...onIssue(issueId),
          ids: { issue: issueId, ...fileId('attachment', attachmentId) },
          hashes: {},
        })),
        { run: () => writer.removeAttachments(removals), became: () => removals.map(() => ({})) },
      ),
  };
}

function addAttachments(
  writer: SideWriter,
  around: Around,
  drafts: readonly AttachmentDraft[],
): ReturnType<SideWriter['addAttachments']> {
  const ids = (draft: AttachmentDraft): Record<string, string> => ({
    issue: draft.issueId,
    ...fileId('origin', draft.originAttachmentId),
  });
  return noted(
    around,
    drafts.map((draft) => ({
      kind: 'attachment.create',
      twin: twinText(around, draft.issueId),
      ids: ids(draft),
      hashes: {},
    })),
    {
      run: () => writer.addAttachments(drafts),
      became: (outcomes) =>
        drafts.map((draft, index): Became => {
          const outcome = outcomes[index];
          if (outcome?.kind !== 'stored') return { error: outcome?.error };
          const stored = fileId('attachment', outcome.attachmentId);
          return { more: { ids: { ...ids(draft), ...stored }, hashes: { file: outcome.sha256 } } };
        }),
    },
  );
}

async function noted<T>(
  around: Around,
  subjects: readonly Subject[],
  work: { readonly run: () => Promise<T>; readonly became: (result: T) => readonly Became[] },
): Promise<T> {
  const entries = subjects.map((subject) => ({
    time: timeOf(around),
    run: around.options.cycleId,
    effect: around.nextEffect(),
    phase: 'intent' as const,
    side: around.name,
    ...subject,
  }));
  await around.journal.append(entries);
  const close = (ends: readonly Became[]): Promise<void> =>
    around.journal.append(
      entries.map((entry, index) => ({ ...entry, time: timeOf(around), ...endOf(ends[index] ?? { error: undefined }) })),
    );
  let result: T;
  try {
    result = await work.run();
  } catch (error) {
    await close(subjects.map(() => ({ error })));
    throw error;
  }
  await close(work.became(result));
  return result;
}

function endOf(became: Became): Partial<JournalEntry> {
  if (!('error' in became)) return { phase: 'done', ...became.more };
  const { error } = became;
  return { phase: 'failed', error: kindOf(error), ...(isOutcomeUnknown(error) ? { outcomeUnknown: true as const } : {}) };
}

function timeOf(around: Around): string {
  return new Date(around.now()).toISOString();
}

function twinText(around: Around, issueId: string): string {
  return around.twinOf(issueId) ?? twinKey(pairOf(around.name, issueId, ''));
}

function pairOf(side: SideName, own: string, other: string): Pair<string> {
  return side === 'public' ? { public: own, private: other } : { public: other, private: own };
}

/** The other side's issue, as the draft's own stamp names it. */
function originIssueOf(around: Around, draft: IssueDraft): string {
  for (const token of draft.marks) {
    const verified = verifyStamp(token, around.options.keys, around.options.connectionId);
    if (verified.kind === 'valid' && verified.stamp.kind === 'issue') return verified.stamp.base.ids[otherSide[around.name]];
  }
  return '';
}

function issueSubject(around: Around, draft: IssueDraft): Subject {
  const origin = originIssueOf(around, draft);
  return {
    kind: 'issue.create',
    twin: twinKey(pairOf(around.name, '', origin)),
    ids: { origin },
    hashes: fieldHashes(draft),
  };
}

function createdMore(around: Around, draft: IssueDraft, id: string): Partial<Subject> {
  const origin = originIssueOf(around, draft);
  return { twin: twinKey(pairOf(around.name, id, origin)), ids: { origin, issue: id } };
}

function originOf(around: Around, draft: CommentDraft): Record<string, string> {
  for (const token of draft.marks) {
    const verified = verifyStamp(token, around.options.keys, around.options.connectionId);
    if (verified.kind === 'valid' && verified.stamp.kind === 'comment') return { origin: verified.stamp.other };
  }
  return {};
}

function fieldHashes(
  fields: Pick<IssueEdit, 'summary' | 'description'> & { readonly type?: string | undefined },
): Record<string, string> {
  return {
    ...(fields.summary === undefined ? {} : { summary: summaryFingerprint(fields.summary) }),
    ...(fields.description === undefined ? {} : { description: printed(fields.description).print }),
    ...(fields.type === undefined ? {} : { type: digest(fields.type) }),
  };
}

function textHash(body: Neutral): Record<string, string> {
  return { text: printed(body).print };
}

/** On GitHub the id of a file is a path or an address with its name in it, which is content: its hash stands for it. */
function fileId(name: string, id: string): Record<string, string> {
  return /^\d+$/.test(id) ? { [name]: id } : { [`${name}Hash`]: digest(id) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

import type { SideName } from '../../src/core/model.ts';
import type { ConflictLine } from '../../src/core/result.ts';
import type { IssueData } from '../../src/simulators/jira-cloud/people.ts';
import { isGuarded } from './hide-comment.ts';
import type { FieldEdit, Ledger, LedgerComment, LedgerFile, LedgerIssue } from './ledger.ts';
import { itemKey, originOf, sideOf, wordsOf } from './ledger.ts';
import type { PrivateIssue } from './private-tracker.ts';
import type { Settings } from './scenario.ts';
import { jiraTypes } from './names.ts';
import type { Trackers } from './trackers.ts';

/** A conflict that a cycle reported, of which twin, and how many cycles had ended then. */
export interface Reported {
  readonly conflict: Pick<ConflictLine, 'field' | 'outcome'> & { readonly urls: readonly string[] };
  readonly at: number;
}

export interface Evidence {
  readonly trackers: Trackers;
  readonly ledger: Ledger;
  readonly reported: readonly Reported[];
  readonly settings: Pick<Settings, 'holdRestricted' | 'private' | 'issueTypes'>;
}

/** One side of a twin, whichever the tracker: what people see of it. */
interface Seen {
  readonly side: SideName;
  readonly id: string;
  readonly url: string;
  readonly summary: string;
  readonly text: string;
  readonly type: string | undefined;
  readonly comments: ReadonlyMap<string, string>;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

interface Pairing {
  readonly entry: LedgerIssue;
  readonly origin: Seen;
  readonly copy: Seen;
}

/** I6: everything that people made and did not remove is there. To be asked at any time. */
export function removedByNobody(evidence: Evidence, { isUnfinished }: { readonly isUnfinished: boolean }): readonly string[] {
  const { trackers, ledger } = evidence;
  const broken: string[] = [];
  const jira = new Map(trackers.jira.people.issues().map((issue) => [issue.id, issue]));
  const there = new Map(trackers.there.issues().map((issue) => [issue.id, issue]));
  for (const entry of ledger.issues.values()) {
    if (entry.left) continue;
    const isThere = entry.side === 'public' ? jira.has(entry.id) : there.has(entry.id);
    if (!isThere) broken.push(`I6: issue ${entry.side} ${entry.id} is gone and no person removed it`);
  }
  const comments = new Set([
    ...[...jira.values()].flatMap((issue) => issue.comments.map((comment) => itemKey('public', comment.id))),
    ...[...there.values()].flatMap((issue) => issue.comments.map((comment) => itemKey('private', comment.id))),
  ]);
  for (const [key, comment] of ledger.comments) {
    if (comment.removed || twinLeft(ledger, comment.issue) || comments.has(key)) continue;
    broken.push(`I6: comment ${key} is gone and no person removed it`);
  }
  for (const file of ledger.files.values()) {
    if (file.removed || twinLeft(ledger, file.issue)) continue;
    // A link that a text lost to a write comes back with the repair, which a run that did not come to its end leaves to the next.
    if (isUnfinished && file.side === 'private') continue;
    if (mayBeRefused(ledger, file)) continue;
    const [side = '', id = ''] = file.issue.split(' ');
    const isThere =
      side === 'public' ? jira.get(id)?.attachments.some((one) => one.name === file.name) : there.get(id)?.hasOwnFile(file.name);
    if (isThere !== true) broken.push(`I6: file ${file.name} of ${file.issue} is gone and no person removed it`);
  }
  return broken;
}

function twinLeft(ledger: Ledger, issue: string): boolean {
  return ledger.issues.get(originOf(ledger, issue))?.left ?? true;
}

/** I1 without the audit: what listings show is in step three cycles after the last edit and fault. */
export function shownInStep(evidence: Evidence): readonly string[] {
  if (evidence.ledger.issuesHidden) return [];
  const seen = seenOf(evidence.trackers);
  return [...evidence.ledger.copies].flatMap(([copyKey, originKey]) => {
    const [entry, origin, copy] = [evidence.ledger.issues.get(originKey), seen.get(originKey), seen.get(copyKey)];
    if (entry === undefined || entry.left || origin === undefined || copy === undefined) return [];
    const differ = origin.summary !== copy.summary || plain(origin.text) !== plain(copy.text);
    return differ ? [`I1: ${originKey} and its copy ${copyKey} differ after three cycles without an edit`] : [];
  });
}

/** I1, I3 and what of I2, I6 and I10 shows at the end: to be asked once edits and faults have stopped and the cycles after them ended. */
export function inStep(evidence: Evidence): readonly string[] {
  const broken: string[] = [...removedByNobody(evidence, { isUnfinished: false })];
  const seen = seenOf(evidence.trackers);
  const copyOf = new Map([...evidence.ledger.copies].map(([copy, origin]) => [origin, copy]));
  for (const [key, entry] of evidence.ledger.issues) {
    // Nothing tells of that copy any more, and without the trigger its origin gets no other.
    const isStranger = entry.lostUnseen && evidence.ledger.untriggered.has(key);
    if (entry.left || isStranger) continue;
    const origin = seen.get(key);
    const copyKey = copyOf.get(key);
    const copy = copyKey === undefined ? undefined : seen.get(copyKey);
    if (origin === undefined) continue;
    if (entry.stamped && copyKey !== undefined) broken.push(`I10: ${key} is a clone with its model's stamp, and was copied`);
    if (copy === undefined) {
      if (copyKey === undefined && !entry.marked && !entry.tampered) broken.push(`I1: ${key} has no copy`);
      continue;
    }
    broken.push(...twinProblems(evidence, { entry, origin, copy }));
  }
  broken.push(...pings(evidence.trackers), ...leftovers(evidence));
  return broken;
}

function twinProblems(evidence: Evidence, pairing: Pairing): readonly string[] {
  const { origin, copy } = pairing;
  const name = `${origin.side} ${origin.id} and its copy ${copy.id}`;
  return [
    ...(origin.summary === copy.summary ? [] : [`I1: the summaries of ${name} differ: ${origin.summary} / ${copy.summary}`]),
    ...(plain(origin.text) === plain(copy.text)
      ? []
      : [`I1: the descriptions of ${name} differ: ${plain(origin.text)} / ${plain(copy.text)}`]),
    ...typeProblems(evidence, pairing, name),
    ...commentProblems(evidence, pairing, name),
    ...fileProblems(evidence, pairing, name),
    ...orderProblems(evidence.ledger, origin),
    ...orderProblems(evidence.ledger, copy),
    ...lostWords(evidence, pairing),
    ...returnedWords(evidence, pairing),
    ...earlierWinners(evidence, pairing),
  ];
}

/** Words alone, in their order: formatting is for the tests of content. */
function plain(text: string): string {
  return wordsOf(text).join(' ');
}

function typeProblems(evidence: Evidence, { entry, origin, copy }: Pairing, name: string): readonly string[] {
  const jira = origin.side === 'public' ? origin.type : copy.type;
  const there = origin.side === 'public' ? copy.type : origin.type;
  const onJira: readonly string[] = jiraTypes;
  const onThere = evidence.trackers.there.typeNames;
  const fits =
    jira === there ||
    (jira === 'Task' && (there === undefined || !onJira.includes(there))) ||
    ((there === 'Task' || there === undefined) && jira !== undefined && !onThere.includes(jira));
  const broken = fits ? [] : [`I1: the types of ${name} differ: Jira ${jira}, there ${there}`];
  const last = entry.lastType;
  if (last === undefined) return broken;
  const now = last.side === 'public' ? jira : there;
  if (now === last.name) return broken;
  const lost = `I3: the type ${last.name} that a person chose on the ${last.side} side of ${name}`;
  if (!wasReported(evidence, { url: [origin.url, copy.url], field: 'type', since: last.at }))
    return [...broken, `${lost} is lost: ${now}`];
  const chosenAt = editsOf(evidence, { field: 'type', origin }).findLast(({ issue }) => sideOf(issue) === last.side)?.at;
  // GitHub tells no time for its issue types.
  const isTold = evidence.settings.private !== 'github' || !evidence.settings.issueTypes;
  if (!isTold || chosenAt === undefined || mayLose(evidence, { field: 'type', origin, side: last.side, at: chosenAt }))
    return broken;
  return [...broken, `${lost} lost to ${now}, which was chosen earlier`];
}

function commentProblems(evidence: Evidence, pairing: Pairing, name: string): readonly string[] {
  const { ledger, settings, trackers } = evidence;
  const removalsWait = isGuarded(trackers, ledger);
  return commentsOf(ledger, pairing).flatMap(({ comment, ...at }) =>
    oneComment(comment, { ...at, name, removalsWait, held: settings.holdRestricted && comment.restricted }),
  );
}

/** The people's comments of a twin, by the ledger, with what stands of each on its own side and of its copy on the other. */
function commentsOf(ledger: Ledger, { origin, copy }: Pairing) {
  const copies = new Map([...ledger.commentCopies].map(([its, of]) => [of, its]));
  const own = [...ledger.comments].filter(([, { issue }]) => originOf(ledger, issue) === itemKey(origin.side, origin.id));
  return own.map(([key, comment]) => {
    const [here, there] = comment.side === origin.side ? [origin, copy] : [copy, origin];
    const copyKey = copies.get(key);
    const copyText = copyKey === undefined ? undefined : there.comments.get(copyKey.split(' ')[1] ?? '');
    return { key, comment, text: here.comments.get(comment.id), copyText };
  });
}

function oneComment(
  comment: LedgerComment,
  at: {
    readonly key: string;
    readonly text: string | undefined;
    readonly copyText: string | undefined;
    readonly name: string;
    readonly held: boolean;
    readonly removalsWait: boolean;
  },
): readonly string[] {
  const { key, text, copyText, name } = at;
  if (comment.unseen) return [];
  // Of what everybody could read at first a notice stands in the place of the copy.
  if (at.held)
    return copyText === undefined || (comment.wasRestricted === true && !shares(copyText, text))
      ? []
      : [`I8: comment ${key} is restricted and held, but has a copy`];
  if (comment.removed) {
    // The copy of what not everyone could read stays: its absence cannot be told from a lost permission (I6).
    const isUnsure = comment.restricted || comment.wasRestricted === true || at.removalsWait;
    return copyText === undefined || isUnsure ? [] : [`I1: comment ${key} of ${name} was removed, its copy stays`];
  }
  if (comment.buried)
    return copyText === undefined ? [] : [`I1: the copy of comment ${key} of ${name} was removed and is there again`];
  if (copyText === undefined) return [`I1: comment ${key} of ${name} has no copy`];
  return plain(text ?? '') === plain(copyText)
    ? []
    : [`I1: comment ${key} of ${name} differs from its copy: ${plain(text ?? '')} / ${plain(copyText)}`];
}

function shares(copyText: string, text = ''): boolean {
  const own = wordsOf(text);
  return wordsOf(copyText).some((word) => own.includes(word));
}

function fileProblems(evidence: Evidence, pairing: Pairing, name: string): readonly string[] {
  const { ledger } = evidence;
  const origin = itemKey(pairing.origin.side, pairing.origin.id);
  return [...ledger.files.values()].flatMap((file) => {
    if (originOf(ledger, file.issue) !== origin || file.unseen || mayBeRefused(ledger, file)) return [];
    const there = file.side === pairing.origin.side ? pairing.copy : pairing.origin;
    const found = there.files.filter((one) => one.text === file.text);
    const wanted = file.removed || file.buried ? 0 : 1;
    if (file.removed && isGuarded(evidence.trackers, ledger)) return [];
    return found.length === wanted
      ? []
      : [`${found.length > 1 ? 'I2' : 'I1'}: file ${file.name} of ${name} has ${found.length} copies instead of ${wanted}`];
  });
}

/** On GitHub a file is what shows it; a link that met a write cannot be put back where the server refuses that for good, which is told. */
function mayBeRefused({ refused }: Ledger, { side, name }: LedgerFile): boolean {
  return side === 'private' && refused.has(name);
}

/** I3: what a person took out of a description stands there no more, or that was reported. */
function returnedWords(evidence: Evidence, { origin, copy }: Pairing): readonly string[] {
  const { ledger } = evidence;
  const there = new Set(wordsOf([origin.text, copy.text].join('\n')));
  return [...ledger.words.values()].flatMap(({ word, kind, takenAt }) => {
    if (kind !== 'description' || takenAt === undefined || !there.has(word)) return [];
    return wasReported(evidence, { url: [origin.url, copy.url], field: kind, since: takenAt })
      ? []
      : [`I3: ${word} (${kind} of ${origin.id}) was taken away, and stands there again without a report`];
  });
}

/** I3: a value that nobody replaced who had seen it is on both sides, or its loss was reported. */
function lostWords(evidence: Evidence, { origin, copy }: Pairing): readonly string[] {
  const { ledger } = evidence;
  const key = itemKey(origin.side, origin.id);
  const all = (side: Seen): Set<string> => new Set(wordsOf([side.summary, side.text, ...side.comments.values()].join('\n')));
  const there = [all(origin), all(copy)];
  return [...ledger.words.values()].flatMap((word) => {
    if (originOf(ledger, word.issue) !== key || word.superseded) return [];
    const comment = word.comment === undefined ? undefined : ledger.comments.get(word.comment);
    if (comment !== undefined && (comment.removed || comment.buried)) return [];
    const held = comment?.restricted === true && evidence.settings.holdRestricted;
    const isThere = held ? there.some((words) => words.has(word.word)) : there.every((words) => words.has(word.word));
    const isReported = wasReported(evidence, { url: [origin.url, copy.url], field: word.kind, since: word.at });
    return isThere || isReported ? [] : [`I3: ${word.word} (${word.kind} of ${word.issue}) was lost without a report`];
  });
}

/** Clocks tell whole seconds, and their difference is known to a second; within two seconds it is a tie. */
const tieMsMax = 5_000;

/** Of two summaries, or texts of one comment, that met the later one stands. What a person replaced who saw it is out of the question. */
function earlierWinners({ ledger, settings }: Evidence, pairing: Pairing): readonly string[] {
  const { origin, copy } = pairing;
  const key = itemKey(origin.side, origin.id);
  // What cannot be put back, as its server refuses it, gives way to what stands.
  const own = [...ledger.words.values()].filter(
    ({ issue, superseded, word }) => !superseded && !ledger.refused.has(word) && originOf(ledger, issue) === key,
  );
  const summaries = own.filter(({ kind }) => kind === 'summary');
  const standing = new Set(wordsOf([origin.text, copy.text].join('\n')));
  const lost = own.filter(({ kind, word }) => kind === 'description' && !standing.has(word));
  return [
    ...lost.flatMap(({ word, issue }) => {
      const at = ledger.writtenAt.get(word);
      const side = sideOf(issue);
      if (at === undefined || mayLose({ ledger }, { field: 'description', origin, side, at })) return [];
      return [`I3: ${word} (description of ${issue}) lost to a text that was written earlier`];
    }),
    ...earlierOf(ledger, { what: `summary of ${key}`, words: summaries, texts: [origin.summary, copy.summary] }),
    ...commentsOf(ledger, pairing).flatMap(({ key: id, comment, text = '', copyText = '' }) => {
      // Who may read a comment is an edit of it, too, by its tracker's time. Redmine tells no time of a note's edit: a tie.
      if (comment.hiddenAt !== undefined || settings.private === 'redmine') return [];
      const words = own.filter((word) => word.comment === id);
      return earlierOf(ledger, { what: `comment ${id}`, words, texts: [text, copyText] });
    }),
  ];
}

/** People's edits of a field of a twin, on either side, in their order. */
function editsOf(
  { ledger }: Pick<Evidence, 'ledger'>,
  of: { readonly field: FieldEdit['field']; readonly origin: Seen },
): readonly FieldEdit[] {
  const key = itemKey(of.origin.side, of.origin.id);
  return ledger.edits.filter(({ field, issue }) => field === of.field && originOf(ledger, issue) === key);
}

/** Whether somebody edited the field on the other side not earlier than this, or on the same side after it. */
function mayLose(
  evidence: Pick<Evidence, 'ledger'>,
  edit: { readonly field: FieldEdit['field']; readonly origin: Seen; readonly side: SideName; readonly at: number },
): boolean {
  const all = editsOf(evidence, edit);
  const own = all.findIndex(({ issue, at }) => sideOf(issue) === edit.side && at === edit.at);
  return all.some(({ issue, at }, index) => (sideOf(issue) === edit.side ? index > own : at > edit.at - tieMsMax));
}

function earlierOf(
  ledger: Ledger,
  value: { readonly what: string; readonly words: readonly { readonly word: string }[]; readonly texts: readonly string[] },
): readonly string[] {
  const at = (word: string): number => ledger.writtenAt.get(word) ?? 0;
  const [here = [], there = []] = value.texts.map(wordsOf);
  const standing = here.filter((word) => there.includes(word));
  return standing.flatMap((word) => {
    const later = value.words.find((other) => !standing.includes(other.word) && at(other.word) > at(word) + tieMsMax);
    return later === undefined ? [] : [`I3: the ${value.what}, ${later.word}, lost to ${word}, which was written earlier`];
  });
}

function wasReported(evidence: Evidence, loss: { url: readonly string[]; field: string; since: number }): boolean {
  return evidence.reported.some(
    ({ conflict, at }) =>
      at >= loss.since &&
      conflict.field === loss.field &&
      conflict.outcome !== 'merged' &&
      conflict.urls.some((url) => loss.url.includes(url)),
  );
}

/** I1: the branch holds no copy of a file that was removed. */
function leftovers({ trackers, ledger }: Evidence): readonly string[] {
  const paths = trackers.there.storedFiles();
  return paths.flatMap((path) => {
    const file = ledger.files.get(path.split('/').at(-1) ?? '');
    // Of an upload that was never answered, of a file removed before any run saw its copy, nobody knows: `audit: full` looks.
    return file === undefined || !file.removed || file.unseen || twinLeft(ledger, file.issue)
      ? []
      : [`I1: ${path} is left in the branch, though its origin was removed`];
  });
}

/**
 * Copies of comments stand in the order in which their origins were made, but for those that came into sight later, those that a
 * server refused at first, and those made again because a person took the first copy away before any run saw it.
 */
function orderProblems(ledger: Ledger, side: Seen): readonly string[] {
  const origins = [...ledger.comments.keys()];
  const places = [...side.comments.keys()].flatMap((id) => {
    const origin = ledger.commentCopies.get(itemKey(side.side, id));
    const entry = ledger.comments.get(origin ?? '');
    const isLate = entry?.hiddenAt !== undefined || entry?.unseen === true || entry?.wasRefused === true;
    return origin === undefined || isLate ? [] : [origins.indexOf(origin)];
  });
  const isInOrder = places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
  return isInOrder ? [] : [`I1: the copies of comments on ${side.side} ${side.id} are out of order: ${places.join(' ')}`];
}

/** I10: what the connection writes pings nobody. */
function pings(trackers: Trackers): readonly string[] {
  return trackers.there.pings().map((target) => `I10: a copy pings ${target}`);
}

function seenOf(trackers: Trackers): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const issue of trackers.jira.people.issues()) seen.set(itemKey('public', issue.id), seenOnJira(issue));
  for (const issue of trackers.there.issues()) seen.set(itemKey('private', issue.id), seenThere(issue));
  return seen;
}

function seenOnJira(issue: IssueData): Seen {
  return {
    side: 'public',
    id: issue.id,
    url: `https://acme.atlassian.net/browse/${issue.key}`,
    summary: issue.summary,
    text: JSON.stringify(issue.description),
    type: issue.type,
    comments: new Map(issue.comments.map((comment) => [comment.id, comment.text])),
    files: issue.attachments.map((file) => ({ name: file.name, text: Buffer.from(file.bytes).toString() })),
  };
}

function seenThere(issue: PrivateIssue): Seen {
  const { id, url, summary, text, type, files } = issue;
  const comments = new Map(issue.comments.map((comment) => [comment.id, comment.text]));
  return { side: 'private', id, url, summary, text, type, files, comments };
}

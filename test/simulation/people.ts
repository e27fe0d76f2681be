import { z } from 'zod';
import type { SideName } from '../../src/core/model.ts';
import type { IssueData } from '../../src/simulators/jira-cloud/people.ts';
import { blockText, saidText } from './hand.ts';
import type { Block, Hand, OwnWords, Shown } from './hand.ts';
import type { FieldEdit, Ledger, LedgerIssue } from './ledger.ts';
import { isUnledgered, itemKey, newWord, noteTampering, originOf, supersede, takenUnseen, wordsOf } from './ledger.ts';
import { stampsIn } from './stamp-payload.ts';
import type { Act } from './scenario.ts';
import { jiraTypes, ownRole } from './names.ts';
import type { Trackers } from './trackers.ts';

/** Who acts where: the trackers, what is written down of it, and how many cycles have ended. */
export interface Stage {
  readonly trackers: Trackers;
  readonly ledger: Ledger;
  readonly at: number;
}

/** What people do on a side. */
export function handOf(stage: Stage, side: SideName): Hand {
  return side === 'public' ? jiraHand(stage) : stage.trackers.there.hand();
}

/** A person does something. Returns false where there was nothing to do it to. */
export function carryOut(stage: Stage, act: Act): boolean {
  const hand = handOf(stage, act.side);
  if (act.what === 'issue.create') return createIssue(stage, hand, act);
  const issues = hand.issues();
  const shown = act.id === undefined ? issues[act.issue % Math.max(1, issues.length)] : issues.find(({ id }) => id === act.id);
  if (shown === undefined) return false;
  return acts[act.what](stage, { hand, shown, act });
}

interface Scene {
  readonly hand: Hand;
  readonly shown: Shown;
  readonly act: Act;
}

type Deed = (stage: Stage, scene: Scene) => boolean;

const acts: Readonly<Record<Exclude<Act['what'], 'issue.create'>, Deed>> = {
  'summary.edit': (stage, { hand, shown }) => {
    const word = newWord(stage.ledger, {
      kind: 'summary',
      issue: itemKey(hand.side, shown.id),
      comment: undefined,
      at: stage.at,
    });
    const next = `Summary ${word}`;
    supersede(stage.ledger, { before: shown.summary, after: next, at: stage.at });
    hand.setSummary(shown.id, next);
    return true;
  },
  // An edit that keeps every word: it is later than what was written elsewhere meanwhile, all the same.
  'summary.touch': (stage, { hand, shown }) => {
    const next = `${shown.summary}${shown.summary.endsWith('!') ? '' : '!'}`;
    if (next === shown.summary) return false;
    for (const word of wordsOf(next)) stage.ledger.writtenAt.set(word, stage.trackers.clock.now());
    hand.setSummary(shown.id, next);
    return true;
  },
  'description.edit': (stage, scene) => editBlock(stage, scene, 'replace'),
  'description.insert': (stage, scene) => editBlock(stage, scene, 'insert'),
  'description.remove': (stage, scene) => editBlock(stage, scene, 'remove'),
  'description.clear': (stage, { hand, shown }) => {
    const kept = shown.blocks.filter((block) => wordsOf(block.text).length === 0);
    if (kept.length === shown.blocks.length) return false;
    supersede(stage.ledger, { before: shown.blocks.map((block) => block.text).join('\n'), after: '', at: stage.at });
    noteEdit(stage, 'description', itemKey(hand.side, shown.id));
    hand.setDescription(shown.id, kept);
    return true;
  },
  'type.change': (stage, { hand, shown, act }) => {
    const name = hand.types[act.item % hand.types.length] ?? 'Task';
    if (shown.type === name) return false;
    const entry = issueEntry(stage.ledger, hand.side, shown.id);
    if (entry?.types.has(name) === true) return false;
    for (const known of [shown.type, name]) if (known !== undefined) entry?.types.add(known);
    if (entry !== undefined) entry.lastType = { side: hand.side, name, at: stage.at };
    if (hand.side === 'private' && !stage.trackers.there.hasTypeHistory) stage.ledger.unreadTypes.add(shown.id);
    noteEdit(stage, 'type', itemKey(hand.side, shown.id));
    hand.setType(shown.id, name);
    return true;
  },
  'comment.add': (stage, scene) => addComment(stage, scene, false),
  'comment.add-restricted': (stage, scene) => addComment(stage, scene, scene.hand.restricts),
  'comment.edit': (stage, { hand, shown, act }) => {
    const drawn = shown.comments[act.item % Math.max(1, shown.comments.length)];
    const comment = act.comment === undefined ? drawn : shown.comments.find(({ id }) => id === act.comment);
    if (comment === undefined || wordsOf(comment.text).length === 0) return false;
    const word =
      act.word ??
      newWord(stage.ledger, {
        kind: 'comment',
        issue: itemKey(hand.side, shown.id),
        comment: commentOrigin(stage.ledger, hand.side, comment.id),
        at: stage.at,
      });
    const known = stage.ledger.words.get(word);
    if (known !== undefined) known.superseded = false;
    stage.ledger.writtenAt.set(word, stage.trackers.clock.now());
    supersede(stage.ledger, { before: comment.text, after: hand.editComment(shown.id, comment, word), at: stage.at });
    const hasHistory = hand.side === 'private' && stage.trackers.there.github !== undefined;
    if (!hasHistory)
      stage.ledger.unreadEdits = [...stage.ledger.unreadEdits, { side: hand.side, issue: shown.id, comment: comment.id, word }];
    return true;
  },
  'comment.remove': (stage, { hand, shown, act }) => {
    const comment = shown.comments[act.item % Math.max(1, shown.comments.length)];
    if (comment === undefined) return false;
    const key = itemKey(hand.side, comment.id);
    const own = stage.ledger.comments.get(key);
    const origin = stage.ledger.comments.get(stage.ledger.commentCopies.get(key) ?? '');
    if (own === undefined && origin === undefined) return false;
    if (own !== undefined) own.removed = true;
    if (origin !== undefined) origin.buried = true;
    const issue = itemKey(hand.side, shown.id);
    const isUnread = stage.ledger.unread.get(issue)?.has(key) === true || isUnledgered(stage.ledger, issue);
    if (origin !== undefined)
      takenUnseen(stage.ledger, isUnread, () => {
        origin.unseen = true;
        stage.ledger.commentCopies.delete(key);
      });
    hand.removeComment(shown.id, comment.id);
    return true;
  },
  'attachment.add': (stage, { hand, shown }) => {
    const name = `f${stage.ledger.nextWord}.txt`;
    stage.ledger.nextWord += 1;
    const text = `the bytes of ${name}`;
    const issue = itemKey(hand.side, shown.id);
    stage.ledger.files.set(name, { name, side: hand.side, issue, text, removed: false, buried: false, unseen: false });
    noteEdit(stage, 'description', issue);
    hand.addFile(shown.id, { name, text, blocks: shown.blocks });
    return true;
  },
  'attachment.remove': (stage, { hand, shown, act }) => {
    const origin = originOf(stage.ledger, itemKey(hand.side, shown.id));
    const files = [...stage.ledger.files.values()].filter(
      (file) => originOf(stage.ledger, file.issue) === origin && !file.removed && !file.buried,
    );
    const file = files[act.item % Math.max(1, files.length)];
    if (file === undefined || !hand.removeFile(shown, file.name)) return false;
    noteEdit(stage, 'description', itemKey(hand.side, shown.id));
    if (file.side === hand.side) file.removed = true;
    else file.buried = true;
    const issue = itemKey(hand.side, shown.id);
    takenUnseen(stage.ledger, stage.ledger.unread.has(issue) || isUnledgered(stage.ledger, issue), () => {
      file.unseen = true;
    });
    return true;
  },
  'issue.delete': (stage, { hand, shown }) => {
    leave(stage, hand.side, shown.id);
    hand.deleteIssue(shown.id);
    return true;
  },
  'issue.move': (stage, { hand, shown }) => {
    leave(stage, hand.side, shown.id);
    hand.moveIssue(shown.id);
    return true;
  },
  'issue.clone': (stage, scene) => clone(stage, scene),
  'issue.bulk-edit': (stage, { hand, act }) => {
    for (const shown of hand.issues()) acts['summary.edit'](stage, { hand, shown, act });
    return true;
  },
  'label.toggle': (stage, { hand, shown }) => {
    // An issue that nobody synced yet would leave the trigger unseen: only twins lose their label here.
    const key = itemKey(hand.side, shown.id);
    if (![...stage.ledger.copies].some((pair) => pair.includes(key))) return false;
    const { untriggered } = stage.ledger;
    if (!untriggered.delete(key)) untriggered.add(key);
    hand.toggleLabel(shown);
    return true;
  },
  'stamp.remove': (stage, { hand, shown }) => {
    const { bodies } = stage.trackers.there;
    if (hand.side === 'public' || bodies === undefined) return false;
    // A copy that came back from another repository is a copy of nothing; without its stamp it would be an issue like any
    // other (docs/rules.md, I2), with words that the ledger knows from elsewhere.
    if (stage.ledger.copies.get(itemKey(hand.side, shown.id)) === 'nothing') return false;
    const entry = issueEntry(stage.ledger, hand.side, shown.id);
    noteTampering(stage.ledger, entry);
    noteEdit(stage, 'description', itemKey(hand.side, shown.id));
    const own = stage.ledger.issues.get(itemKey(hand.side, shown.id));
    if (own !== undefined) own.stamped = false;
    bodies.write(shown.id, bodies.read(shown.id).replaceAll(/\n*<!-- sallyport:[^\n]*-->/g, ''));
    return true;
  },
  'stamp.paste': (stage, scene) => paste(stage, scene),
};

function createIssue(stage: Stage, hand: Hand, act: Act): boolean {
  const { ledger } = stage;
  const type = hand.types[act.item % hand.types.length] ?? 'Task';
  // The id is not known before it is created; the words are written down under it right after.
  const first = ledger.nextWord;
  const summary = `Summary w${first}`;
  const words = Array.from({ length: act.issue % 4 }, (_, index) => `w${first + 1 + index}`);
  ledger.nextWord += 1 + words.length;
  const id = hand.create({ summary, words, type, sync: true });
  const issue = itemKey(hand.side, id);
  const note = (word: string, kind: 'summary' | 'description'): void => {
    ledger.words.set(word, { word, kind, issue, comment: undefined, at: stage.at, superseded: false });
  };
  note(`w${first}`, 'summary');
  for (const word of words) note(word, 'description');
  for (const field of ['description', 'type'] as const) noteEdit(stage, field, issue);
  ledger.issues.set(issue, {
    side: hand.side,
    id,
    marked: false,
    stamped: false,
    left: false,
    leftAt: undefined,
    lastType: { side: hand.side, name: type, at: stage.at },
    types: new Set([type]),
    tampered: false,
    lostUnseen: false,
  });
  return true;
}

function editBlock(stage: Stage, { hand, shown, act }: Scene, how: 'replace' | 'insert' | 'remove'): boolean {
  const editable = shown.blocks.flatMap((block, index) => (wordsOf(block.text).length > 0 ? [index] : []));
  const place = editable[act.item % Math.max(1, editable.length)];
  if (place === undefined && how !== 'insert') return false;
  const about = { kind: 'description' as const, issue: itemKey(hand.side, shown.id), comment: undefined, at: stage.at };
  const fresh = (): Block => ({ text: blockText(newWord(stage.ledger, about)), native: undefined });
  const blocks = shown.blocks.flatMap((block, index): readonly Block[] => {
    if (index !== place) return [block];
    if (how === 'replace') return [fresh()];
    return how === 'insert' ? [fresh(), block] : [];
  });
  const next = place === undefined ? [fresh(), ...shown.blocks] : blocks;
  const whole = (all: readonly Block[]): string => all.map((block) => block.text).join('\n');
  supersede(stage.ledger, { before: whole(shown.blocks), after: whole(next), at: stage.at });
  noteEdit(stage, 'description', itemKey(hand.side, shown.id));
  hand.setDescription(shown.id, next);
  return true;
}

function addComment(stage: Stage, { hand, shown, act }: Scene, restricted: boolean): boolean {
  const { ledger } = stage;
  const issue = itemKey(hand.side, shown.id);
  const word = `w${ledger.nextWord}`;
  ledger.nextWord += 1;
  const id = hand.addComment(shown.id, { word, restricted, pasted: act.pasted });
  const key = itemKey(hand.side, id);
  ledger.words.set(word, { word, kind: 'comment', issue, comment: key, at: stage.at, superseded: false });
  ledger.comments.set(key, {
    side: hand.side,
    id,
    issue,
    restricted,
    removed: false,
    buried: false,
    hiddenAt: undefined,
    unseen: false,
  });
  return true;
}

/** Whatever edits the field counts: files that stand in a text, and hidden comments taken out of it, too. */
function noteEdit({ ledger, trackers }: Stage, field: FieldEdit['field'], issue: string): void {
  ledger.edits.push({ field, issue, at: trackers.clock.now() });
}

function commentOrigin(ledger: Ledger, side: SideName, id: string): string {
  const key = itemKey(side, id);
  return ledger.commentCopies.get(key) ?? key;
}

/** The ledger's entry of the twin that an issue belongs to. */
function issueEntry(ledger: Ledger, side: SideName, id: string): LedgerIssue | undefined {
  return ledger.issues.get(originOf(ledger, itemKey(side, id)));
}

/** The twin of an issue no longer is one. */
export function leave(stage: Stage, side: SideName, id: string): void {
  const entry = issueEntry(stage.ledger, side, id);
  if (entry === undefined) return;
  entry.left = true;
  entry.leftAt ??= stage.trackers.clock.now();
  takenUnseen(stage.ledger, false, () => {
    entry.lostUnseen = true;
  });
}

/** Jira's clone copies the properties; on GitHub somebody copies the whole body into a new issue. Its words are its own. */
function clone(stage: Stage, { hand, shown }: Scene): boolean {
  const { trackers, ledger } = stage;
  const renamed: { word: string; kind: 'summary' | 'description' }[] = [];
  const own = (text: string, kind: 'summary' | 'description'): string =>
    text.replaceAll(/\bw\d+\b/g, () => {
      const word = `w${ledger.nextWord}`;
      ledger.nextWord += 1;
      renamed.push({ word, kind });
      return word;
    });
  const [id, marked] = hand.side === 'public' ? cloneOnJira(trackers, shown, own) : trackers.there.clone(shown, own);
  const issue = itemKey(hand.side, id);
  for (const { word, kind } of renamed)
    ledger.words.set(word, { word, kind, issue, comment: undefined, at: stage.at, superseded: false });
  ledger.issues.set(issue, {
    side: hand.side,
    id,
    marked,
    stamped: isStamped(trackers, hand.side, id),
    left: false,
    leftAt: undefined,
    lastType: undefined,
    types: new Set(),
    tampered: marked,
    lostUnseen: false,
  });
  return true;
}

function isStamped({ jira, there }: Trackers, side: SideName, id: string): boolean {
  if (side === 'private') return there.isStamped(id);
  return Object.keys(jira.people.issue(id)?.properties ?? {}).some((key) => key.startsWith('sallyport.'));
}

function cloneOnJira({ jira, people }: Trackers, shown: Shown, own: OwnWords): readonly [string, boolean] {
  const made = jira.people.cloneIssue(shown.id, people.ben);
  const description: unknown =
    made.description === null ? null : JSON.parse(own(JSON.stringify(made.description), 'description'));
  jira.people.editIssue(made.id, {
    as: people.ben,
    summary: own(made.summary, 'summary'),
    ...(typeof description === 'object' ? { description } : {}),
  });
  const isPassedOver = !made.labels.includes('sync') || Object.keys(made.properties).some((key) => key.startsWith('sallyport.'));
  return [made.id, isPassedOver];
}

/** Somebody pastes the hidden comment of one body, or of a comment, into another. */
function paste(stage: Stage, { hand, shown, act }: Scene): boolean {
  const { bodies } = stage.trackers.there;
  if (hand.side === 'public' || bodies === undefined) return false;
  const others = stage.trackers.there.issues();
  const other = others[act.item % Math.max(1, others.length)];
  const stamps = (text: string): string => stampsIn(text).join('\n');
  const stamp = other === undefined ? '' : stamps(bodies.read(other.id)) || stamps(other.comments[0]?.native ?? '');
  if (stamp === '' || other?.id === shown.id) return false;
  const entry = issueEntry(stage.ledger, hand.side, shown.id);
  noteTampering(stage.ledger, entry);
  noteEdit(stage, 'description', itemKey(hand.side, shown.id));
  bodies.write(shown.id, `${bodies.read(shown.id)}\n\n${stamp}`);
  return true;
}

const nodeSchema = z.looseObject({ type: z.string(), content: z.array(z.unknown()).optional() });

function jiraHand(stage: Stage): Hand {
  const { jira, people } = stage.trackers;
  const ben = people.ben;
  const paragraph = (text: string): object => ({ type: 'paragraph', content: [{ type: 'text', text }] });
  const documentOf = (blocks: readonly Block[]): object => ({
    version: 1,
    type: 'doc',
    content: blocks.map((block) => block.native ?? paragraph(block.text)),
  });
  const blocksOf = (document: unknown): readonly Block[] =>
    (nodeSchema.safeParse(document).data?.content ?? []).map((native) => ({ native, text: JSON.stringify(native) }));
  const shown = (issue: IssueData): Shown => ({
    id: issue.id,
    summary: issue.summary,
    type: issue.type,
    blocks: blocksOf(issue.description),
    comments: issue.comments.map((comment) => ({ id: comment.id, text: JSON.stringify(comment.body), native: comment.body })),
    labels: issue.labels,
  });
  return {
    side: 'public',
    types: jiraTypes,
    restricts: true,
    issues: () =>
      jira.people
        .issues()
        .filter((issue) => issue.project === 'ACME')
        .map(shown),
    create: ({ summary, words, type, sync }) =>
      jira.people.createIssue({
        project: 'ACME',
        as: people.ann,
        summary,
        type,
        labels: sync ? ['sync'] : [],
        description: documentOf(words.map((word) => ({ text: blockText(word), native: undefined }))),
      }).id,
    setSummary: (id, summary) => void jira.people.editIssue(id, { as: ben, summary }),
    setDescription: (id, blocks) => void jira.people.editIssue(id, { as: ben, description: documentOf(blocks) }),
    setType: (id, type) => void jira.people.changeType(id, { as: ben, type }),
    addComment: (id, { word, restricted }) =>
      jira.people.addComment(id, {
        as: people.ann,
        body: saidText(word),
        ...(restricted ? { visibility: { type: 'role', value: ownRole } } : {}),
      }).id,
    editComment: (id, comment, word) => {
      const blocks = blocksOf(comment.native).map((block) =>
        wordsOf(block.text).length === 0 ? block : { text: saidText(word), native: undefined },
      );
      jira.people.editComment(id, comment.id, { as: ben, body: documentOf(blocks) });
      return blocks.map((block) => block.text).join('\n');
    },
    removeComment: (id, comment) => jira.people.deleteComment(id, comment),
    addFile: (id, { name, text }) => void jira.people.addAttachment(id, { name, bytes: Buffer.from(text), as: people.ann }),
    removeFile: (issue, name) => {
      const file = jira.people.issue(issue.id)?.attachments.find((candidate) => candidate.name === name);
      if (file === undefined) return false;
      jira.people.deleteAttachment(file.id, ben);
      return true;
    },
    deleteIssue: (id) => jira.people.deleteIssue(id),
    moveIssue: (id) => void jira.people.moveIssue(id, { as: ben, project: 'ELSE' }),
    toggleLabel: ({ id, labels }) =>
      void (labels.includes('sync') ? jira.people.removeLabel(id, 'sync', ben) : jira.people.addLabel(id, 'sync', ben)),
  };
}

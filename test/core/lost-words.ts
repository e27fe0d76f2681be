import fc from 'fast-check';
import type { Neutral } from '../../src/content/neutral.ts';
import type { IssueSnapshot, PastEdit } from '../../src/core/model.ts';
import { repairText, replacedEdits } from '../../src/core/replaced-edits.ts';
import type { Repaired, ReplacedEdit } from '../../src/core/replaced-edits.ts';
import { repairPlainText } from '../../src/core/replaced-lines.ts';
import { wasSeen } from '../../src/cycle/verify-writes.ts';

/** What somebody does to a text: to its block at `place`, or to all of it. `again`: a text that stood `place` edits ago. */
export interface Change {
  readonly kind: 'word' | 'insert' | 'remove' | 'clear' | 'move' | 'again' | 'nothing';
  readonly place: number;
}

/** One step of a history. A write was planned on what had been read `unread` edits ago, with a change of the other side in it. */
export interface Step {
  readonly by: 'person' | 'connection';
  readonly change: Change;
  readonly unread: number;
  readonly seconds: number;
}

interface Drawn {
  readonly form: PastEdit['form'];
  readonly blocks: number;
  readonly steps: readonly Step[];
  /** So many of the steps are of a run that died. */
  readonly dead: number;
  /** Whether an edit that collides is later than the last one on the other side. */
  readonly isLater: boolean;
  /** What people do right before a repair is written. */
  readonly meeting: readonly Change[];
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('word', 'insert', 'remove', 'clear', 'move', 'again', 'nothing'),
  place: fc.nat(4),
});

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom('person', 'connection'),
  change,
  unread: fc.nat(3),
  seconds: fc.constantFrom(10, 2),
});

/** Histories of one text: every word is a block of its own. */
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  form: fc.constantFrom('native', 'plain'),
  blocks: fc.nat(3),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  dead: fc.oneof(fc.constant(0), fc.nat(7)),
  isLater: fc.boolean(),
  meeting: fc.array(
    change.filter(({ kind }) => kind !== 'again'),
    { maxLength: 2 },
  ),
});

type Blocks = readonly string[];

interface Entry {
  readonly at: number;
  readonly byConnection: boolean;
  readonly blocks: Blocks;
}

/** What became of a word last by a person's hand; unclear where somebody did not know of what another had made of it. */
interface Fate {
  readonly is: 'there' | 'gone' | 'unclear';
}

interface Loss {
  readonly word: string;
  readonly is: 'lost' | 'back' | 'twice';
}

interface Played {
  readonly losses: readonly Loss[];
  readonly lines: readonly string[];
}

const roundsMax = 4;

/**
 * Plays a history and the repairs after it, and says what became of words otherwise than people left it, without a report: by a
 * ledger that knows nothing of the code under test. `lines` tell what happened.
 */
export function play(one: Drawn): Played {
  return new Play(one).result();
}

class Play {
  readonly entries: Entry[] = [];
  readonly fates = new Map<string, Fate>();
  readonly lines: string[] = [];
  /** What somebody took out, and the connection put in again: nobody who puts it in later on knows of that. */
  readonly contested = new Set<string>();
  /** What people took out and put in again: a dead run may have seen the text without it, and nothing tells; a repair is told. */
  readonly returned = new Set<string>();
  readonly excused = new Set<string>();
  readonly excusedBack = new Set<string>();
  edited: { since: number; seen: IssueSnapshot | undefined }[] = [];
  now = 1_000_000;
  words = 0;
  /** What the other side shows. */
  other: Blocks = [];
  otherWords = new Set<string>();
  lastRead = 0;
  meeting: Change[];
  readonly one: Drawn;

  constructor(one: Drawn) {
    this.one = one;
    this.meeting = [...one.meeting];
    const blocks = Array.from({ length: one.blocks }, () => this.word());
    this.entries.push({ at: this.now, byConnection: true, blocks });
    for (const word of wordsOf(blocks)) this.fates.set(word, { is: 'there' });
    this.other = blocks;
    this.lines.push(`start ${blocks.join(' | ')}`);
  }

  word(): string {
    this.words += 1;
    return `w${this.words}x`;
  }

  get blocks(): Blocks {
    return this.entries.at(-1)?.blocks ?? [];
  }

  changed(blocks: Blocks, { kind, place }: Change, among: Blocks): Blocks {
    const index = among.length === 0 ? -1 : blocks.indexOf(among[place % among.length] ?? '');
    const block = blocks[index];
    switch (kind) {
      case 'insert': {
        const at = place % (blocks.length + 1);
        return blocks.toSpliced(at, 0, this.word());
      }
      case 'word':
        return block === undefined ? blocks : blocks.with(index, this.word());
      case 'remove':
        return block === undefined ? blocks : blocks.toSpliced(index, 1);
      case 'clear':
        return blocks.filter((one) => !among.includes(one));
      case 'move':
        return block === undefined ? blocks : [...blocks.toSpliced(index, 1), block];
      case 'again':
        return this.entries.at(-2 - place)?.blocks ?? blocks;
      case 'nothing':
        return blocks;
    }
  }

  note(before: Blocks, after: Blocks): void {
    const [was, is] = [wordsOf(before), wordsOf(after)];
    for (const word of is) if (!was.has(word) && this.fates.has(word)) this.returned.add(word);
    for (const word of is) if (!was.has(word)) this.fates.set(word, { is: this.contested.has(word) ? 'unclear' : 'there' });
    const changed = wordsOf(after.filter((block) => !before.includes(block)));
    for (const word of changed) if (this.contested.has(word)) this.fates.set(word, { is: 'unclear' });
    for (const word of was) if (!is.has(word)) this.fates.set(word, { is: this.contested.has(word) ? 'unclear' : 'gone' });
  }

  person(change: Change): void {
    const before = this.blocks;
    const blocks = this.changed(before, change, before);
    this.note(before, blocks);
    if (this.one.form === 'plain' && blocks.join() === before.join()) return;
    this.entries.push({ at: this.now, byConnection: false, blocks });
    this.lines.push(`${this.now} person ${change.kind}: ${blocks.join(' | ')}`);
  }

  connection({ change, unread }: Step, isDead: boolean): void {
    const last = Math.max(
      this.lastRead,
      this.entries.findLastIndex((entry) => entry.byConnection),
    );
    const read = Math.max(last, this.entries.length - 1 - unread);
    this.lastRead = read;
    const seen = this.entries[read];
    if (seen === undefined) return;
    const mine = change.kind === 'again' ? { ...change, kind: 'nothing' as const } : change;
    const among = this.other.filter((block) => seen.blocks.includes(block));
    const blocks = this.changed(seen.blocks, mine, among);
    const [was, is] = [wordsOf(seen.blocks), wordsOf(blocks)];
    const since = this.entries.slice(read + 1);
    const touched = new Set(
      since.flatMap((entry, index) => {
        const previous = this.entries[read + index]?.blocks ?? [];
        return [...difference(previous, entry.blocks)];
      }),
    );
    for (const word of is)
      if (!was.has(word)) {
        this.fates.set(word, { is: 'there' });
        this.otherWords.add(word);
      }
    for (const word of was)
      if (!is.has(word)) {
        this.fates.set(word, { is: touched.has(word) && this.fates.get(word)?.is !== 'gone' ? 'unclear' : 'gone' });
        this.otherWords.add(word);
      }
    this.other = blocks;
    this.edited.push({ since: seen.at, seen: isDead ? undefined : snapshotOf(seen) });
    this.write(blocks, `${isDead ? 'dead ' : ''}${mine.kind} on ${seen.blocks.join(' | ')}`);
  }

  write(blocks: Blocks, what: string): void {
    const standing = wordsOf(this.blocks);
    const written = wordsOf(blocks);
    for (const word of written) if (!standing.has(word) && this.fates.get(word)?.is === 'gone') this.contested.add(word);
    for (const word of standing) if (!written.has(word) && this.fates.get(word)?.is === 'there') this.contested.add(word);
    if (this.one.form !== 'plain' || blocks.join() !== this.blocks.join())
      this.entries.push({ at: this.now, byConnection: true, blocks });
    this.lines.push(`${this.now} connection ${what}: ${blocks.join(' | ')}`);
  }

  /** As `verifyWrites` does. */
  verify(): boolean {
    const repaired = new Set<string>();
    for (let round = 0; round < roundsMax; round += 1) {
      const { edited } = this;
      this.edited = [];
      if (edited.length === 0) return true;
      const since = Math.floor(Math.min(...edited.map((edit) => edit.since)) / 1000) * 1000;
      const history = this.history().filter(({ at }) => at >= since);
      const lost = replacedEdits(history, (edit) => edited.some(({ seen }) => seen !== undefined && wasSeen(edit, seen)));
      const isSure = edited.every(({ seen }) => seen !== undefined);
      if (!isSure) for (const word of this.returned) this.excused.add(word);
      if (lost.length === 0) return true;
      let now = this.entries.at(-1);
      for (const replaced of lost) {
        const key = JSON.stringify([replaced.edit.at, replaced.edit.after]);
        if (repaired.has(key) || now === undefined) continue;
        repaired.add(key);
        const repair = repairOf(replaced, now.blocks);
        this.lines.push(
          `${round} ${repair.kind}: ${replaced.edit.before?.replaceAll('\n', '|')} -> ${replaced.edit.after?.replaceAll('\n', '|')}${replaced.isLast ? ', last' : ''}`,
        );
        if (repair.kind === 'kept') continue;
        this.tell(replaced, { kind: repair.kind, isSure });
        const goesBack =
          repair.kind === 'merged' || repair.kind === 'partly' || (replaced.isLast && (isSure || this.one.isLater));
        if (!goesBack || repair.root === undefined) continue;
        if (repair.kind === 'collision') for (const word of difference(now.blocks, blocksOf(repair.root))) this.excused.add(word);
        this.now += 1_000;
        const meeting = this.meeting.shift();
        if (meeting !== undefined) this.person(meeting);
        this.now += 1_000;
        this.edited.push({ since: now.at, seen: snapshotOf(now) });
        this.write(blocksOf(repair.root), `repairs`);
        now = { at: this.now, byConnection: true, blocks: blocksOf(repair.root) };
      }
    }
    return this.edited.length === 0;
  }

  tell({ edit }: ReplacedEdit, { kind, isSure }: { kind: Repaired['kind']; isSure: boolean }): void {
    const [before, after] = [edit.before ?? '', edit.after ?? ''].map((text) => text.split(/\n+/));
    const touched = difference(before ?? [], after ?? []);
    if (kind === 'merged') {
      for (const word of touched) if (!isSure || this.returned.has(word)) this.excusedBack.add(word);
      return;
    }
    for (const word of touched) this.excused.add(word);
    if (kind !== 'collision') return;
    for (const word of this.otherWords) this.excused.add(word);
  }

  history(): PastEdit[] {
    const { form } = this.one;
    return this.entries.slice(1).map(
      ({ at, byConnection, blocks }, index): PastEdit => ({
        kind: 'description',
        at,
        byConnection,
        before: textOf(this.entries[index]?.blocks ?? [], form),
        after: textOf(blocks, form),
        form,
      }),
    );
  }

  result(): Played {
    for (const [index, step] of this.one.steps.entries()) {
      this.now += step.seconds * 1_000;
      if (step.by === 'person') this.person(step.change);
      else this.connection(step, index < this.one.dead);
    }
    this.now += 10_000;
    const isDone = this.verify();
    this.lines.push(`end ${this.blocks.join(' | ')}`);
    if (!isDone) return { losses: [], lines: this.lines };
    const there = this.blocks.flatMap((block) => block.split(' '));
    const losses = [...this.fates].flatMap(([word, { is }]): readonly Loss[] => {
      const times = there.filter((one) => one === word).length;
      if (times > 1) return [{ word, is: 'twice' }];
      if (this.excused.has(word) || is === 'unclear') return [];
      if (is === 'there' && times === 0) return [{ word, is: 'lost' }];
      if (is === 'gone' && times > 0 && !this.excusedBack.has(word)) return [{ word, is: 'back' }];
      return [];
    });
    return { losses, lines: this.lines };
  }
}

function repairOf({ edit, written }: ReplacedEdit, now: Blocks): Repaired {
  const [before, after] = [edit.before ?? '', edit.after ?? ''];
  const root = rootOf(now);
  if (edit.form === 'plain') return repairPlainText({ before, after, written }, root);
  return repairText({ before: decoded(before), after: decoded(after), written: decoded(written ?? '') }, root);
}

function difference(before: Blocks, after: Blocks): ReadonlySet<string> {
  const [was, is] = [wordsOf(before), wordsOf(after)];
  return new Set([...[...was].filter((word) => !is.has(word)), ...[...is].filter((word) => !was.has(word))]);
}

function wordsOf(blocks: Blocks): Set<string> {
  return new Set(blocks.flatMap((block) => block.split(' ')));
}

function textOf(blocks: Blocks, form: PastEdit['form']): string {
  return blocks.join(form === 'native' ? '\n\n' : '\n');
}

function rootOf(blocks: Blocks): Neutral {
  return { type: 'root', children: blocks.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })) };
}

function decoded(native: string): Neutral {
  return rootOf(native === '' ? [] : native.split('\n\n'));
}

function blocksOf(root: Neutral): Blocks {
  return root.children.flatMap((block) =>
    block.type === 'paragraph' ? [block.children.map((node) => (node.type === 'text' ? node.value : '')).join('')] : [],
  );
}

function snapshotOf({ blocks, at }: Entry): IssueSnapshot {
  return {
    id: '1',
    key: '#1',
    url: '',
    version: '',
    author: { id: '1', displayName: 'Dana', isConnection: false },
    createdAt: 0,
    updatedAt: at,
    summary: '',
    description: { native: textOf(blocks, 'native'), root: rootOf(blocks) },
    type: undefined,
    comments: [],
    attachments: [],
    marks: [],
    marked: false,
    readableByAll: true,
  };
}

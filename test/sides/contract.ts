import { describe, expect, test } from 'vitest';
import type { Neutral } from '../../src/content/neutral.ts';
import type { IssueSnapshot } from '../../src/core/model.ts';
import { kindOf } from '../../src/errors.ts';
import type { AttachmentDraft, IssueDraft, ObserveRequest, SideReader, SideWriter } from '../../src/sides/side.ts';
import type { Fault, VirtualClock } from '../../src/simulators/simulator.ts';

/** A side over its simulator, and what people do there. */
export interface ContractSide {
  /** The server's time, and what moves it on. */
  readonly clock: VirtualClock;
  readonly reader: SideReader;
  readonly writer: SideWriter;
  /** A person makes an issue that the trigger holds for, or not, and gives its id. */
  create(issue: { readonly summary: string; readonly inScope: boolean }): string | Promise<string>;
  edit(id: string, summary: string): void | Promise<void>;
  remove(id: string): void | Promise<void>;
  comment(id: string, text: string): void | Promise<void>;
  /** The next request that creates an issue, or that reads one, meets the fault. */
  fail(request: 'create' | 'read', fault: Fault): void;
  /** The account loses sight of the whole container. */
  hideContainer(): unknown;
  /** The account may look on, and edits no issue any more that somebody else made. */
  loseEditing(): unknown;
  /** Bytes of a file that the tracker refuses, where it tells its limit nowhere. */
  readonly tooLargeBytes?: number;
  readonly violations: () => readonly string[];
}

const says = (text: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }],
});

const draft = (summary: string): IssueDraft => ({
  summary,
  description: says('Hello'),
  type: 'Bug',
  marks: ['s1.x'],
  files: [],
});

async function present(side: ContractSide, id: string): Promise<IssueSnapshot> {
  const loaded = (await side.reader.load([id], 'work', { fresh: true })).get(id);
  if (loaded?.kind !== 'present') throw new Error(`${id} is ${JSON.stringify(loaded)}`);
  return loaded.issue;
}

async function create(side: ContractSide, summary = 'Copy'): Promise<string> {
  const [outcome] = await side.writer.createIssues([draft(summary)]);
  if (outcome?.kind !== 'created') throw new Error('not created');
  return outcome.id;
}

function asked(side: ContractSide, more: Partial<ObserveRequest> = {}): ObserveRequest {
  const since = side.clock.now() - 3_600_000;
  return { cursor: undefined, since, knownVersion: () => undefined, isTwinned: () => false, ...more };
}

function file(issueId: string, text: string): AttachmentDraft {
  return {
    issueId,
    originIssueId: '1',
    originAttachmentId: '7',
    name: 'notes.txt',
    size: text.length,
    mediaType: 'text/plain',
    open: async () => ({ stream: new Blob([text]).stream(), size: text.length, mediaType: 'text/plain' }),
  };
}

/** What every side has to do, whatever its tracker (src/sides/side.ts). */
export function sideContract(name: string, open: () => ContractSide | Promise<ContractSide>): void {
  describe(`${name} as a side`, () => {
    test('lists what changed since the cursor, in scope or not, and nothing twice', async () => {
      const side = await open();
      const mine = await side.create({ summary: 'Mine', inScope: true });
      const other = await side.create({ summary: 'Other', inScope: false });
      // Times have whole seconds on some trackers: what is younger is looked at once more.
      side.clock.advance(10_000);
      const first = await side.reader.observe(asked(side));
      const scopes = new Map(first.touched.map((entry) => [entry.id, entry.inScope]));
      expect(scopes.get(mine)).toBe(true);
      expect(scopes.get(other) ?? false).toBe(false);
      const known = new Map(first.touched.map((entry) => [entry.id, entry.version]));
      side.clock.advance(60_000);
      const request = asked(side, {
        cursor: first.cursor,
        knownVersion: (id) => known.get(id),
        isTwinned: (id) => known.has(id),
      });
      expect((await side.reader.observe(request)).touched).toEqual([]);
      await side.edit(mine, 'Mine, edited');
      side.clock.advance(10_000);
      expect((await side.reader.observe(request)).touched.map((entry) => entry.id)).toEqual([mine]);
      expect((await side.reader.listTriggered('audit')).map((entry) => entry.id)).toEqual([mine]);
      expect(side.violations()).toEqual([]);
    });

    test('creates an issue with its mark, as its own account, and finds it by that', async () => {
      const side = await open();
      const id = await create(side);
      const issue = await present(side, id);
      expect(issue).toMatchObject({ summary: 'Copy', type: 'Bug', marks: ['s1.x'], marked: true });
      expect(issue.author.isConnection).toBe(true);
      expect(issue.description.root).toEqual(says('Hello'));
      const { marked } = await side.reader.listOwn('work');
      expect(marked.map((entry) => entry.id)).toEqual([id]);
      expect(side.violations()).toEqual([]);
    });

    test('gives one outcome a draft, in order', async () => {
      const side = await open();
      const outcomes = await side.writer.createIssues([draft('One'), draft('Two'), draft('Three')]);
      const ids = outcomes.map((outcome) => (outcome.kind === 'created' ? outcome.id : ''));
      const summaries: string[] = [];
      for (const id of ids) summaries.push((await present(side, id)).summary);
      expect(summaries).toEqual(['One', 'Two', 'Three']);
    });

    test('edits a field with the mark beside it and tells what was stored', async () => {
      const side = await open();
      const issue = await present(side, await create(side));
      side.clock.advance(2_000);
      const stored = await side.writer.editIssue(issue, {
        summary: 'Edited',
        description: says('Changed'),
        marks: ['s1.y'],
        files: [],
      });
      expect(stored.summary).toBe('Edited');
      expect(stored.description.root).toEqual(says('Changed'));
      const now = await present(side, issue.id);
      expect(now).toMatchObject({ summary: 'Edited', marks: ['s1.y'] });
      // Behind the sign stands when a version that may still change was read.
      expect(now.version.split('~')[0]).toBe(stored.version.split('~')[0]);
      expect(side.violations()).toEqual([]);
    });

    test('says so where the account may not edit any more, however the tracker answers', async () => {
      const side = await open();
      const issue = await present(side, await side.create({ summary: 'Mine', inScope: true }));
      side.clock.advance(2_000);
      await side.loseEditing();
      const edit = { summary: 'Edited', description: says('Changed'), marks: ['s1.y'], files: [] };
      const kind = await side.writer.editIssue(issue, edit).then(
        () => 'stored',
        (error: unknown) => kindOf(error),
      );
      expect(['permission', 'refused', 'gone']).toContain(kind);
      expect((await present(side, issue.id)).summary).toBe('Mine');
    });

    test('writes, edits and removes a comment with its mark; removing it again succeeds', async () => {
      const side = await open();
      const id = await side.create({ summary: 'Mine', inScope: true });
      await side.comment(id, 'By a person');
      const made = await side.writer.createComment(id, { body: says('Copied'), marks: ['s1.c'] });
      const [first, second] = (await present(side, id)).comments;
      expect(first).toMatchObject({ marks: [], restricted: false });
      expect(second).toMatchObject({ id: made.id, marks: ['s1.c'] });
      const edited = await side.writer.editComment(id, made, { body: says('Copied again'), marks: ['s1.d'] });
      expect(edited.text.root).toEqual(says('Copied again'));
      expect((await present(side, id)).comments[1]).toMatchObject({ marks: ['s1.d'] });
      await side.writer.removeComment(id, made.id);
      await side.writer.removeComment(id, made.id);
      expect((await present(side, id)).comments).toHaveLength(1);
      expect(side.violations()).toEqual([]);
    });

    test('stores an attachment, gives its bytes back, and removes it', async () => {
      const side = await open();
      const id = await create(side);
      const [stored] = await side.writer.addAttachments([file(id, 'some bytes')]);
      if (stored?.kind !== 'stored') throw new Error(JSON.stringify(stored));
      expect(stored.size).toBe(10);
      const { stream } = await side.reader.openAttachment(id, stored.attachmentId);
      expect(await new Response(stream).text()).toBe('some bytes');
      await side.writer.removeAttachments([{ issueId: id, attachmentId: stored.attachmentId }]);
      expect((await present(side, id)).attachments).toEqual([]);
    });

    test('refuses an attachment that is too large, before anything of it is sent', async () => {
      const side = await open();
      const id = await create(side);
      const size = side.tooLargeBytes ?? side.reader.limits.attachmentBytes + 1;
      const [outcome] = await side.writer.addAttachments([{ ...file(id, 'x'), size, open: () => tooLarge(size) }]);
      expect(outcome?.kind).toBe('failed');
      // Both park it for good: neither is tried again by itself.
      expect(['limit', 'refused']).toContain(outcome?.kind === 'failed' ? kindOf(outcome.error) : outcome?.kind);
    });

    test('tells types that it can give', async () => {
      const side = await open();
      const { names, everyNameExists } = await side.reader.types();
      expect(everyNameExists || (names.includes('Bug') && names.includes('Task') && !names.includes('Sub-task'))).toBe(true);
    });

    test('tells a removed issue from the others', async () => {
      const side = await open();
      const stays = await side.create({ summary: 'Stays', inScope: true });
      const goes = await side.create({ summary: 'Goes', inScope: true });
      await side.remove(goes);
      const loaded = await side.reader.load([stays, goes], 'work', { fresh: true });
      expect(loaded.get(stays)?.kind).toBe('present');
      expect(loaded.get(goes)?.kind).toBe('gone');
    });

    test('takes no issue for removed when the whole container is out of sight', async () => {
      const side = await open();
      const id = await side.create({ summary: 'Stays', inScope: true });
      await side.hideContainer();
      const seen = await side.reader.load([id], 'work', { fresh: true }).then(
        (loaded) => loaded.get(id)?.kind,
        (error: unknown) => kindOf(error),
      );
      expect(['unreadable', 'permission']).toContain(seen);
    });

    test.each<Fault>([{ kind: 'lost-before' }, { kind: 'status', status: 503 }, { kind: 'html', status: 502 }, { kind: 'cut' }])(
      'reads again after $kind',
      async (fault) => {
        const side = await open();
        const id = await side.create({ summary: 'Mine', inScope: true });
        side.fail('read', fault);
        expect((await present(side, id)).summary).toBe('Mine');
      },
    );

    test.each<Fault>([{ kind: 'lost-after' }, { kind: 'cut' }])(
      'never creates twice when the answer is gone by $kind, and says that the outcome is unknown',
      async (fault) => {
        const side = await open();
        side.fail('create', fault);
        const [outcome] = await side.writer.createIssues([draft('Once')]);
        expect(outcome).toMatchObject({ kind: 'failed', error: { outcomeUnknown: true } });
        expect((await side.reader.listOwn('work')).marked).toHaveLength(1);
      },
    );
  });
}

/** Of a size that is known to be too much not a byte is sent, so there need not be any. */
async function tooLarge(size: number) {
  const bytes = new Uint8Array(size > 64 * 1024 * 1024 ? 1 : size);
  return { stream: new Blob([bytes]).stream(), size, mediaType: 'text/plain' };
}

import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import type { FailureLine, IssueLink } from '../core/result.ts';
import { claimsConnection } from '../core/stamp.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import { createMemory, isSpent, linksOf } from './memory.ts';
import type { Memory } from './memory.ts';
import type { CycleOptions, CyclePorts } from './ports.ts';
import { ownOn, rebuild } from './rebuild.ts';
import type { Start } from './run-cycle.ts';
import { emptyState } from './state.ts';
import type { State } from './state.ts';

/** A twin as the map of a clean-up lists it. */
export interface MappedTwin {
  readonly ids: Pair<string>;
  readonly links: Pair<IssueLink | undefined>;
  readonly origin: SideName | undefined;
  readonly state: 'in sync' | 'ended';
  readonly comments: number;
  readonly attachments: number;
  readonly title: string;
}

/** Issues that belong together: their marks go in this order, what the connection itself created last. */
export interface Unit {
  /** Grows along the work, so that it can go on where it stopped: the public issue's id; undefined for what has no twin. */
  readonly position: number | undefined;
  readonly issues: readonly { readonly side: SideName; readonly id: string; readonly link: IssueLink | undefined }[];
}

/** All that a connection holds on its two sides. */
export interface Holdings {
  readonly map: readonly MappedTwin[];
  readonly units: readonly Unit[];
  /** As it is to be saved, so that an interrupted clean-up still knows all of it. */
  readonly state: State;
}

/** Twins by state or rebuild, ended twins by the record, and whatever else a listing shows with a mark. Reads only. */
export async function holdingsOf(ports: CyclePorts, options: CycleOptions, start: Start): Promise<Holdings> {
  const memory = createMemory(ports, options, structuredClone(start.state));
  if (start.kind !== 'resumed') await rebuild(memory);
  const ended = await ports.readEnded();
  await loadEnded(memory, ended);
  const twins = [...memory.twins.values()].toSorted((a, b) => Number(a.base.ids.public) - Number(b.base.ids.public));
  const map = [...twins.map((twin) => mapped(memory, twin)), ...ended.map((ids) => endedTwin(memory, ids))];
  const units = [
    ...twins.map((twin): Unit => ({ position: Number(twin.base.ids.public), issues: issuesOf(memory, twin.base) })),
    ...ended.map((ids): Unit => ({ position: undefined, issues: issuesOf(memory, { ids, origin: 'public' }) })),
  ];
  const strays = await straysOf(memory, units);
  return { map, units: [...units, ...strays], state: { ...memory.state, twins } };
}

function issuesOf(memory: Memory, twin: { readonly ids: Pair<string>; readonly origin: SideName }): Unit['issues'] {
  const known = memory.twins.get(`${twin.ids.public}:${twin.ids.private}`);
  const links = known === undefined ? undefined : linksOf(memory, known);
  // A listing by author finds the copy, whose stamp names the origin: as long as it stands, nothing is lost from sight.
  return [twin.origin, otherSide[twin.origin]].flatMap((side) =>
    twin.ids[side] === '' ? [] : [{ side, id: twin.ids[side], link: links?.[side] ?? linkIn(memory, side, twin.ids[side]) }],
  );
}

function linkIn(memory: Memory, side: SideName, id: string): IssueLink | undefined {
  const issue = memory.snapshots[side].get(id);
  return issue === undefined ? undefined : { key: issue.key, url: issue.url };
}

function mapped(memory: Memory, twin: State['twins'][number]): MappedTwin {
  const { ids, origin, comments, attachments } = twin.base;
  return {
    ids,
    links: linksOf(memory, twin),
    origin,
    state: 'in sync',
    comments: comments.length,
    attachments: attachments.length,
    title: twin.title,
  };
}

/** The record tells of ended twins by ids alone; people look for keys and addresses, and nothing else tells these pairs. */
async function loadEnded(memory: Memory, ended: readonly Pair<string>[]): Promise<void> {
  for (const side of sideNames) {
    const ids = new Set(ended.map((pair) => pair[side]).filter((id) => id !== '' && !memory.snapshots[side].has(id)));
    if (ids.size === 0) continue;
    const loaded = await memory.ports.sides[side].reader.load([...ids], 'work');
    for (const [id, outcome] of loaded) if (outcome.kind === 'present') memory.snapshots[side].set(id, outcome.issue);
  }
}

function endedTwin(memory: Memory, ids: Pair<string>): MappedTwin {
  const links = { public: linkIn(memory, 'public', ids.public), private: linkIn(memory, 'private', ids.private) };
  return { ids, links, origin: undefined, state: 'ended', comments: 0, attachments: 0, title: '' };
}

/** Copies that no twin knows: of dead runs, of clones. */
async function straysOf(memory: Memory, units: readonly Unit[]): Promise<readonly Unit[]> {
  const known = new Set(units.flatMap((unit) => unit.issues.map(({ side, id }) => `${side} ${id}`)));
  const strays: Unit[] = [];
  for (const side of sideNames) {
    for (const issue of (await ownOn(memory, side)).marked) {
      if (known.has(`${side} ${issue.id}`) || !isOwn(memory, issue)) continue;
      strays.push({ position: undefined, issues: [{ side, id: issue.id, link: { key: issue.key, url: issue.url } }] });
    }
  }
  return strays;
}

function isOwn(memory: Memory, issue: IssueSnapshot): boolean {
  return issue.marks.some((mark) => claimsConnection(mark, memory.options.connectionId));
}

/** What became of the units of a clean-up. */
export interface Erased {
  readonly issues: number;
  readonly writes: number;
  readonly remaining: number;
  /** Issues that the trackers do not show: removed, or out of the account's sight. */
  readonly unseen: number;
  readonly failures: readonly FailureLine[];
}

/** Of a clean-up that found nothing to erase. */
export const nothingErased: Erased = { issues: 0, writes: 0, remaining: 0, unseen: 0, failures: [] };

/** Units erased at the same time, after which the position is noted. */
const unitsAtOnce = 4;
const unitsPerNote = 20;

/**
 * Takes the marks off, bounded by the time budget. What fails is reported and stops nothing else; the position noted never
 * passes over it, so that the next run tries it again.
 */
export async function eraseHoldings(
  ports: CyclePorts,
  options: CycleOptions,
  work: { readonly units: readonly Unit[]; readonly note: (position: number) => Promise<void> },
): Promise<Erased> {
  const memory = createMemory(ports, { ...options, maxChanges: Number.MAX_SAFE_INTEGER }, emptyState(ports.now()));
  const tally: Tally = { issues: 0, unseen: 0, failures: [] };
  const { failures } = tally;
  let done = 0;
  while (done < work.units.length && !isSpent(memory)) {
    const chunk = work.units.slice(done, done + unitsPerNote);
    const queue = chunk.values();
    await Promise.all(
      Array.from({ length: unitsAtOnce }, async () => {
        for (const unit of queue) await eraseUnit(memory, unit, tally);
      }),
    );
    done += chunk.length;
    const position = chunk.findLast((unit) => unit.position !== undefined)?.position;
    if (position !== undefined && failures.length === 0) await work.note(position);
    ports.onProgress(`Stamps taken off: ${done} of ${work.units.length} twins`);
  }
  return { ...tally, writes: memory.writes, remaining: work.units.length - done };
}

interface Tally {
  issues: number;
  unseen: number;
  readonly failures: FailureLine[];
}

async function eraseUnit(memory: Memory, unit: Unit, tally: Tally): Promise<void> {
  for (const { side, id, link } of unit.issues) {
    const { writer } = memory.ports.sides[side];
    if (writer === undefined) continue;
    const isOwnMark = (mark: string): boolean => claimsConnection(mark, memory.options.connectionId);
    try {
      const writes = await writer.eraseMarks(id, { isOwn: isOwnMark, beforeWrite: memory.ports.holdLease });
      memory.writes += writes;
      if (writes > 0) tally.issues += 1;
    } catch (error) {
      if (kindOf(error) === 'gone') {
        tally.unseen += 1;
        continue;
      }
      if (concernsAll(error)) throw error;
      const shown = link ?? { key: id, url: '' };
      tally.failures.push({
        issues: side === 'public' ? { public: shown, private: undefined } : { public: undefined, private: shown },
        what: 'issue',
        message: messageOf(error),
        error: kindOf(error),
        next: 'Run clean-up again; the connection stays Removing until its stamps are off everywhere.',
        parked: false,
      });
      // The copy keeps the stamp that names this origin until the origin is done.
      return;
    }
  }
}

function concernsAll(error: unknown): boolean {
  const kind = kindOf(error);
  const status = error instanceof SallyportError ? error.status : undefined;
  return kind === 'configuration' || kind === 'inactive' || kind === 'host' || status === 401;
}

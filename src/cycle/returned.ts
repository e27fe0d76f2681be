import type { FieldsWrite } from '../core/effect.ts';
import { sideNames } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { fieldPrint } from '../core/plan-twin.ts';
import type { FieldName } from '../core/twin.ts';
import { fieldNames, twinKey } from '../core/twin.ts';
import { toConnectionTime } from './connection-time.ts';
import type { Memory } from './memory.ts';
import { linksOf } from './memory.ts';
import type { Twin } from './state.ts';
import { park } from './twin-failure.ts';

/** One field as it was sent and as it came back, by fingerprints of the side written to. */
interface Returned {
  /** `field private description`: what it is parked under, too. */
  readonly id: string;
  readonly sent: string;
  readonly stored: string;
}

/** A field that came back differently so often in a row, without a person's edit, is stopped (sync-model.md, "Three trees"). */
const differentMax = 3;

/** Within this time of a write its server's clock and connection time may say either order. */
const tieMs = 2_000;

/** What came back as it was sent is remembered for so long: two audits of the longest usual period. */
const keptMs = 48 * 3_600_000;

/** The server was asked again and showed just this content in just this way: its rendering, no damage. */
export function isKnownRendering(memory: Memory, twin: Twin, returned: Returned): boolean {
  const known = memory.state.returned[keyOf(twin, returned.id)];
  return known !== undefined && known.count > 0 && known.sent === returned.sent && known.stored === returned.stored;
}

/** Keeps what a write sent and what came back. */
export function noteReturned(memory: Memory, twin: Twin, returned: Returned): void {
  const key = keyOf(twin, returned.id);
  const { sent, stored } = returned;
  const { cycleId: cycle } = memory.options;
  memory.state.returned[key] = { sent, stored, count: memory.returnedCounts.get(key) ?? 0, cycle, at: memory.ports.now() };
}

/**
 * The edit without the fields that a server, or something beside it, keeps changing: those are parked and reported, or a
 * cycle would write them for ever. Undefined where nothing is left to write.
 */
export async function withoutStopped(
  memory: Memory,
  twin: Twin,
  write: { readonly effect: FieldsWrite; readonly input: TwinInput },
): Promise<FieldsWrite | undefined> {
  const { effect, input } = write;
  const stopped = new Set<FieldName>();
  for (const field of fieldNames) {
    if (effect[field] === undefined) continue;
    const key = keyOf(twin, `field ${effect.side} ${field}`);
    const count = await countOf(memory, twin, { key, field, current: input.replicas[effect.side][field].print });
    memory.returnedCounts.set(key, count);
    if (count >= differentMax) stopped.add(field);
  }
  if (stopped.size === 0) return effect;
  for (const field of stopped) stop(memory, twin, { effect, field });
  const { summary, description, type, ...rest } = effect;
  const left: FieldsWrite = {
    ...rest,
    ...(summary === undefined || stopped.has('summary') ? {} : { summary }),
    ...(description === undefined || stopped.has('description') ? {} : { description }),
    ...(type === undefined || stopped.has('type') ? {} : { type }),
  };
  return left.files || fieldNames.some((field) => left[field] !== undefined) ? left : undefined;
}

/** How often in a row, counted by cycles, the field came back differently while no person edited it on either side. */
async function countOf(
  memory: Memory,
  twin: Twin,
  write: { readonly key: string; readonly field: FieldName; readonly current: string },
): Promise<number> {
  const { key, field, current } = write;
  const before = memory.state.returned[key];
  if (before === undefined || current === before.sent) return 0;
  if (before.cycle === memory.options.cycleId) return before.count;
  for (const name of sideNames) {
    const issue = memory.snapshots[name].get(twin.base.ids[name]);
    if (issue === undefined) continue;
    const edited = toConnectionTime(memory, name, (await memory.ports.sides[name].reader.lastEdits(issue))[field]);
    if (edited !== undefined && edited > before.at - tieMs) return 0;
  }
  return before.count + 1;
}

function stop(memory: Memory, twin: Twin, stopped: { readonly effect: FieldsWrite; readonly field: FieldName }): void {
  const { effect, field } = stopped;
  const reason = `came back differently ${differentMax} times, without an edit by a person`;
  park(memory, twin, { id: `field ${effect.side} ${field}`, print: fieldPrint(effect, field), what: field, reason });
  memory.failures.push({
    issues: linksOf(memory, twin),
    what: field,
    error: 'answer',
    message: `What was written to the ${effect.side} side ${reason}: something there changes it.`,
    next: 'This field is left as it is until its content changes; the others go on.',
    parked: true,
  });
}

/** Forgets what came back as it was sent, once that is long ago, and what was of twins that ended. */
export function pruneReturned(memory: Memory): void {
  const now = memory.ports.now();
  for (const [key, entry] of Object.entries(memory.state.returned)) {
    const isOld = entry.sent === entry.stored && now - entry.at > keptMs;
    if (isOld || !memory.twins.has(key.split(' ')[0] ?? '')) delete memory.state.returned[key];
  }
}

function keyOf(twin: Twin, id: string): string {
  return `${twinKey(twin.base.ids)} ${id}`;
}

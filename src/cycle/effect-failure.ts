import type { Effect } from '../core/effect.ts';
import { effectId } from '../core/effect.ts';
import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { noticePrint } from '../core/withheld-notice.ts';
import { isOutcomeUnknown, kindOf, messageOf } from '../errors.ts';
import { deny, isDenial } from './denied.ts';
import type { Memory } from './memory.ts';
import { deferIfLimited, retryLater } from './memory.ts';
import type { Twin } from './state.ts';
import { noteTwinFailure, park } from './twin-failure.ts';

/** What stops a twin's effects: one that failed, or an edit that may have been made for all that is known. */
export type Stop = 'failed' | 'unanswered';

export const nextTexts = {
  parked: 'It is left as it is until its content changes.',
  alone: 'It is tried again by itself; the other changes of this issue go on.',
  behind: 'It is tried again by itself; the later changes of this issue wait behind it.',
};

/**
 * Tells of an effect that failed, and parks what was refused for good.
 *
 * @returns undefined if the twin's other effects may go on
 * @throws the error itself where it ends the run: bad configuration, a lost lease
 */
export function stopAt(
  memory: Memory,
  twin: Twin,
  failed: { readonly effect: Effect; readonly error: unknown; readonly input: TwinInput },
): Stop | undefined {
  const { effect, error, input } = failed;
  const kind = kindOf(error);
  if (kind === 'configuration' || kind === 'inactive') throw error;
  const { origin, ids } = twin.base;
  if (deferIfLimited(memory, { side: origin, id: ids[origin] }, error)) return 'failed';
  const isParked = kind === 'refused' || kind === 'limit';
  const isAlone = isDenial(error) && isOfOneItem(effect);
  const next = nextTexts[isParked ? 'parked' : isAlone ? 'alone' : 'behind'];
  const what = effectId(effect);
  noteTwinFailure(memory, twin, { what, error, next, parked: isParked });
  if (isParked) {
    park(memory, twin, { id: what, print: parkedPrint(effect, input), what, reason: messageOf(error) });
    return undefined;
  }
  retryLater(memory, { side: origin, id: ids[origin], reason: messageOf(error) });
  if (!isAlone) return isEdit(effect) && isOutcomeUnknown(error) ? 'unanswered' : 'failed';
  deny(memory, twin, effect);
  return undefined;
}

/** Whether it leaves a stamp on what was there before. */
function isEdit({ kind }: Effect): boolean {
  return kind === 'fields.write' || kind === 'comment.write';
}

/**
 * Edits and removals of one comment or file. The permission for these may be missing for good (it is only wanted), so that
 * nothing waits behind one that is denied.
 */
function isOfOneItem({ kind }: Effect): boolean {
  return kind === 'comment.write' || kind === 'comment.remove' || kind === 'attachment.remove';
}

/** The fingerprint of what was refused: the same content is not tried again, another one is. */
function parkedPrint(effect: Effect, { replicas }: TwinInput): string {
  const printOn = (side: SideName, id: string): string =>
    replicas[side].comments.find(({ snapshot }) => snapshot.id === id)?.text.print ?? '';
  if (effect.kind === 'comment.create') return printOn(otherSide[effect.side], effect.originId);
  if (effect.kind !== 'comment.write') return '';
  const from = otherSide[effect.side];
  return effect.withheld ? noticePrint : printOn(from, effect.pair.ids[from]);
}

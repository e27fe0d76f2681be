import type { Effect } from '../core/effect.ts';
import { effectId } from '../core/effect.ts';
import { twinKey } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';

/** Whether an account may not do what was asked for. 401 is about the credentials as a whole. */
export function isDenial(error: unknown): boolean {
  return error instanceof SallyportError && error.kind === 'permission' && error.status !== 401;
}

/** Such an effect is not asked for again in this cycle; the permission may come at any time, so the next one asks again. */
export function deny(memory: Memory, twin: Twin, effect: Effect): void {
  memory.denied.add(keyOf(twin, effect));
}

export function isDenied(memory: Memory, twin: Twin, effect: Effect): boolean {
  return memory.denied.has(keyOf(twin, effect));
}

function keyOf(twin: Twin, effect: Effect): string {
  return `${twinKey(twin.base.ids)} ${effectId(effect)}`;
}

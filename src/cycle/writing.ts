import type { Effect } from '../core/effect.ts';
import type { TwinInput } from '../core/plan.ts';
import type { SideWriter } from '../sides/side.ts';

/** An effect with what it was planned from and the writer that executes it. */
export interface Writing<E extends Effect> {
  readonly effect: E;
  readonly input: TwinInput;
  readonly writer: SideWriter;
}

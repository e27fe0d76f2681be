import type { IntentRecord } from '../connection/record.ts';
import { recordFormat } from '../connection/record.ts';
import { sideNames } from '../core/model.ts';
import type { Intent, Intents } from '../cycle/ports.ts';

/** What a run before this one left in the record, by the side on which the copies were to be made. */
export function intentsOf(record: IntentRecord | undefined): Intents {
  if (record === undefined) return {};
  const left = (part: Omit<IntentRecord, 'format' | 'runNonce' | 'other'>): Intents => ({
    [part.side ?? 'public']: { at: part.at, origins: part.origins, mark: part.highestKey },
  });
  return { ...(record.other === undefined ? {} : left(record.other)), ...left(record) };
}

/** The record of what is about to be created, or may have been, on either side; undefined for nothing. */
export function intentRecordOf(intents: Intents, runNonce: string): IntentRecord | undefined {
  const [first, other] = sideNames.flatMap((side) => {
    const intent = intents[side];
    return intent === undefined ? [] : [{ side, ...partOf(intent) }];
  });
  if (first === undefined) return undefined;
  return { format: recordFormat, ...first, ...(other === undefined ? {} : { other }), runNonce };
}

function partOf({ at, origins, mark }: Intent) {
  return { at, origins: [...origins], ...(mark === undefined ? {} : { highestKey: mark }) };
}

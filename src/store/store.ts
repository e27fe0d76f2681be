/**
 * Where state rests between cycles. It is only a cache: a store may lose everything at any moment, and says nothing about
 * why. What it holds is already encrypted and authenticated (store/format.ts).
 */
export interface StateStore {
  /** The blob saved under this id, or undefined if it is not there or could not be fetched (both mean: rebuild). */
  load(id: string): Promise<Uint8Array | undefined>;
  /** Saves under this id, once: ids are never written twice. Returns how it went; never throws. */
  save(id: string, blob: Uint8Array): Promise<SaveOutcome>;
}

export type SaveOutcome = { readonly kind: 'saved' } | { readonly kind: 'failed'; readonly reason: string };

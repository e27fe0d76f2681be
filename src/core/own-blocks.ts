import { attachmentUrl, type Neutral } from '../content/neutral.ts';
import { normalize } from '../content/normalize.ts';
import { attachmentReferences, mapAddresses, mapAttachments } from '../content/references.ts';
import { canonicalKey, settledBlocks } from '../content/settle.ts';
import type { AttachmentSnapshot, SideName } from './model.ts';

/** What stands on a side, and its attachments: those that the other side has no copy of are shown there by their address. */
export interface OwnText {
  readonly side: SideName;
  readonly root: Neutral;
  readonly files: readonly AttachmentSnapshot[];
  readonly hasCopy: (attachmentId: string) => boolean;
}

/**
 * The text to be written with each of its blocks that is what the other side makes of one that stands here replaced by that
 * one. The other side has no place for a linked picture of the web amid words and holds its words and link only: nobody
 * took the picture out.
 */
export function withOwnBlocks(target: Neutral, own: OwnText): Neutral {
  const addresses = new Map(own.files.filter((file) => !own.hasCopy(file.id)).map((file) => [file.id, file.url]));
  if (!attachmentReferences(own.root).some(({ side, id }) => side === own.side && addresses.has(id))) return target;
  const ids = new Map([...addresses].map(([id, url]) => [url, attachmentUrl(own.side, id)]));
  const standing = new Map<string, ReturnType<typeof settledBlocks>[number]>();
  for (const block of settledBlocks(own.root)) {
    const sent = mapAttachments({ type: 'root', children: [block] }, (reference) =>
      reference.side === own.side ? addresses.get(reference.id) : undefined,
    );
    const [shown, ...more] = settledBlocks(mapAddresses(normalize(sent), (url) => ids.get(url)));
    if (shown === undefined || more.length > 0) continue;
    if (canonicalKey(shown) !== canonicalKey(block)) standing.set(canonicalKey(shown), block);
  }
  if (standing.size === 0) return target;
  return { type: 'root', children: settledBlocks(target).map((block) => standing.get(canonicalKey(block)) ?? block) };
}

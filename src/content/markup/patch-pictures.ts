import type { BlockContent, Nodes } from 'mdast';
import { sameKeys } from '../align-blocks.ts';
import { lonePicture } from '../normal-paragraph.ts';
import { buildInline, flattenInline } from '../runs.ts';
import { canonicalKey, settledBlocks } from '../settle.ts';
import { asAuthoredMarkup } from './authored-markup.ts';
import type { MarkupDialect, MarkupPiece, Stretch } from './dialect.ts';
import { sliceOf, withMargin } from './native-lines.ts';

/** Pictures of one paragraph that are told apart; each is read by itself. */
const picturesMax = 100;
/** Words of one picture's description, and of the link around it. */
const wordsMax = 40;

interface SettledPiece extends MarkupPiece {
  readonly settled: readonly BlockContent[];
  readonly keys: readonly string[];
}

interface Native {
  readonly native: string;
  readonly dialect: MarkupDialect;
}

/**
 * The pieces, with one for each picture of a paragraph of nothing but pictures, which are blocks of their own in normal form.
 * A paragraph in which they are not found, or of which one becomes part of a line of words, stays one piece.
 */
export function picturesApart(
  pieces: readonly SettledPiece[],
  targets: readonly BlockContent[],
  native: Native,
): readonly SettledPiece[] {
  if (!pieces.some(isPictures)) return pieces;
  const wanted = new Set(targets.map(canonicalKey));
  const lines = targets.filter((target) => lonePicture(target) === undefined).map(canonicalKey);
  const words = lines.join('\n');
  const isIntoWords = ({ settled, keys }: SettledPiece): boolean =>
    settled.some((block, index) => !wanted.has(keys[index] ?? '') && words.includes(lonePicture(block)?.url ?? ''));
  return pieces.flatMap((piece) => (isPictures(piece) && !isIntoWords(piece) ? (eachPicture(piece, native) ?? piece) : piece));
}

function isPictures({ blocks, settled }: SettledPiece): boolean {
  return (
    blocks.length === 1 &&
    settled.length > 1 &&
    settled.length <= picturesMax &&
    settled.every((block) => lonePicture(block) !== undefined)
  );
}

/** Where each of several pictures stands; undefined where they are not found. */
function eachPicture(
  { settled, keys, ...place }: Pick<SettledPiece, 'settled' | 'keys' | 'start' | 'end'>,
  { native, dialect }: Native,
): readonly SettledPiece[] | undefined {
  const pieces: SettledPiece[] = [];
  let { start } = place;
  for (const [index, block] of settled.entries()) {
    const own = [keys[index] ?? ''];
    const end = endOf(own, native.slice(start, place.end), dialect);
    if (end === undefined) return undefined;
    pieces.push({ blocks: [block], settled: [block], keys: own, start, end: start + end, parts: [] });
    start += end + (/^\s*/.exec(native.slice(start + end, place.end))?.[0].length ?? 0);
  }
  return start === place.end ? pieces : undefined;
}

/** Where the words end with which a text begins and that read so; undefined where there are none. */
function endOf(keys: readonly string[], text: string, dialect: MarkupDialect): number | undefined {
  let words = 0;
  for (const { index } of text.matchAll(/\S(?=\s|$)/g)) {
    const blocks = dialect.read(text.slice(0, index + 1)).flatMap((piece) => [...piece.blocks]);
    if (sameKeys(settledBlocks({ type: 'root', children: blocks }).map(canonicalKey), keys)) return index + 1;
    words += 1;
    if (words > wordsMax) return undefined;
  }
  return undefined;
}

/** The signs of an item, and of a task. */
const signs = /^\s*[*#-]+\S*\s+(?:\\?\[[ xX]\\?\]\s+)?/;

/**
 * An item or a cell with nothing but pictures, as many as before, of which only those that changed are written anew; undefined
 * for any other, and where they are not found. The caller has to read the result again.
 */
export function patchPictures(
  native: Stretch | undefined,
  { before, after }: { readonly before: BlockContent | undefined; readonly after: BlockContent },
  patch: Native & { readonly margin: string; readonly pictures: boolean },
): string | undefined {
  const [settled, wanted] = [before === undefined ? undefined : picturesIn(before), picturesIn(after)];
  if (!patch.pictures || native === undefined || settled === undefined || wanted?.length !== settled.length) return undefined;
  const opening = before?.type === 'list' ? (signs.exec(sliceOf(patch.native, native))?.[0] ?? '') : '';
  const start = native.start + opening.length;
  const isSeveral = settled.length > 1 && settled.length <= picturesMax;
  const pieces = isSeveral ? eachPicture({ settled, keys: settled.map(canonicalKey), start, end: native.end }, patch) : undefined;
  if (pieces === undefined) return undefined;
  let text = opening;
  let done = start;
  for (const [index, piece] of pieces.entries()) {
    const [was, now] = [settled[index], wanted[index]];
    if (was === undefined || now === undefined) return undefined;
    const change = { before: patch.dialect.write(was), after: patch.dialect.write(now) ?? '' };
    const isSame = canonicalKey(was) === canonicalKey(now);
    const own = isSame ? sliceOf(patch.native, piece) : withMargin(asAuthoredMarkup(change, patch, piece), patch);
    text += patch.native.slice(done, piece.start) + own;
    done = piece.end;
  }
  return text + patch.native.slice(done, native.end);
}

/** The pictures of a block that holds nothing else, each as a paragraph. */
function picturesIn(block: BlockContent): readonly BlockContent[] | undefined {
  const pictures: BlockContent[] = [];
  const waiting: Nodes[] = [block];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'paragraph' || node.type === 'tableCell') {
      const runs = flattenInline(node.children).filter(({ kind }) => kind !== 'break');
      if (runs.some(({ kind }) => kind !== 'image')) return undefined;
      for (const run of runs) pictures.push({ type: 'paragraph', children: buildInline([run]) });
    } else if ('children' in node) waiting.push(...node.children.toReversed());
    else return undefined;
  }
  return pictures;
}

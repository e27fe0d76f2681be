import type { BlockContent } from 'mdast';
import type { MarkupBody, MarkupDialect, MarkupPiece } from './dialect.ts';

/** The opening of what holds blocks, with the title that details have now; undefined where it is to say more, or does not show the one before. */
export function patchOpening(
  native: string,
  { was, target }: { readonly was: BlockContent; readonly target: BlockContent },
  dialect: MarkupDialect,
): string | undefined {
  if (shellOf(was) === shellOf(target)) return native;
  if (was.type !== 'details' || target.type !== 'details') return undefined;
  return retitled(native, [was.summary, target.summary], dialect);
}

/** An opening with another title in the place of the one that it shows once; undefined for any other. */
function retitled(native: string, [from, to]: readonly [string, string], { writeTitle }: MarkupDialect): string | undefined {
  if (from === to) return native;
  const [before, after, ...others] = from === '' ? [] : native.split(writeTitle(from));
  if (before === undefined || after === undefined || others.length > 0) return undefined;
  return before + writeTitle(to) + after;
}

/** The opening, and the pieces in the body, where a title of the opening reads as the first of these. */
export function withTitle(
  native: string,
  { body, first }: { readonly body: MarkupBody; readonly first: BlockContent | undefined },
  dialect: MarkupDialect,
): { readonly text: string; readonly pieces: readonly MarkupPiece[] } | undefined {
  const title = body.title === undefined ? undefined : titleOf(first);
  if (body.title === undefined || title === undefined || first === undefined) return { text: native, pieces: body.pieces };
  const text = retitled(native, [body.title, title], dialect);
  const pieces = body.pieces.map((piece, index) => (index === 0 ? { ...piece, blocks: [first] } : piece));
  return text === undefined ? undefined : { text, pieces };
}

/** The words of a paragraph that is bold from end to end, as a title reads where nothing else can say it. */
function titleOf(block: BlockContent | undefined): string | undefined {
  const [only, ...others] = block?.type === 'paragraph' ? block.children : [];
  const [words, ...more] = only?.type === 'strong' && others.length === 0 ? only.children : [];
  return words?.type === 'text' && more.length === 0 ? words.value : undefined;
}

/** What a block says beside what it holds. */
export function shellOf(block: BlockContent): string {
  const { type } = block;
  const own = type === 'details' ? block.summary : type === 'alert' ? block.kind : type === 'code' ? block.lang : '';
  return JSON.stringify([type, own ?? '']);
}

import type { BlockContent } from 'mdast';
import { lonePicture } from './normal-paragraph.ts';
import { pairPictures, type ShownPicture } from './pair-pictures.ts';
import { normalChildren } from './settle.ts';

/** So many pictures of an edited text are looked for; each is read by itself. */
const picturesMax = 100;

/** A picture as a text of one format has it, on one line. */
export interface PictureSyntax {
  /** What may be a picture. It may find too much, for what is found is read. */
  readonly pattern: RegExp;
  /** What a stretch shows by itself; undefined where that is no picture. */
  readonly read: (authored: string) => ShownPicture | undefined;
  /** A picture with the description of one that this program wrote. */
  readonly describe: (authored: string, written: WrittenPicture) => string;
}

export interface WrittenPicture extends ShownPicture {
  readonly authored: string;
  readonly start: number;
}

/**
 * An edited text with the pictures of the native one as their author wrote them, with their sizes, where an edit of the
 * description or of the place wrote them anew. The caller has to see that it reads as before.
 */
export function withOwnPictures(native: string, edited: string, syntax: PictureSyntax): string {
  const [before, after] = [native, edited].map((text) => [...text.matchAll(syntax.pattern)]);
  const gone = notAmong(before ?? [], after ?? []);
  const come = notAmong(after ?? [], before ?? []);
  if (gone.length === 0 || come.length === 0 || gone.length > picturesMax || come.length > picturesMax) return edited;
  const written = shownBy(come, syntax);
  const pairs = pairPictures(shownBy(gone, syntax), written);
  let text = '';
  let done = 0;
  for (const [index, picture] of written.entries()) {
    const was = pairs[index];
    const own = was === undefined ? '' : syntax.describe(was.authored, picture);
    const reads = own === '' ? undefined : syntax.read(own);
    if (reads?.url !== picture.url || reads.alt !== picture.alt) continue;
    text += edited.slice(done, picture.start) + own;
    done = picture.start + picture.authored.length;
  }
  return text + edited.slice(done);
}

/** The first ones without as many of the others that are written alike. */
function notAmong(found: readonly RegExpExecArray[], others: readonly RegExpExecArray[]): readonly RegExpExecArray[] {
  const left = new Map<string, number>();
  for (const [authored] of others) left.set(authored, (left.get(authored) ?? 0) + 1);
  return found.filter(([authored]) => {
    const count = left.get(authored) ?? 0;
    left.set(authored, count - 1);
    return count <= 0;
  });
}

function shownBy(found: readonly RegExpExecArray[], { read }: PictureSyntax): readonly WrittenPicture[] {
  return found.flatMap(({ 0: authored, index }) => {
    const shown = read(authored);
    return shown === undefined ? [] : [{ ...shown, authored, start: index }];
  });
}

/** The picture that is all there is in these blocks. */
export function onlyPicture(blocks: readonly BlockContent[]): ShownPicture | undefined {
  const [only, ...others] = normalChildren({ type: 'root', children: [...blocks] });
  const picture = others.length > 0 ? undefined : lonePicture(only);
  return picture && { url: picture.url, alt: picture.alt };
}

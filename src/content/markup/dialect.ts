import type { BlockContent, Image, Link, PhrasingContent } from 'mdast';
import type { PictureSyntax } from '../own-pictures.ts';

/** A stretch of source that reads as these blocks, independent of its neighbours. */
export interface MarkupPiece {
  readonly blocks: readonly BlockContent[];
  readonly start: number;
  readonly end: number;
  /** The stretches of a paragraph's lines, of a table's rows, or of the items of its lists without the items in them. */
  readonly parts: readonly MarkupPart[];
  /** What stands in the piece, where it is one quote, panel, code or macro with lines of its own. */
  readonly body?: MarkupBody | undefined;
}

export interface MarkupPart extends Stretch {
  /** The signs of an item, one for each level. */
  readonly marker?: string | undefined;
  /** The signs that would say the same, where the ones that are there leave levels out or name another list around it. */
  readonly levels?: string | undefined;
  /** What stands in an item's line and below it, each by itself: lines of text, or a macro. The first begins with its signs. */
  readonly segments?: readonly Omit<MarkupPiece, 'blocks'>[] | undefined;
  /** What stands in each cell of a row, without the blanks and signs around it. */
  readonly cells?: readonly Stretch[] | undefined;
}

/** The stretch between the opening and the end of what holds blocks or code, and the pieces in it. */
export interface MarkupBody extends Stretch {
  readonly pieces: readonly MarkupPiece[];
  /** What the opening says that reads as the first block of it: its first piece, which stands nowhere in it. */
  readonly title?: string;
  /** What each line of it begins with. Default: nothing. */
  readonly margin?: string;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A line-based markup: wiki markup or Textile, with the attachments and users of one issue. */
export interface MarkupDialect {
  /** Total: no source makes it throw. */
  readonly read: (source: string) => readonly MarkupPiece[];
  /** A normal block in this markup, or undefined where it has no syntax for it. */
  readonly write: (block: BlockContent) => string | undefined;
  /** A line of code as it stands between the tags of code. */
  readonly writeCode: (line: string) => string;
  /** What may say more than is read of it, each on one line: mentions, sizes of images, colours, references. */
  readonly authored: readonly RegExp[];
  /** A picture on one line, without a link around it, and the same with the description of one that this program wrote. */
  readonly picture: RegExp;
  readonly describe: PictureSyntax['describe'];
  /** Whether words may be put amid native ones; not where what is not read of those is linked by more than braces and brackets. */
  readonly patchesWords: boolean;
  /** The nearest that this markup can say for a link or an image; the same node where it can say it as it is. */
  readonly lowerTarget: (node: Link | Image) => PhrasingContent[];
  /** The title of details as far as this markup can hold it. */
  readonly lowerTitle: (title: string) => string;
  /** The same as it is written. */
  readonly writeTitle: (title: string) => string;
}

import type { ConnectionCard } from './outcome.ts';
import { messageLengthMax, plainLine } from './plain-line.ts';

/** A piece of text of unknown origin, or a link with such a label. Renderers escape both. */
export type Piece = string | { readonly label: string; readonly url: string };
export type Cell = readonly Piece[];

/** What changes within one value: a line about where, then what goes and what comes, in lines of unknown origin. */
export interface DiffItem {
  readonly head: Cell;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The parts of a report, in their order; each renderer knows every kind. */
export type Block =
  | { readonly kind: 'line'; readonly text: Cell; readonly isAlert?: true }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly name: string; readonly value: Cell }[] }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly Cell[] }
  | { readonly kind: 'diff'; readonly title: string; readonly items: readonly DiffItem[] }
  | { readonly kind: 'code'; readonly title: string; readonly text: string }
  /** Text of Sallyport's own, Markdown already. */
  | { readonly kind: 'own'; readonly text: string };

export function cardBlock(card: ConnectionCard): Block {
  const facts = [
    { name: 'Connection', value: [`${card.name} (${card.connectionId})`] },
    { name: 'Status', value: [card.status] },
    { name: 'Public side', value: [{ label: card.site, url: card.site }, `, ${card.project}`] },
    { name: 'Private side', value: [card.destination] },
  ];
  return { kind: 'facts', facts };
}

/** The lines of a diff, each of them bounded, cleaned and under its mark. */
export function diffLines({ before, after }: Pick<DiffItem, 'before' | 'after'>): readonly string[] {
  const marked = (mark: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${mark} ${plainLine(line, messageLengthMax)}`);
  return [...marked('-', before), ...marked('+', after)];
}

const effectWords: Readonly<Record<string, string>> = { create: 'new', write: 'edit of', remove: 'removal of' };

/** What a line is about, as people read it: `comment.create private 12` → `new comment (to the private side)`. */
export function whatText(what: string): string {
  const match = /^([a-z]+)\.(create|write|remove) (public|private)(?: ([a-z+]+)$)?/.exec(what);
  if (match === null) return what;
  const [, thing = '', act = '', side = '', fields = ''] = match;
  const object = thing === 'fields' ? fields.replaceAll('+', ', ') || 'fields' : thing;
  return `${effectWords[act] ?? act} ${object} (to the ${side} side)`;
}

/** The block with every text and label of unknown origin replaced; codes and own texts stay as they are. */
export function mapTexts(block: Block, replace: (text: string) => string): Block {
  const cell = (pieces: Cell): Cell =>
    pieces.map((piece) =>
      typeof piece === 'string' ? replace(piece) : { label: replace(piece.label), url: replace(piece.url) },
    );
  switch (block.kind) {
    case 'line':
      return { ...block, text: cell(block.text) };
    case 'facts':
      return { ...block, facts: block.facts.map((fact) => ({ name: fact.name, value: cell(fact.value) })) };
    case 'table':
      return { ...block, rows: block.rows.map((cells) => cells.map(cell)) };
    case 'list':
      return { ...block, items: block.items.map(cell) };
    case 'diff':
      return {
        ...block,
        items: block.items.map(({ head, before, after }) => ({
          head: cell(head),
          before: before.map(replace),
          after: after.map(replace),
        })),
      };
    case 'code':
    case 'own':
      return block;
  }
}

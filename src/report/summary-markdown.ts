import type { Block, Cell } from './blocks.ts';
import { diffLines, mapTexts } from './blocks.ts';
import { documentOf } from './document.ts';
import { markdownCode, markdownLink, markdownText } from './escape-markdown.ts';
import type { Outcome } from './outcome.ts';
import { messageLengthMax } from './plain-line.ts';

/** GitHub takes 1 MiB a step and drops a longer summary whole; rows end below it, so that what follows them fits as well. */
const rowBytesMax = 800_000;

/** Facts are few; they stay even where rows have used up their share. */
const factBytesMax = 50_000;

/** Rows of one table: browsers grow slow long before the limit of bytes. */
const rowsMax = 1_000;

/**
 * The job summary: GitHub Markdown of less than 1 MiB. Tables that would grow larger are cut with a line that says how many
 * rows are missing. Whatever a tracker said is escaped (I10).
 *
 * `redact` takes secrets out of every text before it is escaped (I8): afterwards they could not be found any more, because
 * a `_` or `-` in them would stand there as a character reference. The code of an invitation is shown as it is.
 */
export function summaryMarkdown(outcome: Outcome, redact: (text: string) => string = (text) => text): string {
  const { heading, blocks } = documentOf(outcome);
  const budget = { bytesLeft: rowBytesMax };
  const parts = blocks.map((block) => blockText(mapTexts(block, redact), budget));
  return `${[...(heading === '' ? [] : [`## ${markdownText(redact(heading))}`]), ...parts].join('\n\n')}\n`;
}

interface Budget {
  bytesLeft: number;
}

function blockText(block: Block, budget: Budget): string {
  switch (block.kind) {
    case 'line':
      return block.isAlert === true ? `> [!CAUTION]\n> ${cellText(block.text)}` : cellText(block.text);
    case 'facts':
      return tableText(
        { columns: ['', ''], rows: block.facts.map((fact) => [[fact.name], fact.value]) },
        { bytesLeft: factBytesMax },
      );
    case 'table':
      return `### ${markdownText(block.title)}\n\n${tableText(block, budget)}`;
    case 'list':
      return `### ${markdownText(block.title)}\n\n${fitted(
        block.items.map((item) => `- ${cellText(item)}`),
        budget,
      )}`;
    case 'diff':
      return `### ${markdownText(block.title)}\n\n${fitted(
        block.items.map((item) => `${cellText(item.head)}\n\n${markdownCode(diffLines(item).join('\n'), 'diff')}\n`),
        budget,
      )}`;
    case 'code':
      return `### ${markdownText(block.title)}\n\n${markdownCode(block.text)}`;
    case 'own':
      return block.text.trimEnd();
  }
}

function tableText(
  table: { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] },
  budget: Budget,
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = [row(table.columns.map((column) => markdownText(column))), row(table.columns.map(() => '---'))];
  return `${head.join('\n')}\n${fitted(
    table.rows.map((cells) => row(cells.map(cellText))),
    budget,
  )}`;
}

/** The lines that fit, and how many did not. */
function fitted(lines: readonly string[], budget: Budget): string {
  const kept: string[] = [];
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > budget.bytesLeft || kept.length === rowsMax) break;
    budget.bytesLeft -= bytes;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  // A blank line ends a table, so that the note is no row of it.
  return missing === 0
    ? kept.join('\n')
    : `${kept.join('\n')}\n\n*… and ${missing} more, left out here; the JSON report has them all.*`;
}

function cellText(cell: Cell): string {
  return cell.map((piece) => (typeof piece === 'string' ? paddedText(piece) : markdownLink(piece.label, piece.url))).join('');
}

/** Escaped text; blanks at its ends stay, since they part it from the next piece. */
function paddedText(text: string): string {
  const start = text.startsWith(' ') ? ' ' : '';
  const end = text.endsWith(' ') ? ' ' : '';
  return `${start}${markdownText(text, messageLengthMax)}${end}`;
}

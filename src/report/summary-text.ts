import type { Block, Cell } from './blocks.ts';
import { diffLines } from './blocks.ts';
import { documentOf } from './document.ts';
import type { Outcome } from './outcome.ts';
import { messageLengthMax, plainLine } from './plain-line.ts';

/** Rows of one table in a terminal or a log. */
const rowsMax = 200;

/**
 * The report as plain text for a terminal or a log, ending with a line break. Whatever a tracker said is on one line,
 * without control characters, and starts no workflow command (I10).
 */
export function summaryText(outcome: Outcome): string {
  const { heading, blocks } = documentOf(outcome);
  const parts = blocks.map(blockText);
  return `${[...(heading === '' ? [] : [plainLine(heading)]), ...parts].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'line':
      return `${block.isAlert === true ? '! ' : ''}${cellText(block.text)}`;
    case 'facts': {
      const width = Math.max(0, ...block.facts.map((fact) => fact.name.length));
      return block.facts.map((fact) => `${plainLine(fact.name).padEnd(width)}  ${cellText(fact.value)}`).join('\n');
    }
    case 'table':
      return `${block.title}\n${fitted(block.rows.map((cells) => cells.map(cellText).join('  ')))}`;
    case 'list':
      return `${block.title}\n${fitted(block.items.map(cellText))}`;
    case 'diff':
      return `${block.title}\n${fitted(
        block.items.map((item) => [cellText(item.head), ...diffLines(item).map((line) => `    ${line}`)].join('\n')),
      )}`;
    case 'code':
      // On a line of its own, so that a double click in a terminal takes it whole.
      return `${block.title}\n\n${block.text}`;
    case 'own':
      return block.text.trimEnd();
  }
}

function fitted(lines: readonly string[]): string {
  const kept = lines.slice(0, rowsMax).map((line) => `  ${line}`);
  const missing = lines.length - kept.length;
  return [...kept, ...(missing === 0 ? [] : [`  … and ${missing} more; --json has them all.`])].join('\n');
}

/** Each piece is cleaned by itself and the whole again: two harmless pieces could make a command together. */
function cellText(cell: Cell): string {
  const text = cell.map((piece) => (typeof piece === 'string' ? piece : piece.label)).join('');
  return plainLine(text, messageLengthMax);
}

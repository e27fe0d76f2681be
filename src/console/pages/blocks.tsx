import type { Block, Cell } from '../../report/blocks.ts';
import type { ReportDocument } from '../../report/document.ts';
import { shownMessage, shownTitle } from '../shown-text.ts';
import { Facts, Outward } from './parts.tsx';

/** Rows of one table; the rest is told by its number. */
const rowsMax = 500;

function Text({ cell }: { readonly cell: Cell }) {
  return (
    <>
      {cell.map((piece) =>
        typeof piece === 'string' ? <span>{shownMessage(piece)} </span> : <Outward url={piece.url} label={piece.label} />,
      )}
    </>
  );
}

/** A report as the summary and the terminal have it, as HTML. Codes and plans have pages of their own and are left out here. */
export function Report({ document }: { readonly document: ReportDocument }) {
  return (
    <>
      {document.blocks.map((block) => (
        <One block={block} />
      ))}
    </>
  );
}

function One({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'line':
      return (
        <p class={block.isAlert === true ? 'note note-warning' : undefined}>
          <Text cell={block.text} />
        </p>
      );
    case 'facts':
      return <Facts facts={block.facts.map(({ name, value }) => ({ name: shownTitle(name), value: <Text cell={value} /> }))} />;
    case 'list':
      return (
        <section>
          <h2>{shownTitle(block.title)}</h2>
          <ul>
            {block.items.slice(0, rowsMax).map((item) => (
              <li>
                <Text cell={item} />
              </li>
            ))}
          </ul>
          <Rest count={block.items.length - rowsMax} />
        </section>
      );
    case 'table':
      return <Table block={block} />;
    case 'diff':
    case 'code':
      return null;
    case 'own':
      return <OwnText text={block.text} />;
  }
}

function Table({ block }: { readonly block: Extract<Block, { kind: 'table' }> }) {
  return (
    <section>
      <h2>{shownTitle(block.title)}</h2>
      <div class="scroll" tabindex={0} role="region" aria-label={shownTitle(block.title)}>
        <table>
          <thead>
            <tr>
              {block.columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.slice(0, rowsMax).map((cells) => (
              <tr>
                {cells.map((cell) => (
                  <td class={isShort(cell) ? 'short' : undefined}>
                    <Text cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Rest count={block.rows.length - rowsMax} />
    </section>
  );
}

/** Keys and single words are not broken; a key between long titles would be. */
const shortLengthMax = 16;

function isShort(cell: Cell): boolean {
  return cell.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece : piece.label).length, 0) <= shortLengthMax;
}

function Rest({ count }: { readonly count: number }) {
  return count <= 0 ? null : <p class="hint">{`… ${count}`}</p>;
}

/** Sallyport's own Markdown (the Basic rules): headings, lists and paragraphs are all that it has. */
export function OwnText({ text }: { readonly text: string }) {
  const parts = text.trim().split(/\n{2,}/);
  return (
    <div class="own">
      {parts.map((part) => {
        const heading = /^(#+) (.*)$/.exec(part);
        if (heading !== null) return <h3>{heading[2]}</h3>;
        const lines = part.split('\n');
        if (lines.every((line) => line.startsWith('|'))) return <OwnTable lines={lines} />;
        if (lines.every((line) => /^\s*(?:[-*]|\d+\.) /.test(line)))
          return (
            <ul>
              {lines.map((line) => (
                <li>{line.replace(/^\s*(?:[-*]|\d+\.) /, '')}</li>
              ))}
            </ul>
          );
        return <p>{part.replaceAll(/^> ?/gm, '')}</p>;
      })}
    </div>
  );
}

function OwnTable({ lines }: { readonly lines: readonly string[] }) {
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell) => (
            <th scope="col">{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>
            {cells.map((cell) => (
              <td>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

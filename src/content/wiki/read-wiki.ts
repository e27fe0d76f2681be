import type { BlockContent } from 'mdast';
import { readBounded } from '../markup/bounded-markup.ts';
import { codeStretch, LineGatherer, safeSource, Taken } from '../markup/line-scan.ts';
import { decodeReferences } from '../html-tokens.ts';
import type { MarkupPiece } from '../markup/dialect.ts';
import type { AlertKind } from '../neutral.ts';
import { plainText } from '../runs.ts';
import type { WikiContext } from './wiki-context.ts';
import { readWikiLines } from './read-wiki-blocks.ts';

interface OpenMacro {
  readonly name: 'quote' | 'panel' | undefined;
  readonly parameters: string;
  readonly opening: string;
  readonly start: number;
  readonly lines: LineGatherer;
}

/** Colours that Atlassian's own converter gives the panels of its new editor, by the kind of alert. */
export const panelColours: Readonly<Record<AlertKind, string>> = {
  note: '#deebff',
  important: '#eae6ff',
  tip: '#e3fcef',
  warning: '#fffae6',
  caution: '#ffebe6',
};

/** Monospaced text begins with two braces, of which the second begins no macro. */
const macro = /\{\{|\{(code|noformat|quote|panel)(?::([^}\r\n]*))?\}|\\[^\r\n]|\r\n|\n|\r/g;

/**
 * Reads Jira wiki markup as pieces of neutral blocks, not normal yet. Macros with bodies are taken out first, as Jira does;
 * one that nothing ends, and any that is not known, is text. Quotes and panels do not nest in their like. Linear, total.
 */
export function readWiki(original: string, context: WikiContext): MarkupPiece[] {
  return readBounded(original, codeEnd, (text) => readAll(text, context));
}

function codeEnd(line: string): string | undefined {
  const name = /^\{(code|noformat)(?::[^}]*)?\}(?!.*\{\1\})/.exec(line)?.[1];
  return name === undefined ? undefined : `{${name}}`;
}

function readAll(original: string, context: WikiContext): MarkupPiece[] {
  const source = safeSource(original);
  const taken = new Taken();
  const open: OpenMacro[] = [outermost()];
  const top = (): OpenMacro => open.at(-1) ?? outermost();
  const close = (): OpenMacro | undefined => (open.length > 1 ? open.pop() : undefined);
  const unending = new Set<string>();
  let done = 0;
  macro.lastIndex = 0;
  for (let match = macro.exec(source); match !== null; match = macro.exec(source)) {
    top().lines.add(source.slice(done, match.index));
    done = match.index + match[0].length;
    const name = match[1];
    if (name === undefined) {
      if (/^[\\{]/.test(match[0])) top().lines.add(match[0]);
      else top().lines.endLine(match.index, done);
    } else if (name === 'code' || name === 'noformat') {
      const end = unending.has(name) ? -1 : source.indexOf(`{${name}}`, done);
      if (end < 0) {
        unending.add(name);
        top().lines.add(match[0]);
        continue;
      }
      const body = source.slice(done, end);
      const block = codeBlock(name, match[2] ?? '', body);
      const place = { start: match.index, end: end + name.length + 2 };
      top().lines.add(taken.put([block], place, { pieces: [], ...codeStretch(body, done) }));
      done = place.end;
      macro.lastIndex = done;
    } else if (open.some((frame) => frame.name === name)) {
      while (top().name !== name) adopt(close(), top());
      const frame = close();
      if (frame === undefined) continue;
      frame.lines.endLine(match.index, done);
      const pieces = readWikiLines(frame.lines.lines, taken, context);
      const [block, title] = container(
        name,
        frame.parameters,
        pieces.flatMap((piece) => piece.blocks),
      );
      const start = frame.lines.lines[0]?.start ?? match.index;
      // A panel's title reads as its first block, and stands in no line of its body.
      const head = title === undefined ? [] : [{ blocks: [title], start, end: start, parts: [] }];
      const place = { start: frame.start, end: done };
      const body = { pieces: [...head, ...pieces], start, end: match.index };
      top().lines.add(taken.put([block], place, title === undefined ? body : { ...body, title: plainText([title]) }));
    } else {
      const parameters = match[2] ?? '';
      const lines = new LineGatherer(done);
      open.push({ name: name === 'quote' ? 'quote' : 'panel', parameters, opening: match[0], start: match.index, lines });
    }
  }
  top().lines.add(source.slice(done));
  while (open.length > 1) adopt(close(), top());
  const [whole] = open;
  whole?.lines.endLine(source.length, source.length);
  return readWikiLines(whole?.lines.lines ?? [], taken, context);
}

function outermost(): OpenMacro {
  return { name: undefined, parameters: '', opening: '', start: 0, lines: new LineGatherer(0) };
}

/** A macro that nothing ends is text, and its lines are those of the place around it. */
function adopt(frame: OpenMacro | undefined, holder: OpenMacro): void {
  if (frame === undefined) return;
  frame.lines.endLine(0, 0);
  holder.lines.adopt(frame.opening, frame.lines.lines);
}

function codeBlock(name: string, parameters: string, body: string): BlockContent {
  const value = body.replaceAll(/\r\n?/g, '\n').replace(/^\n/, '').replace(/\n$/, '');
  const options = parameters.split('|');
  const lang = name === 'code' ? (options.find((option) => !option.includes('=')) ?? parameter(options, 'language')) : undefined;
  return { type: 'code', lang: lang === undefined || lang === '' ? null : lang, value };
}

function parameter(options: readonly string[], name: string): string | undefined {
  return options
    .find((option) => option.trim().toLowerCase().startsWith(`${name.toLowerCase()}=`))
    ?.replace(/^[^=]*=/, '')
    .trim();
}

/** The block, and the one that its title became in it. */
function container(name: string, parameters: string, children: BlockContent[]): [BlockContent, BlockContent?] {
  if (name === 'quote') return [{ type: 'blockquote', children }];
  const options = parameters.split('|');
  const title = decodeReferences(parameter(options, 'title') ?? '');
  if (parameter(options, 'borderStyle') === 'dashed' && parameter(options, 'bgColor') === undefined)
    return [{ type: 'details', summary: title, children }];
  const colour = parameter(options, 'bgColor')?.toLowerCase();
  const kinds: readonly AlertKind[] = ['note', 'important', 'tip', 'warning', 'caution'];
  const kind = kinds.find((known) => panelColours[known] === colour) ?? 'note';
  const heading: BlockContent = { type: 'paragraph', children: [{ type: 'strong', children: [{ type: 'text', value: title }] }] };
  return title === ''
    ? [{ type: 'alert', kind, children }]
    : [{ type: 'alert', kind, children: [heading, ...children] }, heading];
}

import { cleanText, cleanUrl } from './clean-text.ts';
import { stripCodeDefusing, stripDefusing } from './defuse.ts';
import { withEmoji } from './emoji.ts';
import { parseAttachmentUrl } from './neutral.ts';
import { linkedRuns, markNames, noMarks, type MarkName, type Run, type Style } from './runs.ts';

/** What becomes of breaks: kept (two in a row part paragraphs), kept singly, or turned into spaces (headings). */
export type BreakRule = 'paragraphs' | 'single' | 'space';

/**
 * Runs in the one form that both codecs carry exactly: clean text; marks where ADF allows them (code takes none but a
 * link); white space collapsed, trimmed, and marked only where both neighbours are; bare web addresses linked; neighbours
 * alike merged. Applying it twice changes nothing.
 */
export function normalRuns(runs: readonly Run[], breaks: BreakRule): Run[] {
  const prepared = mergeAlike(attachmentLinks(runs).flatMap(cleanRun)).map(fusedRun).flatMap(linkAddresses).map(emojiRun);
  return boundSigns(mergeAlike(settleSpace(mergeAlike(prepared), breaks)));
}

/** Characters in one line's text that may need an escape, each of which costs a parser time by the number of the others. */
const signsMax = 2000;
/** Links and stretches under marks in one line: written, each has more characters than it had, which a parser reads again. */
const styledMax = 1000;

/** Nobody writes a paragraph with thousands of signs by hand: it is code, or meant to take time, and reads best as code. */
function boundSigns(runs: readonly Run[]): Run[] {
  let signs = 0;
  let styled = 0;
  for (const run of runs) {
    if (run.kind === 'text') signs += run.text.match(/[\\`*_~[\]<&|!#]/g)?.length ?? 0;
    if (run.link !== undefined || run.marks.size > 0) styled += 1;
  }
  if (signs <= signsMax && styled <= styledMax) return [...runs];
  const linkOf = (run: Run): string | undefined => (styled > styledMax ? undefined : run.link);
  return mergeAlike(
    runs.map(
      (run): Run =>
        run.kind === 'text' || run.kind === 'code'
          ? { kind: 'code', text: run.text, marks: noMarks, link: linkOf(run) }
          : { ...run, link: linkOf(run) },
    ),
  );
}

/** Stretches under one link to an attachment, as ADF has them, are references to it. */
function attachmentLinks(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (let start = 0; start < runs.length; ) {
    const url = runs[start]?.link;
    let end = start + 1;
    while (url !== undefined && runs[end]?.link === url) end += 1;
    const group = runs.slice(start, end);
    for (const run of url === undefined ? group : linkedRuns(group, url)) result.push(run);
    start = end;
  }
  return result;
}

function cleanRun(run: Run): Run[] {
  const link = run.link === undefined ? undefined : cleanUrl(run.link);
  switch (run.kind) {
    case 'text': {
      const text = cleanText(run.text).replaceAll('\n', ' ');
      return text === '' ? [] : [{ kind: 'text', text, marks: textMarks(run.marks), link }];
    }
    case 'code': {
      const text = stripCodeDefusing(cleanText(run.text).replaceAll(/[\n\t]/g, ' '));
      return text === '' ? [] : [{ kind: 'code', text, marks: noMarks, link }];
    }
    case 'break':
      return [{ ...run, link }];
    case 'image': {
      const url = cleanUrl(run.url);
      const alt = imageDescription(run.alt, url);
      if (url !== undefined) return [{ kind: 'image', url, alt, marks: noMarks, link }];
      return alt === '' ? [] : [{ kind: 'text', text: alt, marks: textMarks(run.marks), link }];
    }
  }
}

/** An attachment's address does not describe it: where it is linked without a description, its address stands instead. */
function imageDescription(alt: string, url: string | undefined): string {
  const description = stripDefusing(cleanText(alt).replaceAll(/\s+/g, ' ')).trim();
  return url !== undefined && parseAttachmentUrl(url) !== undefined && /^(?:https?:\/\/|attachment:)\S*$/i.test(description)
    ? ''
    : description;
}

/** ADF has one mark for subscript and superscript, so nothing is both. */
function textMarks(marks: ReadonlySet<MarkName>): ReadonlySet<MarkName> {
  if (!marks.has('subscript') || !marks.has('superscript')) return marks;
  return new Set([...marks].filter((mark) => mark !== 'subscript'));
}

function fusedRun(run: Run): Run {
  return run.kind === 'text' ? { ...run, text: stripDefusing(run.text) } : run;
}

/** An address in a link's text stays as it is, or the text would not be the address any more. */
function emojiRun(run: Run): Run {
  if (run.kind !== 'text' || (run.link !== undefined && run.text.includes('://'))) return run;
  return { ...run, text: withEmoji(run.text) };
}

const address = /(?<![\p{L}\p{N}_])https?:\/\/[\p{L}\p{N}][^\s<>"'`{}|\\^[\]\u200b]*/giu;

/** GitHub links bare web addresses, and Jira's editor does: so does canonical form. */
function linkAddresses(run: Run): Run[] {
  if (run.kind !== 'text' || run.link !== undefined) return [run];
  const pieces: Run[] = [];
  let done = 0;
  for (const match of run.text.matchAll(address)) {
    const url = withoutTrail(match[0]);
    if (cleanUrl(url) === undefined) continue;
    if (match.index > done) pieces.push({ ...run, text: run.text.slice(done, match.index) });
    pieces.push({ ...run, text: url, link: cleanUrl(url) });
    done = match.index + url.length;
  }
  if (done < run.text.length) pieces.push({ ...run, text: run.text.slice(done) });
  return pieces;
}

/** Punctuation that ends a sentence is not part of an address, nor is a closing parenthesis that the address did not open. */
function withoutTrail(url: string): string {
  let open = url.split('(').length - url.split(')').length;
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    if (last === ')' && open < 0) open += 1;
    else if (!/[.,:;!?*_~]/.test(last)) break;
  }
  return url.slice(0, end);
}

function sameStyle(left: Style, right: Style): boolean {
  return (
    left.link === right.link && left.marks.size === right.marks.size && [...left.marks].every((mark) => right.marks.has(mark))
  );
}

/** Joins neighbouring texts, and neighbouring codes, of one style; empty ones vanish. */
export function mergeAlike(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (run.kind === 'text' && run.text === '') continue;
    const joins = last !== undefined && sameStyle(last, run);
    if (joins && last.kind === 'text' && run.kind === 'text') merged[merged.length - 1] = { ...last, text: last.text + run.text };
    else if (joins && last.kind === 'code' && run.kind === 'code')
      merged[merged.length - 1] = { ...last, text: last.text + run.text };
    else merged.push(run);
  }
  return merged;
}

interface Piece {
  readonly run: Run;
  /** `space` collapses and is trimmed; `odd` (no-break space and its like) is kept but never carries a mark at an edge. */
  readonly kind: 'solid' | 'space' | 'odd' | 'break';
}

function piecesOf(runs: readonly Run[], breaks: BreakRule): Piece[] {
  return runs.flatMap((run): Piece[] => {
    if (run.kind === 'break') {
      return breaks === 'space' ? [{ run: { ...run, kind: 'text', text: ' ' }, kind: 'space' }] : [{ run, kind: 'break' }];
    }
    if (run.kind !== 'text') return [{ run, kind: 'solid' }];
    const core = run.text.trim();
    if (core === '') return spacePieces(run, run.text);
    const start = run.text.length - run.text.trimStart().length;
    // White space amid the words of one run has its marks, whatever is around the run.
    const solid: Piece = { run: { ...run, text: core.replaceAll(/[ \t]+/g, ' ') }, kind: 'solid' };
    return [...spacePieces(run, run.text.slice(0, start)), solid, ...spacePieces(run, run.text.slice(start + core.length))];
  });
}

function spacePieces(run: Extract<Run, { kind: 'text' }>, space: string): Piece[] {
  const parts = space.match(/[ \t]+|[^ \t]+/g) ?? [];
  return parts.map((text) => ({ run: { ...run, text }, kind: /^[ \t]/.test(text) ? 'space' : 'odd' }));
}

function common(left: Style | undefined, right: Style | undefined): Style {
  if (left === undefined || right === undefined) return { marks: noMarks, link: undefined };
  const marks = new Set(markNames.filter((mark) => left.marks.has(mark) && right.marks.has(mark)));
  return { marks, link: left.link === right.link ? left.link : undefined };
}

/** Paragraphs are settled one by one: what a break parts for good has no say in how the space beside it is marked. */
function settleSpace(runs: readonly Run[], breaks: BreakRule): Run[] {
  const paragraphs: Piece[][] = [[]];
  let breaksInGap = 0;
  for (const piece of piecesOf(runs, breaks)) {
    if (piece.kind === 'break') breaksInGap += 1;
    else if (piece.kind !== 'space') breaksInGap = 0;
    if (breaks === 'paragraphs' && breaksInGap > 1) paragraphs.push([]);
    else paragraphs.at(-1)?.push(piece);
  }
  return paragraphs
    .map(settleLine)
    .filter((line) => line.length > 0)
    .flatMap((line, index) => (index === 0 ? line : [plainBreak, plainBreak, ...line]));
}

const plainBreak: Run = { kind: 'break', marks: noMarks, link: undefined };

function settleLine(pieces: readonly Piece[]): Run[] {
  const following: (Run | undefined)[] = [];
  let next: Run | undefined;
  for (const piece of pieces.toReversed()) {
    following.push(next);
    if (piece.kind === 'solid') next = piece.run;
  }
  following.reverse();
  if (next === undefined) return [];
  const settled: Run[] = [];
  let before: Run | undefined;
  let gap: Piece[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'space' || piece.kind === 'break') {
      gap.push(piece);
      continue;
    }
    const after = piece.kind === 'solid' ? piece.run : following[index];
    if (gap.length > 0 && settled.length > 0) settled.push(settleGap(gap, common(before, after)));
    gap = [];
    if (piece.kind === 'solid') before = piece.run;
    settled.push(piece.kind === 'odd' ? { ...piece.run, ...common(piece.run, common(before, after)) } : piece.run);
  }
  return settled;
}

/** One space under the marks that all of the gap and both neighbours have, or one break under those of the neighbours. */
function settleGap(gap: readonly Piece[], around: Style): Run {
  if (gap.some((piece) => piece.kind === 'break')) return { kind: 'break', ...around };
  return { kind: 'text', text: ' ', ...gap.reduce((inner: Style, piece) => common(inner, piece.run), around) };
}

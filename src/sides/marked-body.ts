/**
 * A body of a tracker that keeps our marks in the text (GitHub, Redmine), taken apart: what people and the content codec see, the generated list of files, and the
 * hidden marks. People write anywhere, also behind the marks and within the list, so every line is looked at by itself:
 * whatever does not carry a sign of ours is content and stays (I3).
 */
export interface BodyParts {
  /** Markdown without marks and file list; line ends as they are. */
  readonly content: string;
  /** The generated lines of the file list, without line ends. */
  readonly fileLines: readonly string[];
  /** Tokens of all hidden marks, unverified, in their order. */
  readonly marks: readonly string[];
  /** Signs of a list of files stand in it, whosever. */
  readonly listed: boolean;
  /** Carries what is no content, or the mark of a notice, whosever: of any other issue the content is all of the body. */
  readonly marked: boolean;
}

export const filesOpening = '<!-- sallyport:files -->';
export const filesClosing = '<!-- /sallyport:files -->';
export const filesHeading = '**Files**';
/** Ends each generated line of the file list, so that it is known from a line that a person wrote between. */
export const fileLineEnd = '<!-- sallyport-file -->';

/**
 * A stamp's token, whatever its version, is a payload and its signature behind a dot (core/stamp.ts); what has none is a
 * person's comment, but for the opening of a list. A back-slash makes text of it.
 */
const anyStamp = /(?<!\\)<!-- sallyport:([\w-]+(?:\.[\w-]+)+) -->/g;
const anyMark = /(?<!\\)<!-- sallyport:(files|[\w-]+(?:\.[\w-]+)+) -->/g;
/** As operations/notify.ts ends a notice. */
const anyNotice = /(?<!\\)<!-- sallyport-notice [\w-]+ [\w-]+ -->/g;
const reservedToken = 'files';

interface Line {
  readonly text: string;
  readonly end: string;
}

/**
 * `code` is content within a fence, in which nothing is a sign of ours. So is `open`, but of a fence that nobody closed: a person
 * who wrote it above a mark and more text below put the mark into it, which is still one.
 */
type Ownership = 'ours' | 'content' | 'code' | 'open';

/** What the connection writes into a text beside its content. */
interface Signs {
  readonly mark: RegExp;
  readonly list: boolean;
}

const ofIssues: Signs = { mark: anyMark, list: true };
const ofTexts: Signs = { mark: anyStamp, list: false };

/**
 * Takes the body of an issue on GitHub apart; `joinBody` of an untouched result gives the same body again. Total: any text has
 * parts.
 */
export function splitBody(body: string): BodyParts {
  return split(body, ofIssues);
}

/** The same of a text into which no list of files is ever written: comments, and all of Redmine. What looks like one is content. */
export function splitText(text: string): BodyParts {
  return split(text, ofTexts);
}

function split(body: string, written: Signs): BodyParts {
  const lines = linesOf(body);
  const owners = ownersOf(lines, written);
  const fileLines = written.list ? lines.filter((line, index) => owners[index] === 'ours' && isFileLine(line.text)) : [];
  const signs = lines.flatMap((line, index) => signsOf(line.text, owners[index], written.mark));
  const marks = signs.filter((token) => token !== reservedToken);
  const listed =
    fileLines.length > 0 ||
    marks.length < signs.length ||
    lines.some((line, index) => owners[index] === 'ours' && line.text.trim() === filesClosing);
  return {
    content: contentOf(lines, owners, written),
    fileLines: fileLines.map((line) => line.text),
    marks,
    listed,
    marked: signs.length > 0 || listed || lines.some((line, index) => signsOf(line.text, owners[index], anyNotice).length > 0),
  };
}

/** Puts a body together: content, file list, marks, one empty line between them. Without list and marks it is the content as it is. */
export function joinBody(parts: {
  readonly content: string;
  readonly fileLines: readonly string[];
  readonly marks: readonly string[];
}): string {
  const list =
    parts.fileLines.length === 0 ? [] : [[filesOpening, filesHeading, '', ...parts.fileLines, filesClosing].join('\n')];
  const marks = parts.marks.length === 0 ? [] : [parts.marks.map((token) => `<!-- sallyport:${token} -->`).join('\n')];
  const content = parts.content === '' ? [] : [parts.content];
  return [...content, ...list, ...marks].join('\n\n');
}

/** A body without our hidden marks: the list of files becomes ordinary text, and marks that are not `isOwn` stay. */
export function withoutMarks(body: string, takenApart: (body: string) => BodyParts, isOwn: (mark: string) => boolean): string {
  const { content, fileLines, marks } = takenApart(body);
  const foreign = marks.filter((mark) => !isOwn(mark));
  // A list without a mark is left of ours only where nobody else's mark stands beside it.
  const isOurs = foreign.length < marks.length || (marks.length === 0 && fileLines.length > 0);
  if (!isOurs) return body;
  const files = fileLines.map((line) => line.slice(0, -fileLineEnd.length).trimEnd());
  const list = files.length === 0 ? [] : [[filesHeading, '', ...files].join('\n')];
  const text = content === '' ? [] : [content];
  return joinBody({ content: [...text, ...list].join('\n\n'), fileLines: [], marks: foreign });
}

function linesOf(body: string): readonly Line[] {
  const lines: Line[] = [];
  for (const match of body.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    if (match[0] !== '') lines.push({ text: match[1] ?? '', end: match[2] ?? '' });
  }
  return lines;
}

function ownersOf(lines: readonly Line[], written: Signs): Ownership[] {
  const fenced = fencedLines(lines);
  const owners = lines.map((line, index) => fenced.get(index) ?? (isOurs(line.text, written) ? 'ours' : 'content'));
  // Marks behind a fence that a person never closed are ours all the same: nothing but ours follows them.
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? '';
    if (!isOurs(text, written) && !isBlank(text) && text !== filesHeading) break;
    if (isOurs(text, written)) owners[index] = 'ours';
  }
  claimWithinList(lines, owners);
  claimSingleBlanks(lines, owners);
  return owners;
}

/** The heading and the empty lines between the list's marks are ours, too. */
function claimWithinList(lines: readonly Line[], owners: Ownership[]): void {
  let inside = false;
  for (const [index, line] of lines.entries()) {
    if (owners[index] === 'ours' && line.text.trim() === filesOpening) inside = true;
    if (owners[index] === 'ours' && line.text.trim() === filesClosing) inside = false;
    if (inside && line.text.trim() === filesHeading) owners[index] = 'ours';
  }
}

/** An empty line between two lines of ours is one that `joinBody` put there. */
function claimSingleBlanks(lines: readonly Line[], owners: Ownership[]): void {
  for (let index = 1; index < lines.length - 1; index += 1) {
    if (isBlank(lines[index]?.text ?? '') && owners[index - 1] === 'ours' && owners[index + 1] === 'ours') owners[index] = 'ours';
  }
}

function contentOf(lines: readonly Line[], owners: readonly Ownership[], written: Signs): string {
  const kept: Line[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index];
    if (line === undefined) break;
    if (owners[index] !== 'ours') {
      kept.push(owners[index] === 'content' ? withoutInlineMarks(line, written) : line);
      index += 1;
      continue;
    }
    while (index < lines.length && owners[index] === 'ours') index += 1;
    closeGap(kept, lines.slice(index));
    if (lines.slice(index).every((rest) => isBlank(rest.text))) break;
  }
  return kept.map((line) => line.text + line.end).join('');
}

/** Takes the empty line away that stood before a run of ours, unless what follows would then belong to another paragraph. */
function closeGap(kept: Line[], rest: readonly Line[]): void {
  const before = kept.at(-1);
  if (before === undefined) return;
  const next = rest[0];
  const restIsBlank = rest.every((line) => isBlank(line.text));
  if (restIsBlank) {
    if (isBlank(before.text)) kept.pop();
    const last = kept.pop();
    if (last !== undefined) kept.push({ text: last.text, end: '' });
    return;
  }
  if (isBlank(before.text) && next !== undefined && isBlank(next.text)) kept.pop();
  // A hidden comment ends a paragraph; without it the lines around it would become one.
  if (!isBlank(before.text) && next !== undefined && !isBlank(next.text)) kept.push({ text: '', end: before.end });
}

/** A mark on a line with a person's text: they joined the lines. Within back-ticks it is that person's text itself. */
function withoutInlineMarks(line: Line, written: Signs): Line {
  if (!line.text.includes('<!-- sallyport:')) return line;
  const isCode = codeSpansOf(line.text);
  const text = line.text.replaceAll(written.mark, (mark: string, _token: string, offset: number) => (isCode(offset) ? mark : ''));
  return { text, end: line.end };
}

/** What the signs of a line say that are no code. */
function signsOf(text: string, owner: Ownership | undefined, sign: RegExp): readonly string[] {
  if (owner === 'code' || !text.includes('<!-- sallyport')) return [];
  const isCode = owner === 'content' ? codeSpansOf(text) : () => false;
  return [...text.matchAll(sign)].flatMap((match) => (isCode(match.index) ? [] : [match[1] ?? '']));
}

/** Whether a place of a line is within back-ticks, by the runs of equal length that pair up: in linear time, whatever the line. */
function codeSpansOf(text: string): (offset: number) => boolean {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ start: run.index, length: run[0].length }));
  const closings = new Map<number, number>();
  const closingOf = runs.map((): number | undefined => undefined);
  for (const [index, { length }] of [...runs.entries()].toReversed()) {
    closingOf[index] = closings.get(length);
    closings.set(length, index);
  }
  const spans: { readonly start: number; readonly end: number }[] = [];
  for (let index = 0; index < runs.length; index += 1) {
    const start = runs[index]?.start ?? 0;
    const closing = text[start - 1] === '\\' ? undefined : closingOf[index];
    if (closing === undefined) continue;
    spans.push({ start, end: runs[closing]?.start ?? start });
    index = closing;
  }
  return (offset) => spans.some(({ start, end }) => offset > start && offset < end);
}

function isOurs(text: string, written: Signs): boolean {
  if (/^ {4}/.test(text)) return false;
  const trimmed = text.trim();
  if (written.list && (trimmed === filesClosing || isFileLine(trimmed))) return true;
  return trimmed !== '' && trimmed.replaceAll(written.mark, '').trim() === '';
}

function isFileLine(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.endsWith(fileLineEnd) && /^(?:- \[|!\[)/.test(trimmed);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** The lines within fenced code, its fences included, by their indexes. */
function fencedLines(lines: readonly Line[]): ReadonlyMap<number, 'code' | 'open'> {
  const fenced = new Map<number, 'code' | 'open'>();
  let fence: { readonly marker: string; readonly from: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.text);
    const marker = found?.[1];
    if (fence === undefined) {
      if (marker === undefined || (marker.startsWith('`') && (found?.[2] ?? '').includes('`'))) continue;
      fence = { marker, from: index };
      fenced.set(index, 'code');
      continue;
    }
    fenced.set(index, 'code');
    const isAlike = marker !== undefined && marker[0] === fence.marker[0] && marker.length >= fence.marker.length;
    if (isAlike && isBlank(found?.[2] ?? '')) fence = undefined;
  }
  if (fence !== undefined) for (let index = fence.from; index < lines.length; index += 1) fenced.set(index, 'open');
  return fenced;
}

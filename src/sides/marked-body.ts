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
  /** Carries the shape of one of our hidden comments, whosever. */
  readonly marked: boolean;
}

export const filesOpening = '<!-- sallyport:files -->';
export const filesClosing = '<!-- /sallyport:files -->';
export const filesHeading = '**Files**';
/** Ends each generated line of the file list, so that it is known from a line that a person wrote between. */
export const fileLineEnd = '<!-- sallyport-file -->';

const anyMark = /<!-- sallyport:([A-Za-z0-9_.-]+) -->/g;
const anyShape = /<!--\s*\/?sallyport[:-]/i;
const reservedToken = 'files';

interface Line {
  readonly text: string;
  readonly end: string;
}

/** `code` is content within a fence, in which nothing is a sign of ours. */
type Ownership = 'ours' | 'content' | 'code';

/** Takes a body apart; `joinBody` of an untouched result gives the same body again. Total: any text has parts. */
export function splitBody(body: string): BodyParts {
  const lines = linesOf(body);
  const owners = ownersOf(lines);
  return {
    content: contentOf(lines, owners),
    fileLines: lines
      .filter((line, index) => owners[index] === 'ours' && line.text.endsWith(fileLineEnd))
      .map((line) => line.text),
    marks: [...body.matchAll(anyMark)].map((match) => match[1] ?? '').filter((token) => token !== reservedToken),
    marked: anyShape.test(body),
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

/** The body without our hidden marks: the list of files becomes ordinary text, and marks that are not `isOwn` stay. */
export function withoutMarks(body: string, isOwn: (mark: string) => boolean): string {
  const { content, fileLines, marks } = splitBody(body);
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

function ownersOf(lines: readonly Line[]): Ownership[] {
  const fenced = fencedLines(lines);
  const owners = lines.map((line, index): Ownership => (fenced.has(index) ? 'code' : isOurs(line.text) ? 'ours' : 'content'));
  // Marks behind a fence that a person never closed are ours all the same: nothing but ours follows them.
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? '';
    if (!isOurs(text) && !isBlank(text) && text !== filesHeading) break;
    if (isOurs(text)) owners[index] = 'ours';
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

function contentOf(lines: readonly Line[], owners: readonly Ownership[]): string {
  const kept: Line[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index];
    if (line === undefined) break;
    if (owners[index] !== 'ours') {
      kept.push(owners[index] === 'code' ? line : withoutInlineMarks(line));
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
function withoutInlineMarks(line: Line): Line {
  if (!line.text.includes('<!-- sallyport:')) return line;
  const text = line.text.replaceAll(anyMark, (mark: string, _token: string, offset: number) => {
    const ticksBefore = line.text.slice(0, offset).split('`').length - 1;
    return ticksBefore % 2 === 1 ? mark : '';
  });
  return { text, end: line.end };
}

function isOurs(text: string): boolean {
  if (/^ {4}/.test(text)) return false;
  const trimmed = text.trim();
  if (trimmed === filesClosing) return true;
  if (trimmed.endsWith(fileLineEnd) && /^(?:- \[|!\[)/.test(trimmed)) return true;
  return trimmed !== '' && trimmed.replaceAll(anyMark, '').trim() === '';
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Indexes of the lines within fenced code, its fences included. */
function fencedLines(lines: readonly Line[]): ReadonlySet<number> {
  const fenced = new Set<number>();
  let fence: string | undefined;
  for (const [index, line] of lines.entries()) {
    const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.text);
    const marker = found?.[1];
    if (fence === undefined) {
      if (marker === undefined || (marker.startsWith('`') && (found?.[2] ?? '').includes('`'))) continue;
      fence = marker;
      fenced.add(index);
      continue;
    }
    fenced.add(index);
    const closes = marker !== undefined && marker[0] === fence[0] && marker.length >= fence.length && isBlank(found?.[2] ?? '');
    if (closes) fence = undefined;
  }
  return fenced;
}

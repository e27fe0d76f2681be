import type { MarkupPart, Stretch } from './dialect.ts';

/** Lines of a native text, in a place where each begins with the margin. */
interface Place {
  readonly native: string;
  readonly margin: string;
}

export interface PartLine {
  readonly text: string;
  /** The native part that it is, or stands for. */
  readonly part: number | undefined;
}

export function withEol(text: string, native: string): string {
  return native.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

/** Lines that are new, for where they are put. */
export function withMargin(text: string, { native, margin }: Place): string {
  const lines = text.split('\n').map((line, index) => (index === 0 ? line : line === '' ? margin.trimEnd() : margin + line));
  return withEol(lines.join('\n'), native);
}

/** Lines one below the other; between two that stood so, what stood there. */
export function joinedLines(lines: readonly PartLine[], parts: readonly MarkupPart[], { native, margin }: Place): string {
  return lines.reduce((text, line, index) => {
    const before = lines[index - 1];
    if (before === undefined) return line.text;
    const wereSo = line.part !== undefined && before.part === line.part - 1;
    const between = wereSo ? native.slice(parts[before.part]?.end, parts[line.part]?.start) : withEol(`\n${margin}`, native);
    return text + between + line.text;
  }, '');
}

export function sliceOf(native: string, part: Stretch | undefined): string {
  return part === undefined ? '' : native.slice(part.start, part.end);
}

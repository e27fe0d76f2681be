import { safeFileName } from '../../content/file-name.ts';
import type { FileLine } from '../side.ts';
import type { AttachmentLinks } from './attachment-links.ts';
import { fileLineEnd } from '../marked-body.ts';

/** More files than a person reads; the rest is counted (I9: the body has a limit). */
const linesMax = 200;

const imageName = /\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$/i;

/**
 * The lines of the file list below a body: stored images as images unless the content shows them already, other stored
 * files as links with their size, files that are only listed as links to the original with the reason.
 *
 * @param lengthMax characters that the list may have; what does not fit is counted in a last line
 */
export function fileLinesOf(
  files: readonly FileLine[],
  context: { readonly links: AttachmentLinks; readonly content: string; readonly lengthMax: number },
): readonly string[] {
  const all = files.flatMap((file) => {
    const line = lineOf(file, context);
    return line === undefined ? [] : [`${line} ${fileLineEnd}`];
  });
  const lines: string[] = [];
  let length = 0;
  for (const line of all) {
    length += line.length + 1;
    if (length > context.lengthMax || lines.length >= linesMax) break;
    lines.push(line);
  }
  const left = all.length - lines.length;
  return left === 0 ? lines : [...lines, `- [and ${left} more](#) ${fileLineEnd}`];
}

/** The targets of a list's lines as `fileLinesOf` wrote them, in order. */
export function fileLineTargets(lines: readonly string[]): readonly { readonly url: string; readonly name: string }[] {
  return lines.flatMap((line) => {
    const found = /^\s*(?:- |!)\[((?:\\.|[^\]\\])*)\]\(<?([^)>\s]+)>?\)/.exec(line);
    if (found === null) return [];
    return [{ url: found[2] ?? '', name: (found[1] ?? '').replaceAll(/\\([!-/:-@[-`{-~])/g, '$1') }];
  });
}

function lineOf(file: FileLine, context: { readonly links: AttachmentLinks; readonly content: string }): string | undefined {
  const name = escaped(safeFileName(file.name));
  const stored = file.attachmentId === undefined ? undefined : context.links.urlOf(file.attachmentId);
  if (stored !== undefined) {
    if (!imageName.test(file.name)) return `- [${name}](${stored})${note([sizeText(file.size)])}`;
    return context.content.includes(stored) ? undefined : `![${name}](${stored})`;
  }
  const url = file.link === undefined ? undefined : safeUrl(file.link.url);
  if (url === undefined || file.link === undefined) return undefined;
  return `- [${name}](${url})${note([sizeText(file.size), escaped(file.link.reason)])}`;
}

function note(parts: readonly (string | undefined)[]): string {
  const known = parts.filter((part) => part !== undefined && part !== '');
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}

/** Bytes as people write them, in steps of 1,024. */
export function sizeText(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = unit === 0 || value >= 10 ? String(Math.round(value)) : value.toFixed(1);
  return `${shown} ${units[unit] ?? ''}`;
}

/** Every ASCII punctuation mark may be escaped in Markdown, so that a name is nothing but text; `@` and `#` cannot start anything within a word joiner's reach. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>()#+!|~&$]/g, (char) => `\\${char}`)
    .replaceAll(/([@#])(?=\w)/g, '$1\u2060');
}

function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return undefined;
  return parsed.href.replaceAll(/[()<>\\]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

import { restoreUrl, stripDefusing } from './defuse.ts';
import { withEmoji } from './emoji.ts';

/* oxlint-disable no-control-regex -- Control characters are exactly what this file is about. */

/** Control characters (but tab and newline) and byte order marks: servers drop or refuse them, so no meaning may hang on them. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufdd0-\ufdef]/g;

/** Lines end in LF, there is no control character, and every surrogate has its partner. */
export function cleanText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(controls, '').toWellFormed();
}

/** One line of clean prose: white space collapsed and trimmed. */
export function cleanLine(text: string): string {
  return withEmoji(stripDefusing(cleanText(text).replaceAll(/\s+/g, ' '))).trim();
}

const allowedSchemes = new Set(['http', 'https', 'mailto', 'xmpp', 'ftp', 'tel', 'attachment']);

/**
 * A URL that may be written as a link, cleaned of what servers refuse; undefined for one that may not be (no content,
 * `javascript:`, `data:` and every other scheme that is not known to be harmless). Relative URLs are kept.
 */
export function cleanUrl(url: string): string | undefined {
  const cleaned = restoreUrl(
    cleanText(url)
      .replaceAll(/[\n\t]/g, '')
      .trim(),
  );
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(cleaned)?.[1];
  if (cleaned === '' || (scheme !== undefined && !allowedSchemes.has(scheme.toLowerCase()))) return undefined;
  return cleaned;
}

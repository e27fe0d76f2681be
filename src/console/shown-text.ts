import { messageLengthMax, plainLine } from '../report/plain-line.ts';

/** Longest title in a table; the whole one stands in the tracker. */
const titleLengthMax = 160;

/** A title or name of a tracker as one bounded line. JSX escapes it; this takes out what would look like something else. */
export function shownTitle(text: string): string {
  return plainLine(text, titleLengthMax);
}

/** An error or a reason, as one bounded line. Times in it are shown as all others of the page. */
export function shownMessage(text: string): string {
  return plainLine(text, messageLengthMax).replaceAll(isoTime, (time) =>
    Number.isNaN(Date.parse(time)) ? time : shownTime(Date.parse(time)),
  );
}

const isoTime = /\b\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{3})?Z\b/g;

const bodyLengthMax = 4000;

/** A text of several lines, bounded, each line cleaned and none of them blank. */
export function shownBody(text: string): string {
  const cut = text.length > bodyLengthMax ? `${text.slice(0, bodyLengthMax)}…` : text;
  return cut
    .split(/\r?\n/)
    .map((line) => plainLine(line, bodyLengthMax))
    .filter((line) => line !== '')
    .join('\n');
}

/** The address if a browser may follow it: http and https alone, so no `javascript:` and no `data:`. */
export function safeUrl(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

export function shownTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function shownDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

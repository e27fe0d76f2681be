import { SallyportError } from '../../errors.ts';

/** How far clocks are set back in autumn, in some zone of the world. */
const setBackMs = [30 * 60_000, 60 * 60_000];

/**
 * `2026-11-23 20:24` in the searching user's time zone, rounded down: how quoted JQL dates are read. Of the time that autumn's
 * clocks repeat, the first pass is moved before it: read as the second pass, the same words would hide an hour of changes.
 */
export function minuteOf(time: number, timeZone: string): string {
  const minute = localMinute(time, timeZone);
  const repeatedMs = setBackMs.find((durationMs) => localMinute(time + durationMs, timeZone) === minute);
  return repeatedMs === undefined ? minute : localMinute(time - repeatedMs, timeZone);
}

/** A format takes several times as long to make as to use (54 µs against 8); a process meets one time zone or two. */
const minuteFormats = new Map<string, Intl.DateTimeFormat>();

function minuteFormat(timeZone: string): Intl.DateTimeFormat {
  const known = minuteFormats.get(timeZone);
  if (known !== undefined) return known;
  const made = formatIn(timeZone);
  minuteFormats.set(timeZone, made);
  return made;
}

/** @throws SallyportError `configuration` for a zone that this Node does not know, or that is none. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch (error) {
    throw new SallyportError(
      `Jira: the time zone of the account is not known here: ${JSON.stringify(timeZone.slice(0, 60))}. Choose another one in the account's profile and run configure (for Jira Cloud), or run a newer Node.`,
      { kind: 'configuration', cause: error },
    );
  }
}

function localMinute(time: number, timeZone: string): string {
  const values = new Map(
    minuteFormat(timeZone)
      .formatToParts(new Date(time))
      .map((part) => [part.type, part.value]),
  );
  const value = (type: Intl.DateTimeFormatPartTypes): string => values.get(type) ?? '00';
  return `${value('year')}-${value('month')}-${value('day')} ${value('hour')}:${value('minute')}`;
}

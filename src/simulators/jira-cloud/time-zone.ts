const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone is ahead of UTC at that moment, in milliseconds. */
export function zoneOffsetMs(atMs: number, timeZone: string): number {
  if (timeZone === 'Etc/UTC') return 0;
  const wholeSecond = Math.floor(atMs / 1_000) * 1_000;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(wholeSecond)
      .map((part) => [part.type, Number(part.value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - wholeSecond;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** `2026-11-23T21:45:29.123+0100`: as Jira writes times, in the zone of the user who asks. */
export function formatJiraTime(atMs: number, timeZone: string): string {
  const offsetMinutes = Math.round(zoneOffsetMs(atMs, timeZone) / 60_000);
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const absolute = Math.abs(offsetMinutes);
  const digits = `${String(Math.floor(absolute / 60)).padStart(2, '0')}${String(absolute % 60).padStart(2, '0')}`;
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${digits}`;
}

/** The moment at which the clocks of that zone show this (`2026-11-23 21:45`, as UTC milliseconds of the same digits). */
export function fromZone(localMs: number, timeZone: string): number {
  const guess = localMs - zoneOffsetMs(localMs, timeZone);
  // Around a change of the clocks the offset before and the one after differ: the second look uses the right one.
  return localMs - zoneOffsetMs(guess, timeZone);
}

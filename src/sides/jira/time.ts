/** Jira's `2026-11-23T20:24:49.123+0000` as epoch milliseconds. */
export function timeOf(text: string | number | undefined): number {
  if (typeof text === 'number') return text;
  const time = Date.parse((text ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? 0 : time;
}

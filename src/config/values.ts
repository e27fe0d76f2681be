const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `20s`, `55m`, `24h`, `7d` or `0`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d{1,9})\s*(ms|s|m|h|d)$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** The end of a day such as `2027-03-31`, or a whole ISO time, as epoch milliseconds; undefined for anything else. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?$/.test(text)) return undefined;
  const time = Date.parse(text.length === 10 ? `${text}T23:59:59Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

export function parseBoolean(text: string): boolean | undefined {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  return /^(false|no|off|0)$/i.test(text) ? false : undefined;
}

export function parseCount(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `owner/name` of a repository; undefined for anything else. */
export function parseRepository(text: string): { readonly owner: string; readonly name: string } | undefined {
  const match = /^([A-Za-z0-9_.-]{1,100})\/([A-Za-z0-9_.-]{1,100})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { owner: match[1], name: match[2] };
}

/** An https address without path, query and credentials; undefined for anything else. Plain http is the caller's to allow. */
export function parseAddress(text: string): URL | undefined {
  try {
    const url = new URL(text.includes('://') ? text : `https://${text}`);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
      ? url
      : undefined;
  } catch {
    return undefined;
  }
}

/** Hosts on the machine itself, the only ones for which plain http is no risk. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

/** An address as it may be shown: people write passwords into them, and nothing has masked those (I8). */
export function withoutCredentials(text: string): string {
  return text.replace(/[^/?#\s]*@/g, '***@');
}

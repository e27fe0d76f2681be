import { addressAt } from './textile-signs.ts';

/**
 * An address as Textile can say it, which is also what is read of one. Signs that end it are percent-encoded: white space,
 * quotes, brackets, bars, and punctuation at its end.
 */
export function textileAddress(url: string): string {
  const encoded = withoutEmptyEnd(url.replaceAll(/[\s"<>|\ufdd0-\ufdef]/gu, (sign) => encodeURIComponent(sign)));
  const last = encoded.at(-1) ?? '';
  if (last === '' || addressAt(encoded, 0) === encoded) return encoded;
  // In a query a plus sign is a space.
  if (last === '+' && encoded.includes('?')) return `${encoded.slice(0, -1)}%20`;
  const code = last.length === 1 && last.charCodeAt(0) < 128 ? `%${last.charCodeAt(0).toString(16).toUpperCase()}` : last;
  return encoded.slice(0, -last.length) + code;
}

/** The same between exclamation marks, where a parenthesis begins the description. */
export function pictureAddress(url: string): string {
  return textileAddress(url).replaceAll('!', '%21').replaceAll('(', '%28');
}

/** Without the signs at the end that begin an empty fragment, query or parameter: encoded, they would change the target. */
function withoutEmptyEnd(url: string): string {
  let end = url.length;
  const hash = url.indexOf('#');
  if (hash === end - 1 && hash >= 0) end -= 1;
  const query = hash >= 0 && hash < end ? -1 : url.indexOf('?');
  while (query >= 0 && end - 1 > query && url.charAt(end - 1) === '&') end -= 1;
  return url.slice(0, query >= 0 && query === end - 1 ? query : end);
}

/** A part of a body, last byte included, as a `Range` header asks for it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The part that a header such as `bytes=0-99`, `bytes=100-` or `bytes=-5` asks for; undefined where there is none to serve. */
export function parseRange(header: string, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  const range =
    first === ''
      ? { first: Math.max(0, size - Number(last)), last: size - 1 }
      : { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  return range.first <= range.last && range.first < size ? range : undefined;
}

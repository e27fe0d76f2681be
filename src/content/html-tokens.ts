export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly tag: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly tag: string };

/** Tags that never end are searched for so many times; after that a `<` is text, or many of them would take quadratic time. */
const brokenTagsMax = 100;

/** Elements whose content is not for reading. */
const unread = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'math']);

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  middot: '·',
  bull: '•',
  larr: '←',
  rarr: '→',
  laquo: '«',
  raquo: '»',
  times: '×',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
};

/** Text of HTML with its character references resolved: numeric ones and the named ones that people write. */
export function decodeReferences(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole: string, ...groups: (string | undefined)[]) => {
    const [decimal, hex, name] = groups;
    if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}

/** HTML as tokens, in linear time; comments, declarations and what is not for reading are left out. Never throws. */
export function htmlTokens(html: string): HtmlToken[] {
  const tokens: HtmlToken[] = [];
  let text = '';
  let broken = 0;
  let skipping: string | undefined;
  const flush = (): void => {
    if (text !== '' && skipping === undefined) tokens.push({ kind: 'text', text: decodeReferences(text) });
    text = '';
  };
  for (let index = 0; index < html.length; ) {
    const opening = html.indexOf('<', index);
    const next = opening < 0 ? html.length : opening;
    text += html.slice(index, next);
    if (opening < 0) break;
    const end = broken > brokenTagsMax ? undefined : markupEnd(html, opening);
    const match = end === undefined ? null : /^<(\/?)([a-z][a-z0-9-]*)/i.exec(html.slice(opening, Math.min(end, opening + 40)));
    if (end === undefined || (match === null && !/^<[!?]/.test(html.slice(opening, opening + 2)))) {
      if (end === undefined) broken += 1;
      text += '<';
      index = opening + 1;
      continue;
    }
    flush();
    index = end;
    if (match === null) continue;
    const tag = (match[2] ?? '').toLowerCase();
    const closes = match[1] === '/';
    if (skipping !== undefined) {
      if (closes && tag === skipping) skipping = undefined;
    } else if (closes) tokens.push({ kind: 'close', tag });
    else if (unread.has(tag)) {
      // What an embedded page shows is not for reading, but its address is.
      if (tag === 'iframe')
        tokens.push({ kind: 'open', tag, attributes: attributesOf(html.slice(opening + match[0].length, end - 1)) });
      skipping = html.slice(opening, end).endsWith('/>') ? undefined : tag;
    } else tokens.push({ kind: 'open', tag, attributes: attributesOf(html.slice(opening + match[0].length, end - 1)) });
  }
  flush();
  return tokens;
}

/** The index after the markup that begins here; a comment that never ends takes the rest; undefined for a tag that never ends. */
function markupEnd(html: string, start: number): number | undefined {
  if (html.startsWith('<!--', start)) {
    const end = html.indexOf('-->', start + 2);
    return end < 0 ? html.length : end + 3;
  }
  if (/^[!?]$/.test(html.charAt(start + 1))) {
    const end = html.indexOf('>', start);
    return end < 0 ? undefined : end + 1;
  }
  let quote = '';
  for (let index = start + 1; index < html.length; index += 1) {
    const character = html.charAt(index);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return index + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  return undefined;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const match of text.matchAll(/([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g)) {
    const name = (match[1] ?? '').toLowerCase();
    if (!attributes.has(name)) attributes.set(name, decodeReferences(match[2] ?? match[3] ?? match[4] ?? ''));
  }
  return attributes;
}

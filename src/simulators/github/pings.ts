import { findRepository, fullName } from './data.ts';
import type { Repository, World } from './data.ts';

/** Something in a text that makes GitHub notify, subscribe or leave a cross-reference. */
export interface Ping {
  readonly kind: 'mention' | 'team-mention' | 'cross-reference';
  /** `login`, `org/team` or `owner/repo#12`. */
  readonly target: string;
  /** The user, team owner or issue exists here; GitHub acts only then, tests may want to see every attempt. */
  readonly known: boolean;
  /** Where it was written. */
  readonly repository: string;
  readonly issueNumber: number;
  readonly commentId: number | undefined;
  readonly by: string;
  readonly at: number;
}

interface Found {
  readonly kind: Ping['kind'];
  readonly target: string;
}

export interface WrittenText {
  readonly repository: Repository;
  readonly issueNumber: number;
  readonly commentId?: number;
  readonly by: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Records what a write would ping: on an edit only what was not there before, as GitHub does. */
export function recordPings(world: World, written: WrittenText): void {
  if (written.after === null) return;
  const before = new Set(
    findPings(world, written.before ?? '', written.repository).map(({ kind, target }) => `${kind} ${target}`),
  );
  const self = `${fullName(written.repository)}#${written.issueNumber}`.toLowerCase();
  for (const found of findPings(world, written.after, written.repository)) {
    if (before.has(`${found.kind} ${found.target}`) || found.target.toLowerCase() === self) continue;
    world.notifications.push({
      ...found,
      known: isKnown(world, found),
      repository: fullName(written.repository),
      issueNumber: written.issueNumber,
      commentId: written.commentId,
      by: written.by,
      at: world.clock.now(),
    });
  }
}

const mention = /(?<![\w@/-])@([a-z\d](?:[a-z\d-]{0,38}[a-z\d])?)(?:\/([a-z\d][\w-]*))?(?![\w-])/gi;
const shortReference = /(?<![\w&/#-])#(\d+)\b/g;
const longReference = /(?<![\w/.-])([a-z\d][\w-]*\/[\w.-]+)#(\d+)\b/gi;
const ghReference = /(?<![\w-])GH-(\d+)\b/gi;

/** Every ping in a text, each once. Mentions in link texts do nothing on GitHub, issue URLs count even as link targets. */
export function findPings(world: World, text: string, repository: Repository): readonly Found[] {
  const outsideCode = withoutCode(text);
  const visible = decoded(withoutLinks(outsideCode));
  const found: Found[] = [];
  for (const [, login = '', team] of visible.matchAll(mention)) {
    found.push(team === undefined ? { kind: 'mention', target: login } : { kind: 'team-mention', target: `${login}/${team}` });
  }
  const reference = (target: string): void => {
    found.push({ kind: 'cross-reference', target });
  };
  for (const [, number] of visible.matchAll(shortReference)) reference(`${fullName(repository)}#${number}`);
  for (const [, number] of visible.matchAll(ghReference)) reference(`${fullName(repository)}#${number}`);
  for (const [, name, number] of visible.matchAll(longReference)) reference(`${name}#${number}`);
  for (const [, name, number] of decoded(withoutLinkTexts(outsideCode)).matchAll(issueUrl(world))) reference(`${name}#${number}`);
  return [...new Map(found.map((one) => [`${one.kind} ${one.target.toLowerCase()}`, one])).values()];
}

function issueUrl(world: World): RegExp {
  const host = world.settings.webHost.replaceAll('.', '\\.');
  return new RegExp(`https?://(?:www\\.)?${host}/([\\w-]+/[\\w.-]+)/(?:issues|pull)/(\\d+)\\b`, 'gi');
}

// A separator that is neither a word character nor white space: what stood on both sides of a removed part stays apart.
const gap = '\u0001';

/** HTML comments, fenced, indented-by-tag and inline code are not looked at by GitHub's mention filter. */
export function withoutCode(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, gap)
    .replaceAll(/^([ >]*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n[ >]*\2[`~]*[ \t]*(?=\n|$)|$(?![\s\S]))/gm, gap)
    .replaceAll(/<(pre|code|script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, gap)
    .replaceAll(/(?<![`\\])(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, gap);
}

/** A URL in the text of a link is no link of its own: only where the link leads counts. */
function withoutLinkTexts(text: string): string {
  return text.replaceAll(/!?\[(?:[^\]\\]|\\.)*\]\(([^)]*)\)/g, `${gap}$1${gap}`);
}

/** Texts of links, and bare URLs, become anchors: mentions inside them are ignored. */
function withoutLinks(text: string): string {
  return text
    .replaceAll(/!?\[(?:[^\]\\]|\\.)*\]\([^)]*\)/g, gap)
    .replaceAll(/<a\b[^>]*>[\s\S]*?<\/a>/gi, gap)
    .replaceAll(/\b(?:https?|ftp):\/\/[^\s<>]+/gi, gap)
    .replaceAll(/<\/?[a-z][^>]*>/gi, gap);
}

/** The filter sees rendered text: escapes and character references are resolved by then, and defuse nothing. */
function decoded(text: string): string {
  return text
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/&#(\d{1,7});/g, (_, digits: string) => codePoint(Number(digits)))
    .replaceAll(/&#x([\da-f]{1,6});/gi, (_, digits: string) => codePoint(Number.parseInt(digits, 16)))
    .replaceAll('&commat;', '@')
    .replaceAll('&num;', '#');
}

function codePoint(value: number): string {
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\uFFFD';
}

function isKnown(world: World, found: Found): boolean {
  switch (found.kind) {
    case 'mention':
      return world.users.has(found.target.toLowerCase());
    case 'team-mention':
      return world.users.get(found.target.split('/')[0]?.toLowerCase() ?? '')?.kind === 'Organization';
    case 'cross-reference': {
      const [name = '', number = ''] = found.target.split('#');
      return findRepository(world, name)?.issues.has(Number(number)) ?? false;
    }
  }
}

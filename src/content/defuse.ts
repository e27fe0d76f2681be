/**
 * GitHub notifies whom a text names and writes a cross-reference on the issue that it names. Text that Sallyport carries
 * over must do neither (content.md, "Safety of text"). Defusing is invisible to a reader, and canonical form ignores it.
 * Code is never touched: GitHub looks for neither inside code.
 */
const defusing = '\u200b';

/**
 * Redmine's resources that are linked by name (`commit:…`, its formatting help), its macros, wiki links and changesets. An
 * address of e-mail in plain text could only be escaped by a backslash, behind which Redmine sees a mention.
 */
const resources = 'attachment|document|version|forum|news|message|project|commit|source|export|user';
const redmineSyntax = new RegExp(
  `(\\{(?=\\{)|\\[(?=\\[)|\\b(?:${resources})(?=:\\S)|(?<![\\p{L}\\p{N}_])r(?=\\d)|@(?=[_.-]|[\\w.-]*\\.[a-z\\d]|$))`,
  'giu',
);
/** What Redmine links or runs in plain text; an exclamation mark before it keeps it from that (its formatting help). */
export const linkedByRedmine: readonly RegExp[] = [
  // The braces that end a macro may stand on a later line.
  /(?<!!)(?:\[\[[^[\]\n]+\]\]|\{\{[^{}\n]+(?:\}\}|$))/gm,
  new RegExp(
    String.raw`(?<![\p{L}\p{N}_!/.@#-])(?:#\d+(?:-\d+)?|r\d+|@[\w.-]*\w|(?:${resources})#\d+|(?:${resources}):[^\s<>|]*[^\s<>|.,;:!?)])(?![\p{L}\p{N}_])`,
    'giu',
  ),
];

const redmineDefused = new RegExp(
  `(\\{\u200b(?=\\{)|\\[\u200b(?=\\[)|\\b(?:${resources})\u200b(?=:\\S)|(?<![\\p{L}\\p{N}_])r\u200b(?=\\d)|@\u200b(?=[\\w.-]|$))`,
  'giu',
);

/** A page of an issue, pull request or discussion, up to its number. */
const page = String.raw`https?:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/(?:issues|pull|discussions)\/`;
const numberedPage = new RegExp(`(${page})(?=[0-9])`, 'gi');
const defusedPage = new RegExp(`(${page})\u200b(?=[0-9])`, 'gi');

/** Plain text with a zero-width space after the `@`, `#` or `GH-` of whatever GitHub would take for a mention or reference. */
export function defuse(text: string): string {
  return text
    .replaceAll(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, `@${defusing}`)
    .replaceAll(/#(?=[0-9])/g, `#${defusing}`)
    .replaceAll(/(?<![A-Za-z0-9])(GH-)(?=[0-9])/gi, `$1${defusing}`);
}

/** Text with the addresses of issues broken before their number, for text that is no link but that GitHub may take for one. */
export function defuseAddresses(text: string): string {
  return text.replaceAll(numberedPage, `$1${defusing}`);
}

/** Takes back what is done to text here: removes zero-width spaces where they would have been put, and nowhere else. */
export function stripDefusing(text: string): string {
  return text
    .replaceAll(defusedPage, '$1')
    .replaceAll(/(?<![A-Za-z0-9])@\u200b(?=[A-Za-z0-9])/g, '@')
    .replaceAll(/#\u200b(?=[0-9])/g, '#')
    .replaceAll(/(?<![A-Za-z0-9])(GH-)\u200b(?=[0-9])/gi, '$1')
    .replaceAll(redmineDefused, (match) => match.slice(0, -1));
}

/** The same for Redmine, where text can also be a macro, a wiki link or a resource. Logins there may begin with `_`, `.` or `-`. */
export function defuseForRedmine(text: string): string {
  return defuse(text).replaceAll(redmineSyntax, `$1${defusing}`);
}

/** Redmine notifies whom a body's source names within inline code too (Redmine::Acts::Mentionable). */
export function defuseCodeForRedmine(code: string): string {
  return code.replaceAll(/@(?=[\w.@-])/g, `@${defusing}`);
}

/** Code with an invisible space in each row of signs that Redmine takes for a fence, whatever it stands in. */
export function breakFences(code: string): string {
  return code.replaceAll(/~~(?=~)|``(?=`)/g, `$&${defusing}`);
}

/** Takes back `defuseCodeForRedmine` and `breakFences`. */
export function stripCodeDefusing(code: string): string {
  return code.replaceAll(/@\u200b(?=[\w.@-])/g, '@').replaceAll(/(?<=~~)\u200b(?=~)|(?<=``)\u200b(?=`)/g, '');
}

/**
 * Whom Redmine would notify for a body in CommonMark (`scan_for_mentioned_users`; rather too many). It passes over what
 * stands between any two rows of three signs of fences, so one such row in code turns what follows inside out, and an `@`
 * before one joins what stands after the other. Before, it takes out lines of quotes between CRLF, to which it brings
 * descriptions: of code in a quote every other one.
 */
export function calledByRedmine(body: string): ReadonlySet<string> {
  const unquoted = body.replaceAll(/\r\n|\r|\n/g, '\r\n').replaceAll(/\r\n>\s.*?\r\n/gs, '');
  const seen = [body, unquoted].map((text) => text.replaceAll(/(?:~~~|```).*?(?:~~~|```)/gs, ''));
  const names = seen.flatMap((part) => part.match(/(?<!\w)@[\w.@-]+/g) ?? []);
  return new Set(names.map((name) => name.replace(/(?<![.@-])[.@-]+$/, '')).filter((name) => name !== ''));
}

/**
 * A URL that leads to the same page but that GitHub does not recognise as an issue, pull request or discussion: the first
 * digit of its number is percent-encoded, which every server decodes, while the pattern for references wants digits.
 * Commit URLs stay: a commit page notifies nobody.
 */
export function defuseUrl(url: string): string {
  return url.replace(/^(https?:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/(?:issues|pull|discussions)\/)([0-9])/i, '$1%3$2');
}

/**
 * A URL that leads to the same page but in which Redmine finds no mention: it looks in a body's source, addresses included,
 * for an `@` before which no letter, digit or underscore stands (`MENTION_PATTERN`), so that one is percent-encoded.
 */
export function defuseUrlForRedmine(url: string): string {
  return url.replaceAll(/(?<!\w)@(?=[\w.@-])/g, '%40');
}

/** Takes back `defuseUrlForRedmine`, and `defuseUrl`: only the very forms that they write. */
export function restoreUrl(url: string): string {
  return url
    .replace(/^(https?:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/(?:issues|pull|discussions)\/)%3([0-9])/i, '$1$2')
    .replaceAll(/(?<!\w)(?:%40)+(?=[\w.@-])/g, (signs) => '@'.repeat(signs.length / 3));
}

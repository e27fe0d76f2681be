/**
 * GitHub notifies whom a text names and writes a cross-reference on the issue that it names. Text that Sallyport carries
 * over must do neither (content.md, "Safety of text"). Defusing is invisible to a reader, and canonical form ignores it.
 * Code is never touched: GitHub looks for neither inside code.
 */
const defusing = '\u200b';

/** Plain text with a zero-width space after the `@`, `#` or `GH-` of whatever GitHub would take for a mention or reference. */
export function defuse(text: string): string {
  return text
    .replaceAll(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, `@${defusing}`)
    .replaceAll(/#(?=[0-9])/g, `#${defusing}`)
    .replaceAll(/(?<![A-Za-z0-9])(GH-)(?=[0-9])/gi, `$1${defusing}`);
}

/** Takes back `defuse`: removes zero-width spaces where it would have put them, and nowhere else. */
export function stripDefusing(text: string): string {
  return text
    .replaceAll(/(?<![A-Za-z0-9])@\u200b(?=[A-Za-z0-9])/g, '@')
    .replaceAll(/#\u200b(?=[0-9])/g, '#')
    .replaceAll(/(?<![A-Za-z0-9])(GH-)\u200b(?=[0-9])/gi, '$1');
}

/**
 * A URL that leads to the same page but that GitHub does not recognise as an issue, pull request or discussion: the first
 * digit of its number is percent-encoded, which every server decodes, while the pattern for references wants digits.
 * Commit URLs stay: a commit page notifies nobody.
 */
export function defuseUrl(url: string): string {
  return url.replace(/^(https?:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+\/(?:issues|pull|discussions)\/)([0-9])/i, '$1%3$2');
}

/**
 * An address as wiki markup can say it, which is also what is read of one: signs that end a link are percent-encoded; what
 * would be a mention or an attachment gets a path before it.
 */
export function wikiAddress(url: string): string {
  const encoded = url.replaceAll(/[\s|[\]{}^\\]/g, (sign) => encodeURIComponent(sign));
  return /^[~^]/.test(url) ? `./${encoded}` : encoded;
}

/** The same between exclamation marks, where a comma parts parameters. */
export function pictureAddress(url: string): string {
  return wikiAddress(url).replaceAll('!', '%21').replaceAll(',', '%2C');
}

/** A picture as a text or document shows it at one place. */
export interface ShownPicture {
  readonly url: string;
  readonly alt: string;
}

/**
 * For each picture that an edit wrote anew the one that went for it: of the same file with the same description, else the
 * next one of that file, where as many of it went as came. Undefined for a picture that came of itself.
 */
export function pairPictures<T extends ShownPicture>(
  gone: readonly T[],
  come: readonly ShownPicture[],
): readonly (T | undefined)[] {
  const left = new Map<string, T[]>();
  for (const picture of gone) {
    const others = left.get(picture.url);
    if (others === undefined) left.set(picture.url, [picture]);
    else others.push(picture);
  }
  const alike = come.map(({ url, alt }) => {
    const others = left.get(url) ?? [];
    const index = others.findIndex((one) => one.alt === alt);
    return index < 0 ? undefined : others.splice(index, 1)[0];
  });
  const waiting = new Map<string, number>();
  for (const [index, { url }] of come.entries()) if (alike[index] === undefined) waiting.set(url, (waiting.get(url) ?? 0) + 1);
  const certain = new Set([...waiting].flatMap(([url, count]) => (left.get(url)?.length === count ? [url] : [])));
  return come.map(({ url }, index) => alike[index] ?? (certain.has(url) ? left.get(url)?.shift() : undefined));
}

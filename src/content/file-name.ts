const lengthMax = 150;

/**
 * A file name that is only a name: path parts, control characters and direction overrides removed, never empty, at most
 * 150 characters with the extension kept.
 */
export function safeFileName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2028\u2029\u2060-\u2069\uFEFF]/g, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/^\.+|\.+$/g, '');
  if (clean === '') return 'file';
  if (clean.length <= lengthMax) return clean;
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= 20 ? clean.slice(dot) : '';
  return `${clean.slice(0, lengthMax - extension.length).replace(/[\uD800-\uDBFF]$/, '')}${extension}`;
}

/** Names made unique within one issue: `plan.pdf`, `plan (2).pdf`. */
export function numberCollisions(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = name;
    for (let number = 2; taken.has(candidate.toLowerCase()); number += 1) candidate = name.replace(/(\.[^.]+)?$/, ` (${number})$1`);
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

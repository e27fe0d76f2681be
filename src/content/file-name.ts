/** Characters of a file name; both sides and every file system take more. */
const lengthMax = 150;
const extensionLengthMax = 20;

/* oxlint-disable no-control-regex -- Control and direction characters are what has to go from a name. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A person's file name as it may be stored: the last path part, without control characters, direction overrides and
 * invisible ones; never empty, `.` or `..`; at most 150 characters, the extension kept.
 */
export function safeFileName(name: string): string {
  const part = name.toWellFormed().replaceAll(invisible, '').split(/[/\\]/).at(-1) ?? '';
  const trimmed = part.trim().replace(/[. ]+$/, '');
  return trimmed === '' ? 'file' : shortened(trimmed, '');
}

/** The extension that a name without any gets, by the type of its content. */
const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/tiff': 'tiff',
  'image/heic': 'heic',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'application/pdf': 'pdf',
};

/**
 * A safe name with the extension of its type of content (`image/png`, parameters aside) where it has none: pictures that are
 * pasted into GitHub are known by their description only, and other trackers tell by the extension what to show.
 */
export function withExtension(name: string, mediaType: string | undefined): string {
  const safe = safeFileName(name);
  const type = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = Object.hasOwn(extensions, type) ? extensions[type] : undefined;
  // `Release 1.2` ends in a number, not in an extension.
  return extension === undefined || /.\.[a-z][a-z0-9]{0,9}$/i.test(safe) ? safe : shortened(`${safe}.${extension}`, '');
}

/** Whether a file of this name may be a stored copy of one of the other: an extension or a number may have been added. */
export function mayBeStoredAs(name: string, stored: string): boolean {
  const bare = (text: string): string => text.replace(/ \(\d+\)(?=(?:\.[^.]*)?$)/, '');
  const types: readonly (string | undefined)[] = [undefined, ...Object.keys(extensions)];
  return types.some((type) => bare(withExtension(name, type)) === bare(stored));
}

/** The name with a suffix before its extension, at most 150 characters. */
function shortened(name: string, suffix: string): string {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && name.length - dot <= extensionLengthMax;
  const stem = hasExtension ? name.slice(0, dot) : name;
  const extension = hasExtension ? name.slice(dot) : '';
  const room = lengthMax - extension.length - suffix.length;
  const cut =
    stem.length <= room
      ? stem
      : stem
          .slice(0, room)
          .toWellFormed()
          .replace(/\ufffd$/, '');
  return cut + suffix + extension;
}

/** Safe names, in order, of which no two are equal (letter case aside): the second `a.png` becomes `a (2).png`. */
export function numberCollisions(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const nextNumber = new Map<string, number>();
  return names.map((name) => {
    const safe = safeFileName(name);
    let candidate = safe;
    let number = nextNumber.get(safe.toLowerCase()) ?? 2;
    while (taken.has(candidate.toLowerCase())) {
      candidate = shortened(safe, ` (${number})`);
      number += 1;
    }
    nextNumber.set(safe.toLowerCase(), number);
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

/** The safe name that a file gets where these are taken: its own, or that with a number. */
export function freeName(name: string, taken: readonly string[]): string {
  return numberCollisions([...taken, name]).at(-1) ?? safeFileName(name);
}

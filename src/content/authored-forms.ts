import { besideOf, isBeside, type Beside } from './beside.ts';

/**
 * A stretch of a text as its author wrote it, which may say more than what is read of it: the size of an image, the title of
 * a link, a key, a mention. `written` is how this program writes what it reads there.
 */
export interface AuthoredForm {
  readonly start: number;
  readonly end: number;
  readonly authored: string;
  /** Empty for what nobody sees, such as an anchor. */
  readonly written: string;
  readonly beside: Beside;
}

/** The signs of a heading or an item, before its words. */
const lineSigns = /^(?:#{1,6} |h[1-6]\. |[*#-]+ )?/;

/** So many of the forms in one edited stretch are looked for. */
export const formsMax = 500;

/**
 * Written text with what the author wrote in the place of what it reads as: where one of the words beside it is as it was, or
 * where nothing else can be meant. Each form is put at most once, and none that overlaps one that is put; `used` tells which.
 */
export function withAuthoredForms(
  text: string,
  forms: readonly AuthoredForm[],
): { readonly text: string; readonly used: readonly AuthoredForm[] } {
  if (forms.every(({ authored, written }) => authored === written)) return { text, used: [] };
  // What nobody sees stays where nothing can come between: before the first word.
  const unseen = forms.filter(({ written, beside }) => written === '' && beside.before === undefined);
  const left = new Map<string, AuthoredForm[]>();
  for (const form of forms.filter(({ written }) => written !== ''))
    left.set(form.written, [...(left.get(form.written) ?? []), form]);
  const places = placesOf(text, [...left.keys()]);
  const counts = new Map<string, number>();
  for (const { written } of places) counts.set(written, (counts.get(written) ?? 0) + 1);
  const used: AuthoredForm[] = [];
  let result = '';
  let done = 0;
  for (const { start, written } of places) {
    const alike = left.get(written) ?? [];
    if (start < done || alike.length === 0) continue;
    const end = start + written.length;
    const beside = besideOf(text, start, end);
    const form =
      alike.find((one) => one.beside.before === beside.before && one.beside.after === beside.after) ??
      alike.find((one) => isBeside(one.beside, beside)) ??
      onlyMeaning(written, alike, counts.get(written) ?? 0);
    if (form === undefined) continue;
    used.push(form);
    const isLeft = (one: AuthoredForm): boolean => !overlaps(one, form);
    for (const [key, others] of left) left.set(key, others.filter(isLeft));
    result += text.slice(done, start) + form.authored;
    done = end;
  }
  const whole = result + text.slice(done);
  const anchors = unseen.map(({ authored }) => authored).join('');
  return { text: whole.replace(lineSigns, (signs) => signs + anchors), used };
}

function overlaps(one: AuthoredForm, other: AuthoredForm): boolean {
  return one.start < other.end && other.start < one.end;
}

interface Place {
  readonly start: number;
  readonly written: string;
}

/** Where what is written stands, in order; of several at one place the longest comes first. */
function placesOf(text: string, forms: readonly string[]): readonly Place[] {
  const places: Place[] = [];
  for (const written of forms) {
    const before = isWord(written.charAt(0)) ? /[\\\p{L}\p{N}]/u : written.startsWith('[') ? /[\\!]/ : /\\/;
    const endsAsWord = isWord(written.slice(-1));
    for (let start = text.indexOf(written); start >= 0; start = text.indexOf(written, start + written.length)) {
      // Whole words only, nothing that a backslash makes plain, and no image for a link.
      if (before.test(text.charAt(start - 1)) || (endsAsWord && isWord(text.charAt(start + written.length)))) continue;
      places.push({ start, written });
    }
  }
  return places.toSorted((one, other) => one.start - other.start || other.written.length - one.written.length);
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(character);
}

/** The form where all that read so are alike, stand there no less often, and are more than words, which anybody may write. */
function onlyMeaning(written: string, alike: readonly AuthoredForm[], count: number): AuthoredForm | undefined {
  const [first, ...others] = alike;
  if (!/[^\p{L}\p{N}\s]/u.test(written) || others.some(({ authored }) => authored !== first?.authored)) return undefined;
  return count <= alike.length ? first : undefined;
}

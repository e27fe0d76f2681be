import { fingerprint } from '../content/canonical.ts';
import type { Neutral } from '../content/neutral.ts';

/** The text of the notice that stands in for a comment that became restricted under `hold`. */
export const withheldNotice: Neutral = {
  type: 'root',
  children: [
    {
      type: 'paragraph',
      children: [{ type: 'text', value: 'This comment is no longer public at its origin and is withheld here.' }],
    },
  ],
};

/** What a refused notice is parked under: it says the same whatever the comment said. */
export const noticePrint = 'notice';

/** Whether a text of that fingerprint is the notice. */
export function isWithheldNotice(print: string): boolean {
  return print === fingerprint(withheldNotice);
}

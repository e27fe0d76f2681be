import type { Options } from 'mdast-util-from-markdown';
import { gfm } from 'micromark-extension-gfm';

export type Extension = Extract<NonNullable<NonNullable<Options['extensions']>[number]>, { text?: unknown }>;
export type Construct = Extract<NonNullable<Extension['text']>[string], { tokenize: unknown }>;

/** The constructs that begin a stretch of text other than data: CommonMark's, beside those of GFM's autolinks. */
const commonMarkCodes = [-5, -4, -3, 33, 38, 42, 60, 91, 92, 93, 95, 96];

/**
 * Joins the last two stretches of data. micromark begins a new one wherever a construct was tried in vain (each word may
 * be an e-mail address) and joins them at the end, each by moving all that follows: that took 64 KB of one paragraph
 * 5 s. Joined as they arise, nothing is left to move (micromark's `initialize/text.js`, `resolveAllText`).
 */
const joinData: Construct = {
  name: 'joinData',
  // It never ends a stretch of data.
  previous: () => false,
  tokenize(_effects, ok, nok) {
    return (code) => {
      const { events } = this;
      const [before, last] = [events.at(-3), events.at(-1)];
      if (before?.[1].type !== 'data' || last?.[1].type !== 'data' || before[1] === last[1]) return nok(code);
      before[1].end = last[1].end;
      events.length -= 2;
      return ok(code);
    };
  },
};

/** The extension with which the parser takes linear time for the words of one paragraph. Nothing reads otherwise. */
export const joinedData: Extension = {
  text: Object.fromEntries(
    [...commonMarkCodes.map(String), ...Object.keys(gfm().text ?? {})]
      .filter((code) => code !== 'null')
      .map((code) => [code, joinData]),
  ),
};

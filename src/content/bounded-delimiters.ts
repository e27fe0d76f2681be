import type { Construct, Extension } from './joined-data.ts';

/**
 * Delimiters of emphasis and deletion in one paragraph, heading or cell, far above what people write. For each that may close,
 * micromark looks through all before it: 64 KB of `*a_ ` took 35 s (`resolveAllAttention`).
 */
const delimitersMax = 500;

/** How many there were so far, by the tokenizer: each stretch of inline content has one of its own. */
const found = new WeakMap<object, number>();

type Code = Parameters<NonNullable<Construct['previous']>>[0];

/** Takes a run of delimiters as text where it delimits nothing, and beyond the bound; any other is left to the parser. */
const boundedDelimiters: Construct = {
  name: 'boundedDelimiters',
  tokenize(effects, ok, nok) {
    const { previous } = this;
    return (sign) => {
      const inside: ReturnType<Construct['tokenize']> = (code) => {
        if (code === sign) {
          effects.consume(code);
          return inside;
        }
        effects.exit('data');
        if (sign === underscore && isWord(previous) && isWord(code)) return ok(code);
        const count = (found.get(this) ?? 0) + 1;
        found.set(this, count);
        return count > delimitersMax ? ok(code) : nok(code);
      };
      effects.enter('data');
      return inside(sign);
    };
  },
};

const [asterisk, underscore, tilde] = [42, 95, 126];

/** Part of a word for certain: within one underscores delimit nothing. Of a pair of surrogates only half is seen here. */
function isWord(code: Code): boolean {
  return code !== null && code > 0 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code));
}

/** The extension with which delimiters take bounded time. It stands before `joinedData`, which tries what it made first. */
export const delimitersBounded: Extension = {
  text: { [asterisk]: boundedDelimiters, [underscore]: boundedDelimiters, [tilde]: boundedDelimiters },
};

import type { Neutral } from './neutral.ts';

/** Texts longer than this are decoded each time: they are rare, and their trees large. */
const rememberedLength = 16_384;
/** What all remembered texts may come to, in characters; a tree takes some hundred bytes for each ten of them. */
const rememberedTotal = 1_000_000;

/** What a decoder asked of its context on the way, and what it was told. */
interface Asked {
  readonly name: string | symbol;
  readonly argument: unknown;
  readonly answer: unknown;
}

interface Remembered {
  readonly root: Neutral;
  readonly asked: readonly Asked[];
}

/** Decodes a text in a context of functions of one argument; what it returns is changed by nobody. */
export type DecodeMemo = <C extends object>(native: string, context: C, decode: (context: C) => Neutral) => Neutral;

/**
 * A memory of decoded texts: a cycle meets the same text in a listing, before a write, after it and in the next plan.
 * A tree is returned again only where the context answers all that was asked for it as before: a file's name may have
 * come to mean another file. What was used longest ago is forgotten first. One memory serves one format.
 */
export function decodeMemo(): DecodeMemo {
  const known = new Map<string, Remembered>();
  let total = 0;
  const forget = (native: string): void => {
    if (known.delete(native)) total -= native.length;
  };
  const remember = (native: string, remembered: Remembered): void => {
    known.set(native, remembered);
    total += native.length;
    for (const oldest of known.keys()) {
      if (total <= rememberedTotal) return;
      forget(oldest);
    }
  };
  return (native, context, decode) => {
    if (native.length > rememberedLength) return decode(context);
    const before = known.get(native);
    forget(native);
    const remembered = before !== undefined && before.asked.every(isStillSo(context)) ? before : listened(context, decode);
    remember(native, remembered);
    return remembered.root;
  };
}

/** A tree, and what its decoder asked for it. */
function listened<C extends object>(context: C, decode: (context: C) => Neutral): Remembered {
  const asked: Asked[] = [];
  const listening = new Proxy(context, {
    get: (_target, name) => (argument: unknown) => {
      const answer = told(context, name, argument);
      asked.push({ name, argument, answer });
      return answer;
    },
  });
  return { root: decode(listening), asked };
}

const isStillSo =
  (context: object) =>
  ({ name, argument, answer }: Asked): boolean =>
    told(context, name, argument) === answer;

function told(context: object, name: string | symbol, argument: unknown): unknown {
  const ask: unknown = Reflect.get(context, name);
  return typeof ask === 'function' ? Reflect.apply(ask, context, [argument]) : undefined;
}

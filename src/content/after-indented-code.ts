import type { Construct, Extension } from './joined-data.ts';

/**
 * While indented code goes on, the parser takes whatever begins for something that interrupts it, as it would a paragraph,
 * which no item may that is empty or whose number is not 1: such a list right after code read as words. Nothing
 * interrupts code (CommonMark, example 107 ff.), which the parser is told by a flag that it has for tables.
 */
function flagged(inCode: boolean): Construct {
  return {
    name: 'afterIndentedCode',
    tokenize(_effects, _ok, nok) {
      this._gfmTableDynamicInterruptHack = inCode;
      return nok;
    },
  };
}

const [tab, virtualSpace, space] = [-2, -1, 32];
const mayBeginCode = flagged(true);

/** The extension with which a list right after indented code reads as one. */
export const listsAfterIndentedCode: Extension = {
  flowInitial: { [tab]: mayBeginCode, [virtualSpace]: mayBeginCode, [space]: mayBeginCode },
  // Tried before whatever an indented line may begin other than code.
  flow: { null: flagged(false) },
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { attachmentUrl, type Neutral } from '../../../src/content/neutral.ts';
import { mapAttachments } from '../../../src/content/references.ts';
import { decodeTextile, encodeTextile, lowerTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { neutral } from '../generators.ts';
import { textileContext } from './textile-context.ts';
import { textileSoup } from './textile-generator.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 300) };
const own = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
const read = (text: string): Neutral => decodeTextile(text, textileContext);

describe('Textile', () => {
  it('reads back as what it could say of any tree', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const lowered = lowerTextile(own(root), textileContext);
        expect(canonicalText(read(encodeTextile(own(root), textileContext)))).toBe(canonicalText(lowered));
      }),
      runs,
    );
  });

  it('is stable from its first crossing on', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const once = read(encodeTextile(own(root), textileContext));
        expect(canonicalText(read(encodeTextile(once, textileContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('is stable after one crossing whatever a person wrote', () => {
    fc.assert(
      fc.property(textileSoup, (source) => {
        const once = read(encodeTextile(read(source), textileContext));
        expect(canonicalText(read(encodeTextile(once, textileContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('stays byte for byte when it says the same', () => {
    fc.assert(
      fc.property(textileSoup, (source) => {
        expect(patchTextile(source, read(source), textileContext)).toBe(source);
      }),
      runs,
    );
  });
});

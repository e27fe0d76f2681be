import { describe, expect, test } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { commonMarkContext } from '../../src/content/commonmark.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki, patchWiki } from '../../src/content/wiki/wiki.ts';
import type { Effect } from '../../src/core/effect.ts';
import type { SideName } from '../../src/core/model.ts';
import { leavingFiles, showsCopyOf, withoutFiles } from '../../src/core/gone-files.ts';
import { adfContext, markdownContext, toPublic } from '../content/contexts.ts';
import { textileContext } from '../content/textile/textile-context.ts';
import { wikiContext } from '../content/wiki/wiki-context.ts';

const removal = (side: SideName): Effect => {
  return { kind: 'attachment.remove', side, attachmentId: '1', originId: 'origin', name: 'p.png' };
};
const picture = '![p](https://github.example/user-attachments/assets/1)';
const read = (text: string): Neutral => decodeMarkdown(text, markdownContext);
const copyOnGitHub = leavingFiles([removal('private')]);
const copyOnJira = leavingFiles([removal('public')]);

describe('the copy of a file that leaves', () => {
  test('is known by its id on the side of the copy, and by that of its origin', () => {
    expect(copyOnGitHub).toEqual([{ origin: 'public', ids: { public: 'origin', private: '1' } }]);
    expect(copyOnJira).toEqual([{ origin: 'private', ids: { public: '1', private: 'origin' } }]);
    const effect: Effect = { kind: 'attachment.create', side: 'private', originId: '2', name: 'q.png', size: 1, candidates: [] };
    expect(leavingFiles([effect, { kind: 'ledger.write', side: 'public' }])).toEqual([]);
  });

  const onGitHub = (text: string) => ({ side: 'private' as const, root: read(text), keepsAtEnd: false });

  test('is shown by a text also at its end, but by no other file and on no other side', () => {
    expect(showsCopyOf(copyOnGitHub, onGitHub(`Alpha ${picture} Omega`))).toBe(true);
    expect(showsCopyOf(copyOnGitHub, onGitHub(`Alpha\n\n${picture}`))).toBe(true);
    expect(showsCopyOf(copyOnGitHub, onGitHub('Alpha'))).toBe(false);
    expect(showsCopyOf(copyOnGitHub, onGitHub(picture.replace('/1', '/2')))).toBe(false);
    expect(showsCopyOf(copyOnJira, onGitHub(picture))).toBe(false);
    expect(showsCopyOf([], onGitHub(picture))).toBe(false);
  });

  test("counts for nothing at the very end of Jira's description, where it stays for its file's sake", () => {
    const onJira = (text: string) => ({ side: 'public' as const, root: toPublic(read(text)), keepsAtEnd: true });
    expect(showsCopyOf(copyOnJira, onJira(`Alpha\n\n${picture}`))).toBe(false);
    expect(showsCopyOf(copyOnJira, onJira(`Alpha\n\n${picture}\n\nOmega`))).toBe(true);
  });
});

interface Codec {
  readonly side: SideName;
  readonly write: (root: Neutral) => string;
  readonly read: (native: string) => Neutral;
  readonly patch: (native: string, root: Neutral) => string;
}
const copies = { ...markdownContext, hasToStay: () => false };
const redmine = commonMarkContext(textileContext);
const media = { ...adfContext, hasToStay: () => false };
const codecs: Readonly<Record<string, Codec>> = {
  GitHub: {
    side: 'private',
    write: (root) => encodeMarkdown(root, copies),
    read: (native) => decodeMarkdown(native, copies),
    patch: (native, root) => patchMarkdown(native, root, copies),
  },
  'Jira Cloud': {
    side: 'public',
    write: (root) => JSON.stringify(encodeAdf(toPublic(root), media)),
    read: (native) => decodeAdf(JSON.parse(native), media),
    patch: (native, root) => JSON.stringify(patchAdf(JSON.parse(native), root, media)),
  },
  'Jira Data Center': {
    side: 'private',
    write: (root) => encodeWiki(root, wikiContext),
    read: (native) => decodeWiki(native, wikiContext),
    patch: (native, root) => patchWiki(native, root, wikiContext),
  },
  'Redmine with Textile': {
    side: 'private',
    write: (root) => encodeTextile(root, textileContext),
    read: (native) => decodeTextile(native, textileContext),
    patch: (native, root) => patchTextile(native, root, textileContext),
  },
  'Redmine with CommonMark': {
    side: 'private',
    write: (root) => encodeMarkdown(root, redmine),
    read: (native) => decodeMarkdown(native, redmine),
    patch: (native, root) => patchMarkdown(native, root, redmine),
  },
};

/** Where a picture may stand, and what is read of the text without it. */
const places: readonly (readonly [string, string, string])[] = [
  ['alone in its paragraph', `Alpha\n\n${picture}\n\nOmega`, 'Alpha\n\nOmega'],
  ['amid words', `Alpha ${picture} Omega`, 'Alpha Omega'],
  ['at the very end', `Alpha\n\n${picture}`, 'Alpha'],
  ['twice', `${picture}\n\nAlpha ${picture}`, 'Alpha'],
  ['alone in the text', picture, ''],
  ['in a heading', `# Alpha ${picture}\n\nOmega`, '# Alpha\n\nOmega'],
  ['in an item', `- Alpha ${picture}\n- Omega`, '- Alpha\n- Omega'],
  ['in a cell', `| Alpha |\n| --- |\n| Omega ${picture} |`, '| Alpha |\n| --- |\n| Omega |'],
  ['in a quote', `> Alpha ${picture}`, '> Alpha'],
  ['in bold words', `**Alpha ${picture}** Omega`, '**Alpha** Omega'],
];

describe.each(Object.entries(codecs))('%s', (_, codec) => {
  test.each(places)('shows a picture %s no more once it is taken out, and all else as before', (_place, text, rest) => {
    const { side } = codec;
    const leaving = side === 'public' ? copyOnJira : copyOnGitHub;
    const native = codec.write(read(text));
    const root = codec.read(native);
    expect(showsCopyOf(leaving, { side, root, keepsAtEnd: false })).toBe(true);
    const after = codec.read(codec.patch(native, withoutFiles(root, leaving)));
    expect(showsCopyOf(leaving, { side, root: after, keepsAtEnd: false })).toBe(false);
    expect(canonicalText(after)).toBe(canonicalText(codec.read(codec.write(read(rest)))));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/content/canonical.ts';
import { commonMarkContext } from '../../src/content/commonmark.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { attachmentUrl } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { markdown, neutral } from './generators.ts';
import { redmineMentions } from './redmine-mentions.ts';
import { encodeTextile } from '../../src/content/textile/textile.ts';
import { textileContext } from './textile/textile-context.ts';

const context = commonMarkContext({
  ...textileContext,
  attachmentLink: (id) => `https://redmine.example/attachments/${id}/file.pdf`,
  attachmentIdOfLink: (url) => /^https:\/\/redmine\.example\/attachments\/(\d+)\//.exec(url)?.[1],
});
/** Every attachment is a picture: two links to one file, side by side, read as one link. */
const pictures = commonMarkContext({
  ...textileContext,
  attachmentId: (name) => /^(\d+)\.png$/.exec(name)?.[1],
  attachmentName: (id) => `${id}.png`,
});
const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 150) };
const written = (source: string): string => encodeMarkdown(decodeMarkdown(source, context), context);

describe("Redmine's CommonMark", () => {
  it('reads back as what it was made of, for any tree', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const own = mapAttachments(root, ({ id }) => attachmentUrl('private', id));
        expect(canonicalText(decodeMarkdown(encodeMarkdown(own, pictures), pictures))).toBe(canonicalText(own));
      }),
      runs,
    );
  });

  it('calls nobody, whatever it is made of', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const own = mapAttachments(root, ({ id }) => attachmentUrl('private', id));
        const markdown = encodeMarkdown(own, context);
        const textile = encodeTextile(own, textileContext);
        for (const eol of ['\n', '\r\n']) {
          expect(redmineMentions(markdown.replaceAll('\n', eol), 'common_mark')).toEqual([]);
          expect(redmineMentions(textile.replaceAll('\n', eol), 'textile')).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('shows a picture that was taken out nowhere any more, for its file is attached all the same', () => {
    const source = 'Alpha\n\n![](a%20b.png)\n\nOmega';
    expect(patchMarkdown(source, decodeMarkdown('Alpha\n\nOmega', context), context)).toBe('Alpha\n\nOmega');
  });

  it('stays byte for byte when it says the same', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        expect(patchMarkdown(source, decodeMarkdown(source, context), context)).toBe(source);
      }),
      runs,
    );
  });

  it.each([
    ['a macro', '{{toc}}', '{\u200b{toc}}'],
    ['a wiki link', '[[Page]]', '\\[\u200b[Page]]'],
    ['a changeset', 'r12', 'r\u200b12'],
    ['a resource', 'commit:abc', 'commit\u200b:abc'],
    ['an issue', '#12', '#\u200b12'],
    ['a mention', '@mia', '@\u200bmia'],
    ['a mention of an odd login', '@_mia', '@\u200b_mia'],
    ['an @ before emphasis, whose sign could begin a login', 'see @*mia and more*', 'see @\u200b*mia and more*'],
    ['a mention in code, which Redmine sees', '`@mia`', '`@\u200bmia`'],
  ])('defuses %s', (_name, source, defused) => {
    expect(written(source).replaceAll('\\', '')).toBe(defused.replaceAll('\\', ''));
    expect(canonicalText(decodeMarkdown(written(source), context))).toBe(canonicalText(decodeMarkdown(source, context)));
  });

  it.each([
    ['ssh deploy@jenkins and wait', 'ssh deploy@jenkins and wait'],
    ['root@admin:~$ ls', String.raw`root@admin:\~$ ls`],
    ['scp a.txt admin@joe: now', 'scp a.txt admin@joe: now'],
    ['see foo@mary, please', 'see foo@mary, please'],
    // Redmine would link these: they are words of a link to somewhere else, or somebody escaped them.
    [String.raw`see foo\@mary.smith, please`, 'see foo@\u200bmary.smith, please'],
    ['![foo@mary.smith](https://example.org/a.png)', '![foo@\u200bmary.smith](https://example.org/a.png)'],
  ])('calls nobody by what stands after a word: %s', (source, expected) => {
    expect(redmineMentions(written(source), 'common_mark')).toEqual([]);
    expect(written(source)).toBe(expected);
    expect(canonicalText(decodeMarkdown(expected, context))).toBe(canonicalText(decodeMarkdown(source, context)));
  });

  it.each([
    ['Use `~~~` or more to fence\n\n```\nhello @joe\n```', 'Use `~~\u200b~` or more to fence\n\n```\nhello @joe\n```'],
    ['````\n```\n@joe and\n```\n````', '```\n``\u200b`\n@joe and\n``\u200b`\n```'],
    ['```\na ~~~ b\n@joe and\n```', '```\na ~~\u200b~ b\n@joe and\n```'],
    // Of a quote Redmine takes out every other line, and fences with it.
    ['a\n\n> ```\n> @joe and\n> ```', 'a\n\n> ```\n> @\u200bjoe and\n> ```'],
  ])('breaks in code what makes a mention of a name in it: %j', (source, expected) => {
    for (const text of [written(source), written(source).replaceAll('\n', '\r\n')])
      expect(redmineMentions(text, 'common_mark')).toEqual([]);
    expect(written(source)).toBe(expected);
    const read = decodeMarkdown(expected, context);
    expect(canonicalText(read)).toBe(canonicalText(decodeMarkdown(source, context)));
    expect(encodeMarkdown(read, context)).toBe(expected);
    expect(encodeMarkdown(read, { ...context, dialect: 'github' })).toBe(source);
    expect(patchMarkdown(expected, read, context)).toBe(expected);
    const edited = `${expected}\n\nnew`;
    expect(patchMarkdown(expected, decodeMarkdown(edited, context), context)).toBe(edited);
  });

  it.each(['```java\n@Override\n```', 'Use `~~~` or more to fence', '````\n```\nmail a@b.cc\n```\n````'])(
    'leaves code alone that calls nobody: %j',
    (source) => {
      expect(written(source)).toBe(source);
    },
  );

  it('breaks names in new code below a fence that a person left open, and keeps what that person calls', () => {
    const native = 'Use `~~~`\n\nold\n\n```\nhello @ann\n```\n';
    const edited = native.replace('old', '~~~\n@joe said\n~~~');
    const patched = patchMarkdown(native, decodeMarkdown(edited, context), context);
    expect(redmineMentions(patched, 'common_mark')).toEqual(['ann']);
    expect(patched).toContain('@\u200bjoe said');
    expect(patchMarkdown(patched, decodeMarkdown(patched, context), context)).toBe(patched);
  });

  it('breaks names where code between the fences of a person is edited', () => {
    const native = 'Use `~~~`\n\n~~~text\nold\n~~~\n';
    const patched = patchMarkdown(native, decodeMarkdown(native.replace('old', 'new @joe here'), context), context);
    expect(patched).toBe('Use `~~~`\n\n~~~text\nnew @\u200bjoe here\n~~~\n');
  });

  it.each([
    ['[post](https://medium.com/@joe)', '[post](https://medium.com/%40joe)'],
    ['[@joe](https://medium.com/@joe/)', '[@\u200bjoe](https://medium.com/%40joe/)'],
    ['https://e.org/@joe', '[https://e.org/@\u200bjoe](https://e.org/%40joe)'],
    ['![](https://e.org/@joe.png)', '![](https://e.org/%40joe.png)'],
    ['[x](https://e.org/a@b?to=@@joe#@_low)', '[x](https://e.org/a@b?to=%40%40joe#%40_low)'],
    ['[x](https://e.org/a_b@@@joe)', '[x](https://e.org/a_b@%40%40joe)'],
  ])('encodes what would be a mention in an address: %s', (source, expected) => {
    expect(redmineMentions(written(source), 'common_mark')).toEqual([]);
    expect(written(source)).toBe(expected);
    expect(encodeMarkdown(decodeMarkdown(expected, context), { ...context, dialect: 'github' })).toContain(
      /(?:\]\(|^)(https:[^)]*)/.exec(source)?.[1],
    );
    expect(canonicalText(decodeMarkdown(expected, context))).toBe(canonicalText(decodeMarkdown(source, context)));
  });

  it('leaves addresses that a person wrote on Redmine as they are, beside an edit', () => {
    const native = 'By [joe](https://medium.com/@joe) and [mia](https://medium.com/%40mia), old\n\nhttps://e.org/@ann\n';
    const edited = native.replace('old', 'new');
    expect(patchMarkdown(native, decodeMarkdown(edited, context), context)).toBe(edited);
  });

  it.each(['Ask &#64;eli about it', 'Ask &commat;eli and @eli\u200b about it'])(
    'calls nobody in an edited line whom its author named by a character reference: %s',
    (source) => {
      const wanted = decodeMarkdown(source.replace('about it', 'about this'), context);
      const patched = patchMarkdown(source, wanted, context);
      expect(canonicalText(decodeMarkdown(patched, context))).toBe(canonicalText(wanted));
      expect(redmineMentions(patched, 'common_mark')).toEqual([]);
    },
  );

  it('leaves what a person wrote on Redmine alone', () => {
    const native = '{{toc}}\n\n[[Page]] by @mia\n\nold\n';
    expect(patchMarkdown(native, decodeMarkdown('{{toc}}\n\n[[Page]] by @mia\n\nnew {{x}}\n', context), context)).toBe(
      '{{toc}}\n\n[[Page]] by @mia\n\nnew {\u200b{x}}\n',
    );
  });

  it('names pictures of the issue and links its other files', () => {
    const source = '![shown](a%20b.png) and [read](https://redmine.example/attachments/2/file.pdf)';
    expect(canonicalText(decodeMarkdown(source, context))).toBe(
      '![shown](attachment:private/1) and ![read](attachment:private/2)',
    );
    expect(written(source)).toBe(source);
  });
});

import fc from 'fast-check';
import type { Link, Nodes, Root } from 'mdast';
import { describe, expect, it } from 'vitest';
import { safeDisplayName, withAuthorLine, withoutAuthorLine } from '../../src/content/author-line.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { defuse, defuseUrl, defuseUrlForRedmine, stripDefusing } from '../../src/content/defuse.ts';
import { mayBeStoredAs, numberCollisions, safeFileName, withExtension } from '../../src/content/file-name.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { parseMarkdown } from '../../src/content/parse-markdown.ts';
import { attachmentReferences, mapAttachments } from '../../src/content/references.ts';
import { decodeTextile, encodeTextile } from '../../src/content/textile/textile.ts';
import { encodeWiki } from '../../src/content/wiki/wiki.ts';
import { textileContext } from './textile/textile-context.ts';
import { wikiContext } from './wiki/wiki-context.ts';
import { markdownContext } from './contexts.ts';
import { neutral, text } from './generators.ts';

const read = (markdown: string): Neutral => decodeMarkdown(markdown, markdownContext);
const paragraphOf = (value: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'text', value }] }],
});

describe('defusing', () => {
  it.each(['@octocat', 'cc @org/team.', '(@a)', '#12', 'see owner/repo#12', 'GH-7', 'x @a @b #1'])(
    'changes %s and takes it back',
    (mention) => {
      expect(defuse(mention)).not.toBe(mention);
      expect(defuse(defuse(mention))).toBe(defuse(mention));
      expect(stripDefusing(defuse(mention))).toBe(mention);
    },
  );

  it.each(['me@example.org', '# Title', 'C# 12', 'GH-x', '@ home'])('leaves %s alone', (harmless) => {
    expect(defuse(harmless)).toBe(harmless);
  });

  it('is undone in whatever text it is applied to', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(defuse(stripDefusing(defuse(value)))).toBe(defuse(value));
        expect(stripDefusing(defuse(value))).toBe(stripDefusing(value));
      }),
    );
  });

  it('is applied to new text outside code, links included, and ignored by canonical form', () => {
    const source = '@me #1 `@me #1` https://github.com/o/r/issues/15';
    const written = encodeMarkdown(read(source), markdownContext);
    expect(written).toBe('@\u200bme #\u200b1 `@me #1` [https://github.com/o/r/issues/15](https://github.com/o/r/issues/%315)');
    expect(canonicalText(read(written))).toBe(canonicalText(read(source)));
  });

  const titled = (title: string): Neutral => ({
    type: 'root',
    children: [{ type: 'details', summary: title, children: [{ type: 'paragraph', children: [{ type: 'text', value: 'a' }] }] }],
  });
  const calls = 'ping @octocat and @_low, #5, GH-6, o/r#7, https://github.com/o/r/issues/12 and [~mia]';

  it.each([
    ['GitHub', encodeMarkdown(titled(calls), markdownContext), (text: string) => read(text)],
    ['Textile', encodeTextile(titled(calls), textileContext), (text: string) => decodeTextile(text, textileContext)],
    ['CommonMark', encodeMarkdown(titled(calls), { ...markdownContext, dialect: 'redmine' }), (text: string) => read(text)],
  ])('is applied to the titles of details, and taken back: %s', (name, written, reading) => {
    expect(written).not.toMatch(/@octocat|#[5-7]|GH-6/);
    if (name === 'GitHub') expect(written).not.toContain('issues/12');
    else expect(written).not.toContain('@_low');
    expect(canonicalText(reading(written)).replaceAll(';', ',')).toBe(canonicalText(titled(calls)));
  });

  it('leaves no mention of Jira in the title of a panel', () => {
    expect(encodeWiki(titled(calls), wikiContext)).not.toContain('[~');
  });

  it('leads to the same page', () => {
    const url = 'https://ghe.example/o/r/pull/15#issuecomment-1';
    expect(decodeURIComponent(new URL(defuseUrl(url)).pathname)).toBe(new URL(url).pathname);
    expect(defuseUrl('https://example.org/issues/1')).toBe('https://example.org/issues/1');
    expect(defuseUrlForRedmine('https://me:secret@example.org/@a')).toBe('https://me:secret@example.org/%40a');
  });

  it('does not touch what a person wrote on GitHub', () => {
    const native = 'Ask @me about #1.\n\nold\n';
    expect(patchMarkdown(native, read('Ask @me about #1.\n\nnew @you'), markdownContext)).toBe(
      'Ask @me about #1.\n\nnew @\u200byou\n',
    );
  });

  it.each(['参照https://github.example/acme/web/issues/1', 'seehttp://github.example/acme/web/pull/23 です'])(
    'leaves no address of an issue that is no link: %s',
    (words) => {
      const written = encodeMarkdown(paragraphOf(words), markdownContext);
      expect(written).toMatch(/\/(?:issues|pull)\/\u200b\d/);
      expect(canonicalText(read(written))).toBe(canonicalText(paragraphOf(words)));
      expect(patchMarkdown(written, paragraphOf(words), markdownContext)).toBe(written);
    },
  );

  it('leaves no reference where the words of a link that cannot be shown here meet the text behind it', () => {
    const link = { type: 'link', url: 'attachment:public/2', children: [{ type: 'text', value: '#' }] } as const;
    const root: Neutral = {
      type: 'root',
      children: [
        {
          type: 'paragraph',
          children: [
            { ...link, children: [...link.children] },
            { type: 'text', value: '1)' },
          ],
        },
      ],
    };
    expect(encodeMarkdown(root, markdownContext)).not.toMatch(/#1/);
  });

  it('leaves no mention where an image within such a link becomes words', () => {
    const image = { type: 'image', url: 'attachment:public/2', alt: 'words' } as const;
    const link: Link = { type: 'link', url: 'attachment:public/1', children: [{ type: 'text', value: '@' }, image] };
    const root: Neutral = {
      type: 'root',
      children: [
        {
          type: 'table',
          children: [{ type: 'tableRow', children: [{ type: 'tableCell', children: [link, { type: 'text', value: 'x' }] }] }],
        },
      ],
    };
    expect(encodeMarkdown(root, markdownContext)).toMatch(/@.+words/);
    expect(encodeMarkdown(root, markdownContext)).not.toMatch(/@words/);
  });

  it('leaves no live mention or reference in any new text', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        for (const node of everyNode(parseMarkdown(encodeMarkdown(root, markdownContext)))) {
          if (node.type === 'text' || node.type === 'html')
            expect(node.value).not.toMatch(/(?<![a-z0-9])@[a-z0-9]|#[0-9]|(?<![a-z0-9])GH-[0-9]/i);
          if (node.type === 'link') expect(node.url).not.toMatch(/^https?:\/\/[^/]+\/[^/]+\/[^/]+\/(?:issues|pull)\/[0-9]/);
        }
      }),
    );
  });
});

/** The nodes of a tree but for what is within links and code, where GitHub looks for neither. */
function everyNode(root: Root): Nodes[] {
  const nodes: Nodes[] = [root];
  for (const node of nodes) if (node.type !== 'link' && 'children' in node) nodes.push(...outsideCode(node.children));
  return nodes;
}

/** Code in a cell with a bar is written as an element of HTML, whose text stands between its tags. */
function outsideCode(children: readonly Nodes[]): Nodes[] {
  let depth = 0;
  return children.filter((child) => {
    if (child.type === 'html' && child.value === '<code>') depth += 1;
    if (child.type === 'html' && child.value === '</code>') depth -= 1;
    return depth === 0;
  });
}

describe('the author line', () => {
  it('is put on and taken off', () => {
    fc.assert(
      fc.property(neutral, fc.string({ unit: 'grapheme' }), (root, name) => {
        const { author, root: content } = withoutAuthorLine(withAuthorLine(root, name));
        expect(author).toBeDefined();
        expect(canonicalText(content)).toBe(canonicalText(root));
      }),
    );
  });

  it('survives GitHub, whatever the name is', () => {
    fc.assert(
      fc.property(text, (name) => {
        const written = encodeMarkdown(withAuthorLine(paragraphOf('content'), name), markdownContext);
        const { author, root } = withoutAuthorLine(read(written));
        expect(author).toBeDefined();
        expect(canonicalText(root)).toBe('content');
      }),
    );
  });

  it('keeps text that was joined to it after a line break', () => {
    const { author, root } = withoutAuthorLine(read('Mia Krystof commented:\nHello\n\nBye'));
    expect(author).toBe('Mia Krystof');
    expect(canonicalText(root)).toBe('Hello\n\nBye');
  });

  it('is not seen where there is none', () => {
    expect(withoutAuthorLine(read('Hello')).author).toBeUndefined();
    expect(withoutAuthorLine(read('- x commented:')).author).toBeUndefined();
  });

  it('holds nothing invisible of a name and is never without one', () => {
    expect(safeDisplayName('Eve\u202E\n\u0000 Adams ')).toBe('Eve Adams');
    expect(safeDisplayName(' \u200b')).toBe('Someone');
    expect([...safeDisplayName('x'.repeat(300))]).toHaveLength(100);
  });
});

describe('attachment references', () => {
  it('are found and mapped in images and links', () => {
    const root = read(
      '![a](https://github.example/user-attachments/assets/5) and [b](https://github.example/user-attachments/assets/6)',
    );
    expect(attachmentReferences(root)).toEqual([
      { side: 'private', id: '5' },
      { side: 'private', id: '6' },
    ]);
    const mapped = mapAttachments(root, ({ id }) => (id === '5' ? 'attachment:public/50' : undefined));
    expect(attachmentReferences(mapped)).toEqual([
      { side: 'public', id: '50' },
      { side: 'private', id: '6' },
    ]);
    expect(attachmentReferences(root)).toHaveLength(2);
  });
});

describe('file names', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['invoice\u202Egnp.exe', 'invoicegnp.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['a\u0000b\n.png', 'ab.png'],
  ])('makes %j safe', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('bounds the length and keeps the extension', () => {
    const name = safeFileName(`${'x'.repeat(400)}.jpeg`);
    expect(name).toHaveLength(150);
    expect(name.endsWith('.jpeg')).toBe(true);
  });

  it.each([
    ['graph', 'image/png', 'graph.png'],
    ['graph.PNG', 'image/png', 'graph.PNG'],
    ['Release 1.2', 'image/jpeg; charset=binary', 'Release 1.2.jpg'],
    ['notes', 'application/octet-stream', 'notes'],
    ['notes', undefined, 'notes'],
    ['../..', 'image/gif', 'file.gif'],
    ['toString', 'constructor', 'toString'],
  ])('gives %j of type %j the name %j', (name, mediaType, expected) => {
    expect(withExtension(name, mediaType)).toBe(expected);
    expect(withExtension(expected, mediaType)).toBe(expected);
    expect(mayBeStoredAs(name, expected)).toBe(true);
    expect(mayBeStoredAs(name, expected.replace(/(\.\w+)?$/, ' (2)$1'))).toBe(true);
    expect(mayBeStoredAs(name, `other ${expected}`)).toBe(false);
  });

  it('bounds the length with an extension added', () => {
    expect(withExtension('x'.repeat(300), 'image/png')).toBe(`${'x'.repeat(146)}.png`);
  });

  it('numbers collisions, letter case aside, and never runs into its own numbers', () => {
    expect(numberCollisions(['a.png', 'A.png', 'a (2).png', 'a.png', 'b'])).toEqual([
      'a.png',
      'A (2).png',
      'a (2) (2).png',
      'a (3).png',
      'b',
    ]);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('a', 'a (2)', 'a.b', '../a'), fc.string())), (names) => {
        const numbered = numberCollisions(names);
        expect(new Set(numbered.map((name) => name.toLowerCase())).size).toBe(names.length);
      }),
    );
  });
});

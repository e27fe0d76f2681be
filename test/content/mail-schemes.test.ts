import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { documentOf, paragraph } from '../cycle/jira-origin.ts';
import { adfContext, markdownContext } from './contexts.ts';

/** The examples of the GitHub Flavored Markdown Spec ("Autolinks (extension)", 633 to 635), each with what it links and what follows. */
const examples: readonly (readonly [source: string, linked: string, rest: string])[] = [
  ['mailto:foo@bar.baz', 'mailto:foo@bar.baz', ''],
  ['mailto:a.b-c_d@a.b', 'mailto:a.b-c_d@a.b', ''],
  ['mailto:a.b-c_d@a.b.', 'mailto:a.b-c_d@a.b', '.'],
  ['mailto:a.b-c_d@a.b/', 'mailto:a.b-c_d@a.b', '/'],
  ['mailto:a.b-c_d@a.b-', '', 'mailto:a.b-c_d@a.b-'],
  ['mailto:a.b-c_d@a.b_', '', 'mailto:a.b-c_d@a.b_'],
  ['xmpp:foo@bar.baz', 'xmpp:foo@bar.baz', ''],
  ['xmpp:foo@bar.baz.', 'xmpp:foo@bar.baz', '.'],
  ['xmpp:foo@bar.baz/txt', 'xmpp:foo@bar.baz/txt', ''],
  ['xmpp:foo@bar.baz/txt@bin', 'xmpp:foo@bar.baz/txt@bin', ''],
  ['xmpp:foo@bar.baz/txt@bin.com', 'xmpp:foo@bar.baz/txt@bin.com', ''],
  ['xmpp:foo@bar.baz/txt/bin', 'xmpp:foo@bar.baz/txt', '/bin'],
  ['xmpp:foo@bar.baz/txt.', 'xmpp:foo@bar.baz/txt', '.'],
];

const linkTo = (href: string): AdfNode => ({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] });
const words = (text: string): readonly AdfNode[] => (text === '' ? [] : [{ type: 'text', text }]);
const onJira = (source: string): ReturnType<typeof encodeAdf> => encodeAdf(decodeMarkdown(source, markdownContext), adfContext);

describe('a bare address behind its scheme', () => {
  it.each(examples)('is a link with the scheme in it on Jira: %s', (source, linked, rest) => {
    const link = linked === '' ? [] : [linkTo(linked)];
    expect(onJira(source).content).toEqual([{ type: 'paragraph', content: [...link, ...words(rest)] }]);
  });

  it.each(examples)('stays as it is on GitHub, and reads the same where it is written anew: %s', (source) => {
    const back = decodeAdf(onJira(source), adfContext);
    expect(patchMarkdown(source, back, markdownContext)).toBe(source);
    const again = decodeMarkdown(encodeMarkdown(back, markdownContext), markdownContext);
    expect(canonicalText(again)).toBe(canonicalText(back));
  });

  it('stays bare where Jira edits words of its line', () => {
    const native = 'Ask mailto:a@b.example or xmpp:c@d.example/e today.';
    const edited = decodeAdf(onJira(native.replace('today', 'now')), adfContext);
    expect(patchMarkdown(native, edited, markdownContext)).toBe('Ask mailto:a@b.example or xmpp:c@d.example/e now.');
  });

  it.each(['xmailto:', 'MAILTO:', '_mailto:'])('is linked without what is no scheme: %s', (before) => {
    const link = { ...linkTo('mailto:a@b.example'), text: 'a@b.example' };
    expect(onJira(`${before}a@b.example`).content).toEqual([{ type: 'paragraph', content: [...words(before), link] }]);
  });

  it.each(['[mailto:a@b.example](https://c.example)', '`mailto:a@b.example`', 'mailto:a\\@b.example'])(
    'is no link of its own: %s',
    (source) => {
      expect(JSON.stringify(onJira(source))).not.toContain('"href":"mailto:');
    },
  );
});

describe('a link of Jira whose text is its address', () => {
  it.each(['mailto:a@b.example', 'xmpp:a@b.example/c'])('is the same after a way over GitHub: %s', (href) => {
    const native = documentOf(paragraph(href, { type: 'link', attrs: { href } }));
    const written = encodeMarkdown(decodeAdf(native, adfContext), markdownContext);
    expect(written).toBe(`<${href}>`);
    expect(encodeAdf(decodeMarkdown(written, markdownContext), adfContext)).toEqual(native);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/content/canonical.ts';
import { cutNotice, withoutNotice } from '../../src/content/cut-notice.ts';
import { decodeMarkdown } from '../../src/content/markdown.ts';
import { markdownContext } from './contexts.ts';

const changed = cutNotice.replace('was cut', 'has been cut');
const lines = cutNotice.replace('. The', '.\nThe').replace('; the', ';\nthe');

describe('the notice of a cut text is taken off', () => {
  it.each([
    ['as it was written', `Words.\n\n${cutNotice}`, 'Words.'],
    ['with its lines wrapped', `Words.\n\n${lines}`, 'Words.'],
    ['with emphasis in it', `Words.\n\n${cutNotice.replace('whole text', '**whole** text')}`, 'Words.'],
    ['as a heading', `Words.\n\n## ${cutNotice}`, 'Words.'],
    ['in a quote in an item', `Words.\n\n- item\n- > ${cutNotice}`, 'Words.\n\n- item'],
    ['in an alert with words', `> [!NOTE]\n> Words.\n>\n> ${cutNotice}`, '> [!NOTE]\n> Words.'],
    ['behind the words of a paragraph', `Some **words.**\n${cutNotice}`, 'Some **words.**'],
    ['amid the words of a paragraph', `Some words. ${cutNotice} More.`, 'Some words. More.'],
    ['before other words', `Words.\n\n${cutNotice}\n\nMore.`, 'Words.\n\nMore.'],
    ['with other words in its midst', `Words.\n\n${changed}`, 'Words.'],
    ['once, the last', `${cutNotice}\n\nWords.\n\n${cutNotice}`, `${cutNotice}\n\nWords.`],
  ])('%s', (_, text, left) => {
    const said = withoutNotice(decodeMarkdown(text, markdownContext));
    expect(canonicalText(said)).toBe(canonicalText(decodeMarkdown(left, markdownContext)));
  });

  it.each([
    ['what only begins as it does', `Words.\n\nThis text was cut by Sallyport. Why?`],
    ['what only ends as it does', `Words.\n\nWords. ${changed}`],
    ['with other words before the end of the text', `${changed}\n\nWords.`],
    ['code', `Words.\n\n    ${cutNotice}`],
    ['a title of details', `<details><summary>${cutNotice}</summary>\n\nWords.\n\n</details>`],
  ])('but not %s', (_, text) => {
    const root = decodeMarkdown(text, markdownContext);
    expect(withoutNotice(root)).toBe(root);
  });
});

import { expect, it } from 'vitest';
import { basicRulesText, rulesLockedNotice } from '../../src/core/rules-text.ts';

const text = basicRulesText();

it('says that the rules cannot be modified, in the words that are known', () => {
  expect(text).toContain(rulesLockedNotice);
  expect(rulesLockedNotice).toBe(
    "Sync Rules can't be modified in Basic mode; that takes Script mode, which Sallyport does not offer yet.",
  );
});

it('holds six numbered rules', () => {
  const headings = [...text.matchAll(/^## (\d)\. /gm)].map((match) => match[1]);
  expect(headings).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('names all that is synced and what becomes of an unknown type', () => {
  for (const words of ['Summary', 'Description', 'Comments', 'Attachments', 'Issue type', 'else Task', 'restricted-comments']) {
    expect(text).toContain(words);
  }
});

it('is a table of one width and no line that a terminal would have to guess', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(6);
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  expect(text).not.toMatch(/<br|&nbsp;|\*\*/);
  expect(text.endsWith('.\n')).toBe(true);
});

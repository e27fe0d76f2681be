import type { List, ListItem, Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { adfContext, markdownContext } from './contexts.ts';

function listsIn(root: Neutral): List[] {
  const lists: List[] = [];
  const visit = (node: Nodes): void => {
    if (node.type === 'list') lists.push(node);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return lists;
}

/** The text as it stands on GitHub after somebody has edited its lists, in the order in which they begin, on Jira. */
function editedOnJira(native: string, edit: (...lists: List[]) => void): string {
  const edited = structuredClone(decodeAdf(encodeAdf(decodeMarkdown(native, markdownContext), adfContext), adfContext));
  edit(...listsIn(edited));
  const patched = patchMarkdown(native, edited, markdownContext);
  expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
  return patched;
}

const removeFirst = (list: List | undefined): ListItem | undefined => list?.children.shift();
const item = (value: string): ListItem => ({
  type: 'listItem',
  spread: false,
  children: [{ type: 'paragraph', children: [{ type: 'text', value }] }],
});

describe('a numbered list of GitHub whose first item is removed on Jira', () => {
  it.each([
    [
      'what its author wrote otherwise',
      '1. Install\n2. Run the *server*\n3. Open <kbd>F12</kbd> <!-- keep -->\n',
      '1. Run the *server*\n3. Open <kbd>F12</kbd> <!-- keep -->\n',
    ],
    ['parentheses', 'Intro.\n\n1) x *i*\n2) y *j*\n3) z\n\nEnd *k*.', 'Intro.\n\n1) y *j*\n3) z\n\nEnd *k*.'],
    ['blank lines between its items', '1. x\n\n2. y *j*\n\n\n3. z\n', '1. y *j*\n\n\n3. z\n'],
    ['one and the same number', '1. x\n1. y *j*\n1. z\n', '1. y *j*\n1. z\n'],
    ['zeros before its numbers', '01. x\n02. y *j*\n03. z\n', '1. y *j*\n03. z\n'],
    ['another number to begin with', 'a\n\n7. x\n8. y *j*\n9. z\n', 'a\n\n7. y *j*\n9. z\n'],
    ['zero to begin with', '0. x\n1. y *j*\n', '0. y *j*\n'],
    ['a line end of Windows', '1. x\r\n2. y *j*\r\n   more\r\n3. z\r\n', '1. y *j*\r\n   more\r\n3. z\r\n'],
    [
      'code in its items',
      '1. x\n2. y *j*\n   ```sh\n   npm i\n   ```\n3. <kbd>X</kbd>\n',
      '1. y *j*\n   ```sh\n   npm i\n   ```\n3. <kbd>X</kbd>\n',
    ],
    ['only one item left', '1. x\n2. y *j* <!-- c -->\n', '1. y *j* <!-- c -->\n'],
    ['a quote around it', '> 1. x\n> 2. y *j*\n>    more\n', '> 1. y *j*\n>    more\n'],
    ['a number less wide', '9. x\n10. y *j*\n11. z\n', '9. y *j*\n11. z\n'],
    ['a number less wide, and code below', '9. x\n10. y *j*\n\n        code\n11. z\n', '9.  y *j*\n\n        code\n11. z\n'],
    ['the line of a paragraph right above', 'Intro *i*:\n1. x\n2. y *j*\n', 'Intro *i*:\n1. y *j*\n'],
    [
      'a wider number',
      '10. x\n1. y *j*\n\n   ```sh\n   npm i\n   ```\n2. z\n',
      '10. y *j*\n\n    ```sh\n    npm i\n    ```\n2. z\n',
    ],
    ['a wider number, in a quote', '> 10. x\n> 1. y *j*\n>    - z\n> 2. z\n', '> 10. y *j*\n>     - z\n> 2. z\n'],
    ['an alert around it', '> [!NOTE]\n> 1. x\n> 2. y *j*\n', '> [!NOTE]\n> 1. y *j*\n'],
    [
      'details around it',
      '<details><summary>s</summary>\n\n1. x\n2. y *j*\n\n</details>\n',
      '<details><summary>s</summary>\n\n1. y *j*\n\n</details>\n',
    ],
    ['a numbered list in an item', '1. x\n2. y *j*\n   1. z *k*\n   2. z\n', '1. y *j*\n   1. z *k*\n   2. z\n'],
    ['tasks that are numbered', '1. [ ] x\n2. [x] y *j*\n', '2. [x] y *j*\n'],
  ])('keeps all others byte for byte: %s', (_, native, patched) => {
    expect(editedOnJira(native, removeFirst)).toBe(patched);
  });

  it('leaves the list around it as it is', () => {
    const native = '* top *i*\n  1. one\n  2. two *steps*\n     ```\n     x\n     ```\n  3. three <kbd>X</kbd>\n* end\n';
    expect(editedOnJira(native, (_, inner) => removeFirst(inner))).toBe(native.replace('  1. one\n  2.', '  1.'));
  });

  it('leaves the list beside it as it is', () => {
    const native = '* one\n* two *i*\n* three\n\n1) x\n2) y *j*\n';
    expect(
      editedOnJira(native, (bullets, numbers) => {
        removeFirst(numbers);
        bullets?.children.pop();
      }),
    ).toBe('* one\n* two *i*\n\n1) y *j*\n');
    expect(editedOnJira(native, (_, numbers) => removeFirst(numbers))).toBe('* one\n* two *i*\n* three\n\n1) y *j*\n');
  });

  it('loses several', () => {
    const native = '1. x\n2. y\n3. z *k*\n4. w\n';
    expect(editedOnJira(native, (list) => list?.children.splice(0, 2))).toBe('1. z *k*\n4. w\n');
  });

  it('gets another beside it', () => {
    const native = '1. x\n2. y *j*\n3. z *k*\n';
    const edited = editedOnJira(native, (list) => {
      removeFirst(list);
      list?.children.push(item('new'));
    });
    expect(edited).toBe('1. y *j*\n3. z *k*\n3. new\n');
  });

  it('has the next one edited', () => {
    const native = '1. x\n2. Some words <kbd>X</kbd>\n   ```sh\n   npm i\n   ```\n3. z *k*\n';
    const edited = editedOnJira(native, (list) => {
      removeFirst(list);
      list?.children[0]?.children.splice(0, 1, ...item('Some new words').children);
    });
    expect(edited).toBe('1. Some new words\n   ```sh\n   npm i\n   ```\n3. z *k*\n');
  });

  it('has the next one edited, which gets a wider number', () => {
    const native = '10. x\n1. y *j*\n\n   Some words\n   in <kbd>X</kbd> lines\n\n   - a\n2. z\n';
    const edited = editedOnJira(native, (list) => {
      removeFirst(list);
      list?.children[0]?.children.splice(1, 1, ...item('Some new words').children);
    });
    expect(edited).toBe('10. y *j*\n\n    Some new words\n\n    - a\n2. z\n');
  });

  it('has the next one edited, and another comes', () => {
    const native = '1. x\n2. Some words *j*\n   ```sh\n   npm i\n   ```\n3. z *k*\n';
    const edited = editedOnJira(native, (list) => {
      removeFirst(list);
      list?.children[0]?.children.splice(0, 1, ...item('Some new words').children);
      list?.children.push(item('new'));
    });
    expect(edited).toBe('1. Some new words\n   ```sh\n   npm i\n   ```\n3. z *k*\n3. new\n');
  });

  it.each(['', '> '])('has the next one made another block: %j', (margin) => {
    const marked = (text: string) => text.replaceAll(/^/gm, margin);
    const edited = editedOnJira(marked('1. x\n2. Some words\n3. y *j*'), (list) => {
      removeFirst(list);
      list?.children[0]?.children.splice(0, 1, { type: 'code', value: 'Some words' });
    });
    expect(edited).toBe(marked('1. ```\n   Some words\n   ```\n3. y *j*'));
  });

  it('has another one edited', () => {
    const native = '1. x\n2. y *j*\n3. Some words\n';
    const edited = editedOnJira(native, (list) => {
      removeFirst(list);
      list?.children.splice(1, 1, item('Some new words'));
    });
    expect(edited).toBe('1. y *j*\n3. Some new words\n');
  });

  it('has it moved to the end', () => {
    const native = '1. x\n2. y *j*\n3. z\n';
    const edited = editedOnJira(native, (list) => {
      const first = removeFirst(list);
      if (first !== undefined) list?.children.push(first);
    });
    expect(edited).toBe('1. y *j*\n3. z\n3. x\n');
  });
});

describe('a numbered list of GitHub that begins with another number on Jira', () => {
  it.each([
    ['greater', '1. x *i*\n2. y *j*\n', 5, '5. x *i*\n2. y *j*\n'],
    ['less', '5. x *i*\n6. y *j*\n', 1, '1. x *i*\n6. y *j*\n'],
    ['wider', '1. x *i*\n   - q *j*\n\n     r\n2. y\n', 100, '100. x *i*\n     - q *j*\n\n       r\n2. y\n'],
  ])('keeps its items byte for byte: %s', (_, native, start, patched) => {
    const edited = editedOnJira(native, (list) => {
      if (list !== undefined) list.start = start;
    });
    expect(edited).toBe(patched);
  });
});

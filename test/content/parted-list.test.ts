import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { paragraph } from '../cycle/jira-origin.ts';
import { adfContext, markdownContext } from './contexts.ts';

type Edit = (blocks: readonly AdfNode[]) => readonly AdfNode[];

/** The text as it stands on GitHub after an edit of its blocks on Jira, where the list is parted by what its items hold. */
function editedOnJira(native: string, edit: Edit): string {
  const shown = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
  expect(shown.content.length).toBeGreaterThan(1);
  const edited = decodeAdf({ ...shown, content: edit(shown.content) }, adfContext);
  const patched = patchMarkdown(native, edited, markdownContext);
  expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
  return patched;
}

/** The first task of the text done, or open again. */
const ticked =
  (state: 'DONE' | 'TODO'): Edit =>
  (blocks) => {
    const [first, ...others] = blocks;
    const [task, ...tasks] = contentOf(first);
    return first === undefined || task === undefined
      ? blocks
      : [{ ...first, content: [{ ...task, attrs: { localId: '', state } }, ...tasks] }, ...others];
  };

/** An item more in the list of that index. */
const withItem =
  (index: number, place: 'first' | 'last'): Edit =>
  (blocks) =>
    blocks.map((block, at) => {
      if (at !== (index + blocks.length) % blocks.length) return block;
      const { content } = paragraph('new');
      const item: AdfNode =
        block.type === 'taskList'
          ? { type: 'taskItem', attrs: { localId: '', state: 'TODO' }, content }
          : { type: 'listItem', content: [{ type: 'paragraph', content }] };
      return { ...block, content: place === 'first' ? [item, ...contentOf(block)] : [...contentOf(block), item] };
    });

const below = {
  code: '- [ ] a\n\n  ```\n  code\n  ```\n- [ ] b\n',
  items: '* [ ] a\n  * x\n    * y\n* [ ] b\n',
  'a quote': '- [ ] a\n\n  > said\n- [ ] b\n',
  'a paragraph after tasks': '- [ ] a\n  - [ ] c\n\n  after\n- [ ] b\n',
};

describe.each(Object.entries(below))('what stands below a task on GitHub: %s', (_, native) => {
  it('stays there when Jira ticks the task', () => {
    expect(editedOnJira(native, ticked('DONE'))).toBe(native.replace('[ ]', '[x]'));
  });

  it('stays there when Jira opens the task again', () => {
    const done = native.replace('[ ]', '[x]');
    expect(editedOnJira(done, ticked('TODO'))).toBe(native);
  });

  it('stays there when a task comes at the end, or the last one goes', () => {
    const [sign = ''] = native;
    const longer = editedOnJira(native, withItem(-1, 'last'));
    expect(longer.replaceAll(/\n+/g, '\n')).toBe(`${native}${sign} [ ] new\n`.replaceAll(/\n+/g, '\n'));
    const shorter = editedOnJira(native, (blocks) => blocks.slice(0, -1));
    expect(shorter).toBe(native.slice(0, native.lastIndexOf(`\n${sign} `) + 1));
  });

  it('stays there when a task comes before it', () => {
    const [sign = ''] = native;
    const longer = editedOnJira(native, withItem(0, 'first'));
    expect(longer.replaceAll(/\n+/g, '\n')).toBe(`${sign} [ ] new\n${native}`.replaceAll(/\n+/g, '\n'));
  });
});

describe('a list of GitHub that Jira parts', () => {
  it('keeps what its items hold when an item comes, with the next number', () => {
    const native = '1. one\n\n   | t |\n   |---|\n2. two\n';
    expect(editedOnJira(native, withItem(-1, 'last'))).toBe(`${native}3. new\n`);
  });

  it('loses what Jira takes out of an item, and nothing else', () => {
    const native = '- [ ] a\n\n  ```\n  code\n  ```\n\n  > said\n- [ ] b <!-- why -->\n';
    const edited = editedOnJira(native, (blocks) => blocks.filter(({ type }) => type !== 'blockquote'));
    expect(edited).toBe(native.replace('\n\n  > said', ''));
  });

  it('lets a task within a quote be ticked', () => {
    const native = '> - [ ] a\n>   - x\n> - [ ] b\n';
    expect(editedOnJira(native, ticked('DONE'))).toBe(native.replace('[ ]', '[x]'));
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../../src/content/markdown.ts';
import { decodeTextile, encodeTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki } from '../../../src/content/wiki/wiki.ts';
import { constructs, constructsContext, redmineContext } from '../constructs.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const fence = '~~~~~';
const sample = (name: string, text: string): string => `${name}:\n\n${fence}text\n${text}\n${fence}`;

describe('the examples of docs/markup-examples.md', () => {
  it('are what the codecs write', async () => {
    const sections = constructs.map(([title, source]) => {
      const root = decodeMarkdown(source, constructsContext);
      const canonical = canonicalText(root);
      const wiki = encodeWiki(root, wikiContext);
      const textile = encodeTextile(root, textileContext);
      const loses = (read: string): string => (read === canonical ? '' : ' (lowered)');
      return [
        `## ${title}`,
        sample('GitHub Markdown', source),
        sample(`Jira wiki markup${loses(canonicalText(decodeWiki(wiki, wikiContext)))}`, wiki),
        sample(`Textile${loses(canonicalText(decodeTextile(textile, textileContext)))}`, textile),
        sample("Redmine's CommonMark", encodeMarkdown(root, redmineContext)),
      ].join('\n\n');
    });
    const intro =
      'Written by `test/content/markup/examples.test.ts -u`. *Lowered* means that the text reads back as less than it was: docs/markup.md says how.';
    await expect(`# What each construct becomes\n\n${intro}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot(
      '../../../docs/markup-examples.md',
    );
  });
});

import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Root } from 'mdast';
import { describe, expect, it } from 'vitest';
import { defuse } from '../../src/content/defuse.ts';
import { summaryMarkdown } from '../../src/report/summary-markdown.ts';
import { change, eventful, issues, synced } from './sample-outcome.ts';

function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function nodesOf(node: Nodes): readonly Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(nodesOf) : [])];
}

function textOf(node: Nodes): string {
  return nodesOf(node)
    .flatMap((each) => (each.type === 'text' ? each.value : []))
    .join('')
    .replaceAll('\u200B', '');
}

/** The cells of the table under a heading, as a reader sees them. */
function tableUnder(markdown: string, heading: string): readonly (readonly string[])[] {
  const { children } = parse(markdown);
  const at = children.findIndex((node) => node.type === 'heading' && textOf(node) === heading);
  const table = children[at + 1];
  if (table?.type !== 'table') throw new Error(`no table under ${heading}`);
  return table.children.slice(1).map((row) => row.children.map(textOf));
}

const hostileTitles: readonly string[] = [
  '| a | b |',
  'x | y \\| z \\\\| w',
  'one\ntwo\r\n\r\n# three',
  '`code` ``more`` ```fence',
  '<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- hidden',
  '[click](https://evil.example) ![img](https://evil.example/p.png) [ref]: x',
  '@octocat @org/team please look at #12, org/repo#34 and GH-56',
  'https://evil.example/a www.evil.example mail@evil.example',
  '**bold** _em_ ~~gone~~ $math$ ^[note] [^1]',
  '- [ ] task',
  '1. first',
  '&lt;b&gt; &#124; &copy;',
  '::set-output name=x::y',
];

describe('hostile titles', () => {
  for (const title of hostileTitles) {
    it(`shows ${JSON.stringify(title)} as text and nothing else`, () => {
      const markdown = summaryMarkdown(synced([{ changes: [change({ title })] }]));
      const rows = tableUnder(markdown, 'What changed');
      const shown = title.replaceAll(/\s+/g, ' ').replace(/^::/, ': :');
      expect(rows).toEqual([['✚ created', '→ private', 'ACME-1', '#7', 'issue', shown]]);
      const types = nodesOf(parse(markdown)).map((node) => node.type);
      expect(types).not.toContain('html');
      expect(types).not.toContain('image');
      expect(types).not.toContain('inlineCode');
      expect(types).not.toContain('footnoteReference');
      const urls = nodesOf(parse(markdown)).flatMap((node) => (node.type === 'link' ? node.url : []));
      expect(new Set(urls)).toEqual(new Set(['https://acme.atlassian.net/', issues.public.url, issues.private.url]));
    });
  }

  it('stay code among the values of a plan, whatever fence they bring, and secrets in them are hidden', () => {
    const values = [{ field: 'description', before: [...hostileTitles, '```', '~~~'], after: ['my-secret-1 stays home'] }];
    const plan = synced([{ dryRun: true, changes: [change({ action: 'updated', what: 'description', values })] }]);
    const markdown = summaryMarkdown(plan, (text) => text.replaceAll('my-secret-1', '***'));
    const codes = nodesOf(parse(markdown)).flatMap((node) => (node.type === 'code' ? node : []));
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatchObject({ lang: 'diff' });
    expect(codes[0]?.value.split('\n')).toHaveLength(hostileTitles.length + 3);
    expect(codes[0]?.value).toContain('\n+ *** stays home');
    expect(nodesOf(parse(markdown)).map((node) => node.type)).not.toContain('html');
  });

  it('leaves no mention or reference in the text that GitHub sees', () => {
    const markdown = summaryMarkdown(synced([{ changes: [change({ title: 'ask @octocat about #12 and GH-3' })] }]));
    const texts = nodesOf(parse(markdown)).flatMap((node) => (node.type === 'text' ? node.value : []));
    for (const text of texts.filter((each) => each.includes('octocat'))) expect(defuse(text)).toBe(text);
  });

  it('hides what would turn or hide the text of the line', () => {
    const markdown = summaryMarkdown(synced([{ changes: [change({ title: 'safe\u202Eexe.fdp\u2066\u0007 \u{E0041}end' })] }]));
    expect(tableUnder(markdown, 'What changed')[0]?.at(-1)).toBe('safeexe.fdp end');
  });

  it('cuts a long title', () => {
    const title = tableUnder(summaryMarkdown(synced([{ changes: [change({ title: '𝒳'.repeat(500) })] }])), 'What changed')[0]?.at(
      -1,
    );
    expect(title?.length).toBeLessThanOrEqual(120);
    expect(title?.endsWith('𝒳…')).toBe(true);
  });

  it('follows no link but http and https, and lets none leave its brackets', () => {
    const links = {
      public: 'javascript:alert(1)',
      private: 'https://github.example.com/a?b=1&copy=2)|> [x](https://evil.example)',
    };
    const markdown = summaryMarkdown(synced([{ conflicts: [{ issues, field: 'summary', outcome: 'private', links }] }]));
    const urls = nodesOf(parse(markdown)).flatMap((node) => (node.type === 'link' ? node.url : []));
    expect(urls.filter((url) => url.startsWith('javascript'))).toEqual([]);
    expect(urls.filter((url) => new URL(url).host === 'evil.example')).toEqual([]);
    expect(urls.some((url) => url.startsWith('https://github.example.com/a?b=1&copy=2%29%7C%3E'))).toBe(true);
  });
});

describe('sections', () => {
  it('lists every kind of line with what to do next', () => {
    const markdown = summaryMarkdown(synced([eventful]));
    expect(tableUnder(markdown, 'Failed')).toEqual([
      [
        'ACME-1',
        '#7',
        'attachment secret-plan.pdf',
        'secret-plan.pdf is larger than the 10 bytes that this Jira site takes.',
        'Refused for good. It stays a link.',
      ],
    ]);
    expect(tableUnder(markdown, 'Conflicts').map((row) => row.slice(2))).toEqual([
      ['summary', "the public side's value stands", 'public · private'],
      ['description', 'merged: both edits stand', 'public · private'],
    ]);
    expect(tableUnder(markdown, 'What changed').map((row) => row.slice(0, 2))).toEqual([
      ['✚ created', '→ private'],
      ['✎ updated', '← public'],
      ['− removed', '→ private'],
    ]);
    expect(tableUnder(markdown, 'Held')[0]?.[2]).toContain('restricted-comments: sync');
    expect(tableUnder(markdown, 'No longer in step')).toHaveLength(1);
    expect(textOf(parse(markdown))).toContain('4321 of 5000 left');
  });

  it('calls a dry run a plan', () => {
    const markdown = summaryMarkdown(synced([{ ...eventful, dryRun: true }]));
    expect(tableUnder(markdown, 'Plan (nothing was written)')).toHaveLength(3);
    expect(textOf(parse(markdown))).toContain('Dry run, nothing was written');
  });

  it('says that a quiet cycle had nothing to do', () => {
    expect(textOf(parse(summaryMarkdown(synced([{}]))))).toContain('In step: there was nothing to do. 3 twins.');
  });

  it('does not call a connection in step whose removals were stopped', () => {
    const text = textOf(parse(summaryMarkdown(synced([{ guard: '40 removals are asked for' }]))));
    expect(text).not.toContain('In step');
    expect(text).toContain('Removals were stopped: 40 removals are asked for');
  });

  it('adds up the cycles of one run and lists those that did something', () => {
    const markdown = summaryMarkdown(synced([{}, { cycleId: 'c2', changes: [change()] }, { cycleId: 'c3' }]));
    expect(tableUnder(markdown, 'Cycles')).toEqual([['c2', '1 / 0 / 0', '0 / 0 / 0', '5 / 2', '1.5 s']]);
    expect(textOf(parse(markdown))).toContain('3 cycles in this run; 2 had nothing to do.');
    expect(textOf(parse(markdown))).toContain('15 requests, 3 of them writes');
  });

  it('tells that the state was rebuilt, and why', () => {
    const text = textOf(parse(summaryMarkdown(synced([{ start: 'rebuilt', startReason: 'the state is not in the store' }]))));
    expect(text).toContain('rebuilt from both sides (the state is not in the store)');
  });
});

describe('limits', () => {
  it('stays below 1 MiB and counts what it leaves out', () => {
    const wide = change({ title: '|<&'.repeat(40), what: `attachment ${'`'.repeat(600)}` });
    const result = { ...eventful, changes: Array.from({ length: 5_000 }, () => wide) };
    const markdown = summaryMarkdown(synced([result]));
    expect(Buffer.byteLength(markdown)).toBeLessThan(1024 * 1024);
    // Counted by lines: a parser takes long over a summary of this size.
    const shown = markdown.split('\n').filter((line) => line.startsWith('| ✚')).length;
    expect(shown).toBeGreaterThan(100);
    expect(markdown).toContain(`… and ${5_000 - shown} more, left out here`);
    expect(markdown).toContain('4321 of 5000 left');
  });

  it('shows ids alone where the detail is ids', () => {
    const markdown = summaryMarkdown(synced([eventful], 'ids'));
    const text = textOf(parse(markdown));
    expect(text).not.toMatch(/secret|Login|Export|Plans|larger than the 10/);
    expect(text).toContain('ACME-1');
    expect(tableUnder(markdown, 'What changed')[2]?.[4]).toBe('attachment');
  });
});

describe('secrets', () => {
  it('are redacted before escaping could hide them', () => {
    const redact = (text: string): string => text.replaceAll('ghp_secret-1', '***');
    const markdown = summaryMarkdown(synced([{ changes: [change({ title: 'token ghp_secret-1 leaked' })] }]), redact);
    expect(tableUnder(markdown, 'What changed')[0]?.at(-1)).toBe('token *** leaked');
  });
});

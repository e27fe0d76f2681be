import { describe, expect, it } from 'vitest';
import type { FileLine } from '../../../src/sides/side.ts';
import { githubAddresses } from '../../../src/sides/github/addresses.ts';
import { attachmentLinks, copyId } from '../../../src/sides/github/attachment-links.ts';
import { joinBody, splitBody } from '../../../src/sides/marked-body.ts';
import { fileLinesOf, fileLineTargets, sizeText } from '../../../src/sides/github/files-footer.ts';

const links = attachmentLinks({
  addresses: githubAddresses('https://github.com'),
  filesRepository: { owner: 'acme', name: 'app' },
  branch: 'sallyport/c1',
});

function file(more: Partial<FileLine>): FileLine {
  return { name: 'plan.pdf', size: 2048, attachmentId: copyId('1/2/plan.pdf'), link: undefined, ...more };
}

function linesOf(files: readonly FileLine[], content = '', lengthMax = 10_000): readonly string[] {
  return fileLinesOf(files, { links, content, lengthMax });
}

describe('the list of files', () => {
  it('links stored files with their size and shows stored images', () => {
    const lines = linesOf([file({}), file({ name: 'a.png', attachmentId: copyId('1/3/a.png') })]);
    expect(lines[0]).toMatch(/^- \[plan\.pdf\]\(https:\/\/github\.com\/acme\/app\/raw\/.*\/1\/2\/plan\.pdf\) \(2\.0 KB\) <!--/);
    expect(lines[1]).toMatch(/^!\[a\.png\]\(https:.*\/1\/3\/a\.png\) <!--/);
  });

  it('leaves out an image that the text shows', () => {
    const image = file({ name: 'a.png', attachmentId: copyId('1/3/a.png') });
    expect(linesOf([image], `see ![x](${links.urlOf(copyId('1/3/a.png'))})`)).toEqual([]);
  });

  it('links what was not copied to the original, with the reason', () => {
    const lines = linesOf([
      file({ attachmentId: undefined, link: { url: 'https://acme.atlassian.net/a/1', reason: 'larger than 100 MB' } }),
    ]);
    expect(lines[0]).toContain('[plan.pdf](https://acme.atlassian.net/a/1) (2.0 KB, larger than 100 MB)');
  });

  it('leaves out what has neither copy nor a link that a browser should follow', () => {
    expect(
      linesOf([
        file({ attachmentId: undefined }),
        file({ attachmentId: undefined, link: { url: 'javascript:alert(1)', reason: '' } }),
      ]),
    ).toEqual([]);
  });

  it('comes back with its targets, however the files are named', () => {
    const names = [
      'a](b).pdf',
      '@team #1.pdf',
      '<b>x</b>.pdf',
      'a\\b*c_.pdf',
      '`x`.pdf',
      '<!-- sallyport:x.y -->.pdf',
      'x\ny.pdf',
    ];
    const files = names.map((name, index) => file({ name, attachmentId: copyId(`1/${index}/f.pdf`) }));
    const body = joinBody({ content: 'Text', fileLines: linesOf(files), marks: ['t.s'] });
    const parts = splitBody(body);
    expect(parts).toMatchObject({ content: 'Text', marks: ['t.s'] });
    expect(fileLineTargets(parts.fileLines).map(({ url }) => links.idOf(url))).toEqual(
      files.map(({ attachmentId }) => attachmentId),
    );
    expect(body).not.toMatch(/@team|#1\.pdf/);
  });

  it('counts what is too much for the body', () => {
    const files = Array.from({ length: 300 }, (_, index) => file({ attachmentId: copyId(`1/${index}/f.pdf`) }));
    const lines = linesOf(files, '', 2000);
    expect(lines.join('\n').length).toBeLessThan(2200);
    expect(lines.at(-1)).toContain('more');
  });

  it.each([
    [undefined, undefined],
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1536, '1.5 KB'],
    [104_857_600, '100 MB'],
  ])('writes %s bytes as %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

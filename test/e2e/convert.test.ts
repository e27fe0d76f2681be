import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { oldestNode } from './runner.ts';

const root = resolve(import.meta.dirname, '../..');

/** The bundle, as a person starts it, on the oldest Node. */
function convert(words: readonly string[], input = '') {
  const end = spawnSync(oldestNode(), [join(root, 'dist/cli.js'), 'convert', ...words], { input, encoding: 'utf8', cwd: root });
  return { exitCode: end.status, stdout: end.stdout, stderr: end.stderr };
}

test('convert reads standard input, writes standard output, and says nothing else', () => {
  expect(convert(['--from', 'github', '--to', 'wiki'], '# Title\n\n**bold**\n')).toEqual({
    exitCode: 0,
    stdout: 'h1. Title\n\n*bold*\n',
    stderr: '',
  });
  const json = convert(['--from', 'wiki', '--to', 'github', '--json'], 'h1. Title');
  expect(JSON.parse(json.stdout)).toEqual({ text: '# Title' });
});

test('convert --check tells of the documents of this repository that they survive', () => {
  const end = convert(['--check', 'README.md', 'CHANGELOG.md', 'docs/rules.md']);
  expect(end.stdout).toBe(
    ['README.md', 'CHANGELOG.md', 'docs/rules.md'].map((path) => `survives  ${path} (github, adf, github)\n`).join(''),
  );
  expect(end.exitCode).toBe(0);
});

test.each(['a\n', 'a', '* a\r\n* b\r\n\r\n'])('convert --onto an unedited text gives its very bytes: %j', (native) => {
  const path = join(mkdtempSync(join(tmpdir(), 'convert-')), 'native.md');
  writeFileSync(path, native);
  expect(convert(['--from', 'github', '--to', 'github', '--onto', path], native)).toEqual({
    exitCode: 0,
    stdout: native,
    stderr: '',
  });
});

test('convert says what is wrong with its flags, and exits 2', () => {
  expect(convert(['--form', 'adf'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^convert: Unknown option '--form'\. Its flags/),
  });
  expect(convert(['--from', 'adf', '--to', 'github'], '{')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/this is no JSON/),
  });
  const json = convert(['--from', 'adf', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { kind: 'configuration' } });
  const help = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'convert', '--help'], { encoding: 'utf8' });
  expect(help.stdout).toMatch(/convert \[FILE…\][^]*--from FORM[^]*--to FORM/);
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = ['.github/workflows', 'examples/workflows'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);

/** What a workflow would let a stranger do; forms are for `npm run lint:workflows`. */
function dangersIn(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, ''));
  const has = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  const dangers: string[] = [];
  if (has(/^ {2}(?:pull_request_target|workflow_run|issue_comment|issues):/))
    dangers.push('starts with rights for what strangers do');
  // The job's own token is no secret of the repository: from a fork it reads alone.
  if (has(/^ {2}pull_request:/) && has(/secrets\.(?!GITHUB_TOKEN)/)) dangers.push('gives a secret to the code of a pull request');
  if (has(/^ {2}pull_request:/) && has(/self-hosted/)) dangers.push('runs the code of a pull request inside the network');
  // `uses: ./` is the checkout itself; the examples name Sallyport by its major version, as README.md tells.
  for (const [line] of text.matchAll(/^\s*- uses: .*$/gm)) {
    const [, action = ''] = /uses: (\S+)/.exec(line) ?? [];
    if (action !== './' && !/\/sallyport@/.test(action) && !/@[0-9a-f]{40}$/.test(action))
      dangers.push(`${action} is not pinned`);
  }
  const isTop = has(/^permissions:/);
  if (!isTop) dangers.push('leaves the permissions of the token to the repository');
  if (has(/^permissions: (?:write-all|read-all)/)) dangers.push('gives the token all permissions');
  // An expression in a script is pasted into it before the shell reads it.
  let runIndent: number | undefined;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent === -1) continue;
    if (runIndent !== undefined && indent <= runIndent) runIndent = undefined;
    const isRun = /^\s*(?:- )?run:/.test(line);
    if ((isRun || runIndent !== undefined) && /\$\{\{\s*(?:inputs|github\.event|github\.head_ref|github\.ref_name)\b/.test(line))
      dangers.push(`pastes an input into a script: ${line.trim()}`);
    if (isRun) runIndent = indent;
  }
  return dangers;
}

describe.each(files)('%s', (file) => {
  test('lets no stranger in', () => {
    expect(dangersIn(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });
});

const safe = `on:
  schedule:
    - cron: '*/5 * * * *'
permissions: {}
jobs:
  sync:
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
      - run: |
          npm ci
`;

test.each([
  ['strangers', safe.replace('schedule:', 'pull_request_target:'), 'starts with rights'],
  ['secrets in pull requests', `${safe.replace('schedule:', 'pull_request:')}      - env: { A: secrets.B }\n`, 'gives a secret'],
  [
    'pull requests inside the network',
    `${safe.replace('schedule:', 'pull_request:')}    runs-on: self-hosted\n`,
    'inside the network',
  ],
  ['an action by its tag', safe.replace(/@[0-9a-f]{40}/, '@v6'), 'is not pinned'],
  ['permissions that are not said', safe.replace('permissions: {}\n', ''), 'leaves the permissions'],
  ['an input in a script', safe.replace('npm ci', 'echo ${{ inputs.name }}'), 'pastes an input'],
])('the check finds %s', (_what, text, danger) => {
  expect(dangersIn(safe)).toEqual([]);
  expect(dangersIn(text)).toEqual([expect.stringContaining(danger)]);
});

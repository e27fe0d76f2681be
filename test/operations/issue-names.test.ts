import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import type { RawInputs } from '../../src/config/inputs.ts';
import { directiveOf } from '../../src/operations/issue-names.ts';

const publicSide = { siteUrl: 'https://acme.atlassian.net', project: { id: '10000', key: 'ACME', name: 'Acme' } };

const github: RawInputs = { project: 'acme/app', 'tracker-token': 'ghp_1', 'tracker-url': 'https://ghes.example.com' };
const jiraDc: RawInputs = {
  tracker: 'jira-dc',
  project: 'APP',
  'tracker-token': 'pat-1',
  'tracker-url': 'https://jira.example.com/jira',
};
const redmine: RawInputs = {
  tracker: 'redmine',
  project: 'app',
  'tracker-token': 'key-1',
  'tracker-url': 'https://redmine.example.com',
  'text-format': 'textile',
};

function named(issues: string, tracker: RawInputs, project = publicSide.project): readonly string[] {
  const config = parseConfig(
    { operation: 'push', issues, 'invitation-code': 'code', ...tracker },
    { serverUrl: 'https://github.com', repository: '', token: '' },
  );
  const directive = directiveOf(config, { ...publicSide, project });
  return directive?.issues.map(({ side, key }) => `${side} ${key}`) ?? [];
}

describe('names of issues', () => {
  test('are taken as people write them', () => {
    expect(
      named(
        'acme-12, #3 acme/app#4;5 https://acme.atlassian.net/browse/ACME-6 https://ghes.example.com/acme/app/issues/7#issuecomment-1',
        github,
      ),
    ).toEqual(['public ACME-12', 'private 3', 'private 4', 'private 5', 'public ACME-6', 'private 7']);
    expect(named('https://acme.atlassian.net/jira/software/projects/ACME/boards/1?selectedIssue=ACME-8', github)).toEqual([
      'public ACME-8',
    ]);
    expect(named('ACME-1 APP-2 https://jira.example.com/jira/browse/APP-3', jiraDc)).toEqual([
      'public ACME-1',
      'private APP-2',
      'private APP-3',
    ]);
    expect(named('ACME-1 #2 3 https://redmine.example.com/issues/4', redmine)).toEqual([
      'public ACME-1',
      'private 2',
      'private 3',
      'private 4',
    ]);
  });

  test.each([
    { issues: 'nonsense', tracker: github, message: /nonsense is no issue of either side; write ACME-12, #12 or its address/ },
    { issues: 'other/app#4', tracker: github, message: /of another repository than acme\/app/ },
    { issues: 'https://ghes.example.com/other/app/issues/4', tracker: github, message: /of another repository than acme\/app/ },
    { issues: 'https://ghes.example.com/acme/app/pull/4', tracker: github, message: /is a pull request/ },
    {
      issues: 'https://elsewhere.example.com/browse/ACME-1',
      tracker: github,
      message: /is the address of no issue at https:\/\/acme/,
    },
    { issues: '12', tracker: jiraDc, message: /12 may be an issue of either Jira; write its key or its address/ },
    { issues: '#12', tracker: jiraDc, message: /#12 is no key of a Jira issue; write one such as APP-12/ },
    { issues: 'XYZ-1', tracker: jiraDc, message: /XYZ-1 is of neither project \(ACME at .*APP at / },
    { issues: 'acme/app#4', tracker: redmine, message: /acme\/app#4 names a repository; write #4/ },
    { issues: 'nonsense #0', tracker: github, message: /nonsense is no issue.*#0 is no issue/ },
  ])('that are none, or not clear, are refused: $issues', ({ issues, tracker, message }) => {
    expect(() => named(issues, tracker)).toThrow(message);
  });

  test('that both projects may have are refused, and their addresses taken', () => {
    const project = { ...publicSide.project, key: 'APP' };
    expect(() => named('APP-1', jiraDc, project)).toThrow(/may be an issue of either Jira, whose projects have the same key/);
    expect(named('https://jira.example.com/jira/browse/APP-1', jiraDc, project)).toEqual(['private APP-1']);
  });
});

test.each([
  { raw: { operation: 'push' }, message: /issues is missing: which issues to push/ },
  { raw: { operation: 'connect', issues: 'ACME-1' }, message: /connect takes two issues, one of each side/ },
  { raw: { operation: 'unlink', issues: '  ,' }, message: /issues is missing: which issues to unlink/ },
])('$raw.operation says which issues it wants', ({ raw, message }) => {
  expect(() =>
    parseConfig({ ...github, 'invitation-code': 'code', ...raw }, { serverUrl: 'https://github.com', repository: '', token: '' }),
  ).toThrow(message);
});

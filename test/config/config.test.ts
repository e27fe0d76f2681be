import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { invitationProblem } from '../../src/invitation/decode-invitation.ts';

const platform = { serverUrl: 'https://github.com', repository: 'acme/app', token: 'job-token-of-the-runner' };

describe('problems are told all at once', () => {
  test('what is wrong with the code beside what is missing', () => {
    const raw = { operation: 'sync', 'invitation-code': 'sallyport1.AAAA.BBBB', project: 'no repository' };
    expect(() => parseConfig(raw, { ...platform, codeProblem: invitationProblem })).toThrow(
      /^Inputs: 2 problems:\n- project: [^]*\n- invitation code: [^\n]+$/,
    );
  });

  test('a good answer about the code adds nothing', () => {
    const raw = { operation: 'sync', 'invitation-code': 'a code', project: 'no repository' };
    expect(() => parseConfig(raw, { ...platform, codeProblem: () => undefined })).toThrow(/^Inputs: project: [^\n]+$/);
  });

  test('half of the Jira credentials, of which the account is one and the token the other', () => {
    const raw = { operation: 'status', 'invitation-code': 'a code', 'jira-email': 'ada@acme.example' };
    expect(() => parseConfig(raw, platform)).toThrow(
      'jira-token is missing: jira-email is given (as an input, by --jira-email or in SALLYPORT_JIRA_EMAIL)',
    );
    const left = { operation: 'status', 'invitation-code': 'a code', 'jira-token': 'left-over-token' };
    const message = problemOf(() => parseConfig(left, platform));
    expect(message).toContain('by --jira-token or in SALLYPORT_JIRA_TOKEN');
    expect(message).toContain('or take jira-token away');
    expect(message).not.toContain('left-over-token');
  });

  test('the list for a firewall needs no half of them', () => {
    const raw = { operation: 'doctor', 'jira-token': 'left-over-token' };
    expect(() => parseConfig(raw, platform)).toThrow('SALLYPORT_JIRA_TOKEN');
    expect(parseConfig({ ...raw, hosts: 'true' }, platform).health.hosts).toBe(true);
  });
});

describe('a password that somebody wrote into an address', () => {
  test.each(['https://bob:hunter2@acme.atlassian.net', 'bob:hunter2@acme.atlassian.net', 'https://hunter2@acme.atlassian.net/x'])(
    'is not shown: %s',
    (address) => {
      const raw = { operation: 'initiate', 'jira-url': address, 'tracker-url': address, project: address };
      const message = problemOf(() => parseConfig(raw, platform));
      expect(message).toContain('jira-url: "');
      expect(message).toContain('***@acme.atlassian.net');
      expect(message).not.toMatch(/hunter2|bob/);
    },
  );
});

/** What a call complains about; the empty text where it does not. */
function problemOf(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('save-secret', () => {
  const raw = { operation: 'accept', 'invitation-code': 'a code' };

  test.each([
    ['true', 'SALLYPORT_INVITATION'],
    ['false', ''],
    ['', ''],
    ['MY_CODE', 'MY_CODE'],
  ])('%s saves the code as "%s"', (given, name) => {
    expect(parseConfig({ ...raw, 'save-secret': given }, platform).saveSecret).toBe(name);
  });
});

describe('with tracker redmine', () => {
  const given = {
    operation: 'sync',
    'invitation-code': 'a code',
    tracker: 'redmine',
    'tracker-url': 'https://tools.example.com/redmine/',
    project: 'my-project',
    'tracker-token': 'key',
    'text-format': 'commonmark',
  };

  test('keeps the path, the identifier as it is, and the format', () => {
    expect(parseConfig(given, platform).tracker).toMatchObject({
      kind: 'redmine',
      url: 'https://tools.example.com/redmine',
      projectKey: 'my-project',
      textFormat: 'commonmark',
    });
  });

  test('says at once all that is missing, and what is wrong', () => {
    const bare = { operation: 'sync', 'invitation-code': 'a code', tracker: 'redmine' };
    expect(() => parseConfig(bare, platform)).toThrow(
      /4 problems:[^]*tracker-url[^]*project[^]*tracker-token[^]*text-format is missing/,
    );
    expect(() => parseConfig({ ...given, 'text-format': 'markdown' }, platform)).toThrow(/text-format: "markdown" is not one of/);
    expect(() => parseConfig({ ...given, project: 'My Project' }, platform)).toThrow(/not the identifier of a Redmine project/);
  });
});

import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import type { RawInputs } from '../../src/config/inputs.ts';

const platform = { serverUrl: 'https://github.com', repository: 'acme/app', token: 'job-token-of-the-runner' };
const given: RawInputs = {
  operation: 'sync',
  'invitation-code': 'code',
  tracker: 'jira-dc',
  'tracker-url': 'https://jira.corp.example/jira/',
  project: 'app',
  'tracker-token': 'pat',
};

describe('with tracker jira-dc', () => {
  test('keeps the context path and writes the key of the project as Jira does', () => {
    expect(parseConfig(given, platform).tracker).toMatchObject({
      kind: 'jira-dc',
      url: 'https://jira.corp.example/jira',
      projectKey: 'APP',
      token: 'pat',
    });
  });

  test('says at once all that is missing, and has no default that would tell a job token to a Jira', () => {
    const bare: RawInputs = { operation: 'sync', 'invitation-code': 'code', tracker: 'jira-dc' };
    expect(() => parseConfig(bare, platform)).toThrow(/3 problems:[^]*tracker-url[^]*project[^]*tracker-token/);
    expect(parseConfig({ operation: 'status', 'invitation-code': 'code', tracker: 'jira-dc' }, platform).tracker.token).toBe('');
  });

  test('refuses inputs that are for GitHub alone', () => {
    const wrong: RawInputs = { ...given, 'app-id': '1', 'app-private-key': 'key', 'attachments-repository': 'acme/files' };
    expect(() => parseConfig(wrong, platform)).toThrow(/app-id[^]*attachments-repository/);
    expect(() => parseConfig({ ...given, 'save-secret': 'CODE' }, platform)).toThrow(/save-secret/);
    expect(() => parseConfig({ ...given, project: 'acme/app' }, platform)).toThrow(/not the key of a Jira project/);
  });
});

import { describe, expect, it } from 'vitest';
import { showsCode } from '../../src/report/outcome.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { basicRulesText } from '../../src/core/rules-text.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { summaryMarkdown } from '../../src/report/summary-markdown.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { card, statusOutcome } from './sample-outcome.ts';

const checks = [
  { name: 'site', outcome: 'passed' as const, detail: 'https://acme.atlassian.net is Jira Cloud', next: undefined },
  { name: 'permissions', outcome: 'warning' as const, detail: 'lacks Edit all comments', next: 'Grant it.' },
];
const initiated: Extract<Outcome, { kind: 'initiated' }> = {
  kind: 'initiated',
  dryRun: false,
  card: { ...card, status: 'Pending', destination: 'unknown' },
  code: 'sallyport1s.abc-def_ghi.jkl',
  passphrase: 'correct-horse-battery',
  savedAs: undefined,
  expiresAt: 1_800_000_000_000,
  checks,
};

describe('initiate', () => {
  it('shows the code in a fence of its own, exactly as it is to be copied', () => {
    const markdown = summaryMarkdown(initiated);
    expect(markdown).toContain('```text\nsallyport1s.abc-def_ghi.jkl\n```');
    expect(markdown).toContain('```text\ncorrect-horse-battery\n```');
    expect(summaryText(initiated).split('\n')).toContain('sallyport1s.abc-def_ghi.jkl');
  });

  it('shows no code that was saved as a secret', () => {
    const saved = { ...initiated, code: undefined, passphrase: undefined, savedAs: 'SALLYPORT_INVITATION' };
    for (const text of [summaryMarkdown(saved), summaryText(saved), JSON.stringify(reportJson(saved))]) {
      expect(text).not.toContain('sallyport1s');
      expect(text.replaceAll('&#95;', '_')).toContain('SALLYPORT_INVITATION');
    }
  });

  it('says how to go on, and until when', () => {
    expect(summaryText(initiated)).toContain(new Date(initiated.expiresAt).toISOString());
    expect(summaryText(initiated)).toContain('⚠ permissions: lacks Edit all comments → Grant it.');
  });
});

const reissued: Extract<Outcome, { kind: 'reissued' }> = {
  kind: 'reissued',
  card,
  dryRun: false,
  stage: 'begun',
  code: 'sallyport1s.abc.def',
  passphrase: undefined,
  savedAs: undefined,
  expiresAt: 0,
  left: 0,
  failures: [],
};

it('shows the code of a reissue, and how many issues are left of one that is not finished', () => {
  expect(showsCode(reissued)).toBe(true);
  expect(summaryText(reissued)).toContain('sallyport1s.abc.def');
  const unfinished: Outcome = { ...reissued, stage: 'unfinished', code: undefined, left: 3 };
  expect(showsCode(unfinished)).toBe(false);
  expect(summaryText(unfinished)).toContain('3 issues are left');
  expect(reportJson(unfinished)).toMatchObject({ operation: 'reissued', stage: 'unfinished', left: 3, code: null });
});

it('shows status, switches and accepted invitations in both forms', () => {
  const outcomes: readonly Outcome[] = [
    statusOutcome(),
    { kind: 'switched', dryRun: false, card: { ...card, status: 'Deactivated' }, side: 'private', pausedBy: ['private'] },
    { kind: 'revoked', card: { ...card, status: 'Revoked' }, dryRun: false, wasRevoked: false },
    { kind: 'revoked', card, dryRun: true, wasRevoked: false },
    { ...reissued, stage: 'replaced' },
    { ...reissued, stage: 'begun' },
    { ...reissued, stage: 'begun', dryRun: true, code: undefined },
    { ...reissued, stage: 'unfinished', code: undefined, left: 3 },
    { ...reissued, stage: 'finished', code: undefined, savedAs: 'SALLYPORT_INVITATION' },
    { kind: 'revoked', card: { ...card, status: 'Revoked' }, dryRun: false, wasRevoked: true },
    { kind: 'switched', dryRun: true, card: { ...card, status: 'Deactivated' }, side: 'private', pausedBy: ['private'] },
    { kind: 'accepted', dryRun: false, card, checks, savedAs: undefined, wasAccepted: false },
    { kind: 'accepted', dryRun: true, card, checks, savedAs: undefined, wasAccepted: false },
  ];
  for (const outcome of outcomes) {
    expect(summaryText(outcome)).toContain('Acme support');
    expect(summaryMarkdown(outcome)).toContain('Acme support');
  }
});

it('shows the rules as they are written', () => {
  const rules: Outcome = { kind: 'rules', text: basicRulesText() };
  expect(summaryText(rules)).toBe(basicRulesText());
  expect(summaryMarkdown(rules)).toBe(basicRulesText());
});

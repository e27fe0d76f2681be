import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { workflowFile } from '../../src/console/workflow-file.ts';
import { createDesk, secrets, signIn, trackerFields } from './desk.ts';
import type { Desk } from './desk.ts';

/** Pasted into a console of its own, as the private side's admin would. */
async function pasted(desk: Desk): Promise<{ draft: string; code: string; passphrase: string }> {
  await signIn(desk);
  const initiated = await desk.work('/initiate', { project: 'ACME' });
  const id = /\/initiated\/([a-z0-9]{10})\//.exec(await initiated.text())?.[1] ?? '';
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const passphrase = await (await desk.post(`/initiated/${id}/passphrase`)).text();
  const draft = (await desk.post('/accept', { code, passphrase })).headers.get('location') ?? '';
  return { draft, code, passphrase };
}

test('the forms of the secrets show each by itself where there is no script, the workflow file among what can be selected', async () => {
  const desk = await createDesk();
  const { draft, code, passphrase } = await pasted(desk);
  await desk.work(`${draft}/check`, trackerFields);
  const page = await (await desk.work(`${draft}/confirm`)).text();
  expect(page).toContain(`action="${draft}/show"`);
  expect(page).toMatch(/<textarea id="workflow"[^>]*readonly/);
  for (const [name, value] of [
    ['SALLYPORT_INVITATION', code],
    ['SALLYPORT_PASSPHRASE', passphrase],
    ['SALLYPORT_TRACKER_TOKEN', secrets.githubToken],
  ] as const) {
    expect(page).toContain(`name="secret" value="${name}"`);
    const answer = await desk.post(`${draft}/show`, { secret: name });
    const shown = await answer.text();
    expect(answer.status).toBe(200);
    expect(shown).toContain(`>${value}</pre>`);
    for (const other of [code, passphrase, secrets.githubToken].filter((one) => one !== value))
      expect(shown).not.toContain(other);
  }
  expect((await desk.post(`${draft}/show`, { secret: 'SALLYPORT_JIRA_TOKEN' })).status).toBe(404);
  expect((await desk.post('/accept/000000/show', { secret: 'SALLYPORT_INVITATION' })).status).toBe(404);
  // Not before it is accepted.
  const fresh = await desk.reopen();
  const other = (await fresh.post('/accept', { code, passphrase })).headers.get('location') ?? '';
  expect((await fresh.post(`${other}/show`, { secret: 'SALLYPORT_INVITATION' })).headers.get('location')).toBe(other);
});

const appKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

test('the workflow file takes what the console was started with, and an app in place of a token', async () => {
  const jql = "labels = 'web'";
  const desk = await createDesk({ 'app-id': '77', 'app-private-key': appKey, 'public-trigger': jql });
  desk.github.addApp({ slug: 'gate', appId: 77, repositories: ['acme/app'], access: { issues: 'write', contents: 'write' } });
  const { draft } = await pasted(desk);
  const form = await (await desk.get(draft)).text();
  expect(/<input[^>]*id="tracker-token"[^>]*>/.exec(form)?.[0]).not.toContain('required');
  expect(form).toContain('Not needed: the console was given a GitHub App');
  const { 'tracker-token': _, ...fields } = trackerFields;
  const checks = await (await desk.work(`${draft}/check`, fields)).text();
  expect(checks).toContain(`${draft}/confirm`);
  const page = await (await desk.work(`${draft}/confirm`)).text();
  for (const line of [
    'app-id: &#39;77&#39;',
    'app-private-key: ${{ secrets.SALLYPORT_APP_PRIVATE_KEY }}',
    'public-trigger: &#39;labels = &#39;&#39;web&#39;&#39;&#39;',
  ])
    expect(page).toContain(line);
  expect(page).not.toContain('tracker-token:');
  expect(page).not.toContain('PRIVATE KEY-----');
  expect(await (await desk.post(`${draft}/secret/SALLYPORT_APP_PRIVATE_KEY`)).text()).toBe(appKey);
});

test('a workflow file names every input that the checks used, and no default', () => {
  const text = workflowFile({
    'invitation-code': 'x',
    'ca-file': '/etc/ssl/corp.pem',
    attachments: 'list-only',
    'restricted-comments': 'sync',
    'private-trigger': 'sync',
  });
  expect(text).toContain("          ca-file: '/etc/ssl/corp.pem'\n");
  expect(text).toContain("          attachments: 'list-only'\n");
  expect(text).not.toMatch(/restricted-comments|private-trigger/);
});

test('the page says where the place of Sallyport goes, whole and beside the file', async () => {
  const desk = await createDesk();
  const { draft } = await pasted(desk);
  await desk.work(`${draft}/check`, trackerFields);
  const page = await (await desk.work(`${draft}/confirm`)).text();
  const note = /<div class="note note-warning"><p>([^<]*)<\/p>/.exec(page)?.[1] ?? '';
  expect(note).toContain('sallyport/sallyport@v0');
  expect(note).toContain('owner/repository@commit');
  const lines = workflowFile({}).split('\n');
  expect(lines.filter((line) => line.startsWith('#')).join(' ')).toContain('owner/repository@commit');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(84);
});

test('the code that the console was started with is taken where both fields are empty, and is in no page', async () => {
  const desk = await createDesk();
  const { code, passphrase } = await pasted(desk);
  const fresh = await desk.reopen({ 'invitation-code': `"${code}"\n`, passphrase });
  const form = await (await fresh.get('/accept')).text();
  expect(form).toContain('This console was started with an invitation code.');
  expect(/<textarea id="code"[^>]*>/.exec(form)?.[0]).not.toContain('required');
  const draft = (await fresh.post('/accept', { code: '', passphrase: '' })).headers.get('location') ?? '';
  expect(draft).toMatch(/^\/accept\/[0-9a-f]+$/);
  const pages = [form, await (await fresh.get(draft)).text(), await (await fresh.work(`${draft}/check`, trackerFields)).text()];
  pages.push(await (await fresh.work(`${draft}/confirm`)).text());
  expect(pages.at(-1)).toContain('Invitation accepted');
  for (const page of pages) for (const secret of [code, passphrase]) expect(page).not.toContain(secret);
  expect(await (await fresh.post(`${draft}/secret/SALLYPORT_INVITATION`)).text()).toBe(code);
});

test('it opens its own connection, and acts on no other one', async () => {
  const desk = await createDesk();
  desk.jira.people.addProject({ key: 'NEXT', name: 'Next' });
  const { draft, code, passphrase } = await pasted(desk);
  const own = /connections\/([a-z0-9]{10})/.exec(await (await desk.get('/')).text())?.[1] ?? '';
  const initiated = await (await desk.work('/initiate', { project: 'NEXT', name: 'The other' })).text();
  const other = /\/initiated\/([a-z0-9]{10})\//.exec(initiated)?.[1] ?? '';
  expect([draft, own, other].every((part) => part !== '')).toBe(true);
  const fresh = await desk.reopen({ 'invitation-code': code, passphrase });
  await signIn(fresh);
  const page = await (await fresh.get(`/connections/${other}`)).text();
  expect(page).toContain('The other');
  await fresh.work(`/connections/${other}/actions/revoke`, { confirm: 'revoke' });
  expect(await (await fresh.get(`/connections/${other}`)).text()).toContain('status-revoked');
  const mine = await (await fresh.get(`/connections/${own}`)).text();
  expect(mine).toContain('status-pending');
  expect(/<textarea id="code"[^>]*>/.exec(mine)?.[0]).not.toContain('required');
  expect(mine).not.toContain(code);
  expect((await fresh.post(`/connections/${own}/code`)).status).toBe(303);
});

test('a wrong passphrase keeps the code that was pasted, out of the page, for another try', async () => {
  const desk = await createDesk();
  const { code, passphrase } = await pasted(desk);
  const fresh = await desk.reopen();
  const page = await (await fresh.post('/accept', { code, passphrase: 'not the passphrase of it' })).text();
  expect(page).toContain('the passphrase does not open it');
  expect(page).toContain('The code that you pasted is kept');
  expect(page).not.toContain(code);
  expect(/<textarea id="code"[^>]*>/.exec(page)?.[0]).not.toContain('required');
  expect(await (await fresh.post('/accept', { passphrase: 'wrong once more, too' })).text()).toContain('is kept');
  const again = await fresh.post('/accept', { passphrase });
  expect(again.headers.get('location')).toMatch(/^\/accept\/[0-9a-f]+$/);
  // It was read: the next paste is another invitation's.
  expect(await (await fresh.post('/accept', { passphrase })).text()).toContain('it is empty');
  // What is no whole code is not kept.
  expect(await (await fresh.post('/accept', { code: code.slice(0, -40), passphrase })).text()).not.toContain('is kept');
});

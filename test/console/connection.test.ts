import { describe, expect, it, test } from 'vitest';
import { connectionPage } from '../../src/console/pages/connection-page.tsx';
import { twinPage, twinsCsv } from '../../src/console/twin-page.ts';
import type { TwinRow } from '../../src/report/status-report.ts';
import { connectDesk, createDesk, secrets, signIn, trackerFields } from './desk.ts';
import type { Desk } from './desk.ts';

const twin = (number: number, title = `Issue number ${number}`): TwinRow => ({
  public: { key: `ACME-${number}`, url: `https://acme.atlassian.net/browse/ACME-${number}` },
  private: { key: `#${number}`, url: `https://github.example.com/acme/app/issues/${number}` },
  origin: number % 2 === 0 ? 'public' : 'private',
  title,
});

describe('twins', () => {
  const twins = Array.from({ length: 10_000 }, (_, index) => twin(index + 1));

  it('come in pages of fifty, with both links', () => {
    const first = twinPage(twins, { query: '', number: 1 });
    expect(first).toMatchObject({ from: 1, to: 50, found: 10_000 });
    expect(first.rows).toHaveLength(50);
    expect(twinPage(twins, { query: '', number: 200 })).toMatchObject({ from: 9951, to: 10_000 });
    for (const number of [0, -3, Number.NaN, 1.5]) expect(twinPage(twins, { query: '', number }).number).toBe(1);
    expect(twinPage(twins, { query: '', number: 1e9 }).number).toBe(200);
    expect(twinPage([], { query: 'x', number: 7 })).toMatchObject({ from: 0, to: 0, found: 0, rows: [] });
  });

  it('are found by key and by title, in either case', () => {
    expect(twinPage(twins, { query: 'acme-777 ', number: 1 }).rows.map((row) => row.public.key)).toContain('ACME-777');
    expect(twinPage(twins, { query: 'NUMBER 4242', number: 1 }).found).toBe(1);
    expect(twinPage(twins, { query: '#9999', number: 1 }).found).toBe(1);
  });

  it('make one small page, however many there are', () => {
    const page = connectionPage(
      { csrf: 'x' },
      {
        connectionId: 'abcdefghij',
        listed: undefined,
        held: undefined,
        hasTracker: false,
        isIssued: false,
        isCodeGiven: false,
        isCodeKept: false,
        typed: new Map(),
        rules: '',
        problem: undefined,
        twins: twinPage(twins, { query: 'issue', number: 3 }),
        status: {
          kind: 'status',
          card: {
            connectionId: 'abcdefghij',
            name: 'Acme',
            status: 'Active',
            site: 'https://acme.atlassian.net',
            project: 'ACME',
            destination: 'acme/app',
          },
          detail: 'full',
          facts: [],
          counts: { twins: 10_000, retry: 1, parked: 1 },
          problems: [],
          cycles: [],
          budgets: [{ side: 'private', limit: 5000, remaining: 4000, at: 0 }],
          notices: [],
          stale: undefined,
          state: {
            kind: 'read',
            twins,
            retry: [{ ...twin(1), side: 'public', issue: 'ACME-1', reason: '<b>502</b>', attempts: 2, since: 0, next: 0 }],
            parked: [{ ...twin(2), what: 'description', reason: 'too long', at: 0 }],
          },
        },
      },
    );
    expect(page).toContain('101–150 of 10000');
    expect(page).toContain('Its later changes wait behind it.');
    expect(page).toContain('description stays as it is until it changes again.');
    expect(page).toContain('&lt;b&gt;502');
    expect(page).toContain('4000 of 5000 left');
    expect(page.length).toBeLessThan(60_000);
  });

  it('are a CSV that no spreadsheet takes for formulas', () => {
    const text = twinsCsv([twin(1, '=HYPERLINK("https://evil")'), twin(2, 'with "quotes", commas\nand lines')]);
    expect(text.split('\r\n')[0]).toBe('public,public address,private,private address,origin,title');
    expect(text).toContain(`"'=HYPERLINK(""https://evil"")"`);
    expect(text).toContain('"with ""quotes"", commas\nand lines"');
    expect(text).toContain(`"#1"`);
  });
});

async function synced(): Promise<{ desk: Desk; path: string }> {
  const desk = await createDesk();
  const path = await connectDesk(desk);
  desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: 'Login fails', labels: ['sync'] });
  desk.github.createIssue({ repository: 'acme/app', as: 'dana', title: 'Cache grows', labels: ['sync'] });
  await desk.work(`${path}/actions/sync`);
  return { desk, path };
}

test('the page of a connection shows its twins, and unlinks and connects them', async () => {
  const { desk, path } = await synced();
  const page = await (await desk.get(path)).text();
  for (const text of ['Login fails', 'Cache grows', '1–2 of 2', 'Nothing waits and nothing was refused.', 'Last cycles'])
    expect(page).toContain(text);
  expect(await (await desk.get(`${path}?q=cache`)).text()).toContain('1–1 of 1');
  const csv = await desk.get(`${path}/twins.csv`);
  expect(csv.headers.get('content-disposition')).toContain('attachment');
  expect((await csv.text()).trim().split('\r\n')).toHaveLength(3);

  const unticked = await desk.work(`${path}/actions/unlink`, { issues: 'ACME-1' });
  expect(unticked.status).toBe(422);
  expect(await unticked.text()).toContain('Nothing was done: tick that it is meant.');
  const stays = await (await desk.get(path)).text();
  expect(stays).toContain('1–2 of 2');
  expect(stays).toMatch(/name="confirm" value="unlink" aria-label="It is to end: ACME-1"/);
  const unlinked = await desk.work(`${path}/actions/unlink`, { issues: 'ACME-1', confirm: 'unlink' });
  expect(await unlinked.text()).toContain('No longer in step');
  expect(await (await desk.get(path)).text()).toContain('1–1 of 1');
  const one = desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: 'One side' });
  const other = desk.github.createIssue({ repository: 'acme/app', as: 'dana', title: 'Other side' });
  await desk.work(`${path}/actions/connect`, { issues: one.key, 'issues-2': `#${other.number}` });
  expect(await (await desk.get(path)).text()).toContain('1–2 of 2');
});

test('a conflict stands with its field, the side whose value stands, and links to both issues', async () => {
  const { desk, path } = await synced();
  desk.jira.people.editIssue('ACME-1', { as: desk.people.ann, summary: 'Login fails at noon' });
  const [copy] = desk.github.issues('acme/app').filter(({ title }) => title === 'Login fails');
  desk.github.editIssue({ repository: 'acme/app', number: copy?.number ?? 0, as: 'dana', title: 'Login fails at night' });
  await desk.work(`${path}/actions/sync`);
  const page = await (await desk.get(path)).text();
  const conflicts = /<h2>Conflicts<\/h2>.*?<\/section>/s.exec(page)?.[0] ?? '';
  expect(conflicts).toContain('href="http://127.0.0.1:4001/browse/ACME-1"');
  expect(conflicts).toContain(`href="http://127.0.0.1:4002/acme/app/issues/${copy?.number}"`);
  expect(conflicts).toMatch(/<td class="short">summary<\/td><td class="short">(?:public|private)<\/td>/);
  expect(page).not.toContain('Open problems');
});

test('what waits is linked to its issues, to the one alone that has no copy yet, too', async () => {
  const { desk, path } = await synced();
  desk.github.archive('acme/app');
  desk.jira.people.editIssue('ACME-1', { as: desk.people.ann, summary: 'Login fails at noon' });
  desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: 'Export', labels: ['sync'] });
  await desk.work(`${path}/actions/sync`);
  const page = await (await desk.get(path)).text();
  const queue = /<h2>Sync queue<\/h2>.*?<\/section>/s.exec(page)?.[0] ?? '';
  const links = [...queue.matchAll(/href="([^"]*)"/g)].map(([, url]) => url).toSorted();
  expect(links).toEqual([
    'http://127.0.0.1:4001/browse/ACME-1',
    'http://127.0.0.1:4001/browse/ACME-3',
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:4002\/acme\/app\/issues\/\d$/),
  ]);
});

test('deactivate pauses the side of the admin who sits here, and activate goes on', async () => {
  const { desk, path } = await synced();
  await desk.work(`${path}/actions/deactivate`);
  const paused = await (await desk.get(path)).text();
  expect(paused).toContain('status-deactivated');
  expect(paused).not.toContain(`${path}/actions/sync"`);
  await desk.work(`${path}/actions/activate`);
  expect(await (await desk.get(path)).text()).toContain('status-active');
});

test("the public side's admin reissues the code, goes on with it, and finishes the reissue", async () => {
  const { desk, path } = await synced();
  const id = path.split('/').at(-1) ?? '';
  const before = await (await desk.post(`/initiated/${id}/code`)).text();
  const reissued = await desk.work(`${path}/actions/reissue`);
  const page = await reissued.text();
  for (const said of ['New invitation code', 'which is good until a run has worked with this one', 'Copy passphrase'])
    expect(page).toContain(said);
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const passphrase = await (await desk.post(`/initiated/${id}/passphrase`)).text();
  expect(code).toMatch(/^sallyport1s\./);
  expect(code).not.toBe(before);
  for (const secret of [code, passphrase, before]) expect(page).not.toContain(secret);
  expect(await (await desk.get(path)).text()).toContain(`href="/initiated/${id}"`);

  expect(await (await desk.work(`${path}/actions/sync`)).text()).toContain('In step: there was nothing to do');
  const finished = await (await desk.work(`${path}/actions/reissue-finish`)).text();
  expect(finished).toContain('The reissue is finished.');
  expect(finished).toContain('Its passphrase is the one of the code before.');
  expect(await (await desk.post(`/initiated/${id}/code`)).text()).not.toBe(code);
  expect(await (await desk.work(`${path}/actions/sync`)).text()).toContain('In step: there was nothing to do');
  // The code before is good for nothing any more.
  const fresh = await desk.reopen();
  await fresh.post(`${path}/code`, { code: before });
  expect((await fresh.post('/accept', { code: before })).status).toBe(303);
  expect(await (await fresh.work(`${path}/actions/deactivate`)).text()).toContain('replaced by a newer one');
});

test('a reissue puts a new API token into the code, and the console goes on with it', async () => {
  const { desk, path } = await synced();
  const token = 'another-jira-token-of-the-desk-02';
  desk.jira.people.restoreToken(desk.people.sync, token);
  expect(await (await desk.work(`${path}/actions/sync`)).text()).toContain('answered 401');
  const wrong = await desk.work(`${path}/actions/reissue`, { 'jira-token': 'a-token-that-is-wrong-03' });
  expect(await wrong.text()).toContain('answered 401');
  const page = await (await desk.work(`${path}/actions/reissue`, { 'jira-token': token })).text();
  expect(page).toContain('New invitation code');
  expect(page).not.toContain(token);
  expect(await (await desk.work(`${path}/actions/sync`)).text()).toContain('In step: there was nothing to do');
  expect(await (await desk.get('/')).text()).toContain('Signed in to');
});

test("the public side's admin revokes without the code, once it is confirmed", async () => {
  const { desk, path } = await synced();
  const fresh = await desk.reopen();
  await signIn(fresh);
  expect(await (await fresh.get(path)).text()).toContain(`${path}/actions/revoke"`);
  const refused = await fresh.work(`${path}/actions/revoke`);
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('tick that it is meant')]);
  expect(await (await fresh.get(path)).text()).toContain('status-active');
  expect(await (await fresh.work(`${path}/actions/revoke`, { confirm: 'revoke' })).text()).toContain('The connection is revoked');
  const page = await (await fresh.get(path)).text();
  expect(page).toContain('status-revoked');
  // What is left to do is to remove it; no code and no tracker is asked for any more.
  const offered = [...page.matchAll(/action="([^"]*)"/g)].map(([, action]) => action);
  expect(offered).toEqual([`${path}/actions/remove-record`]);
  expect(await (await desk.work(`${path}/actions/sync`)).text()).toContain('was revoked by its public side');
  // What is left of it is taken off the list, whoever holds its code.
  expect(page).toContain('Remove the record');
  expect(await (await desk.work(`${path}/actions/remove-record`)).text()).toContain('Nothing was done');
  const gone = await (await desk.work(`${path}/actions/remove-record`, { confirm: 'remove-record' })).text();
  expect(gone).toContain('The record of the connection is removed');
  expect(gone).toContain('<a class="button" href="/">');
  expect(await (await desk.get('/')).text()).toContain('No connection yet');
  expect(Object.keys(desk.jira.people.userProperties(desk.people.sync))).toEqual([]);
});

test('the public side pauses and resumes a connection without its code', async () => {
  const { desk, path } = await synced();
  const fresh = await desk.reopen();
  await signIn(fresh);
  expect(await (await fresh.work(`${path}/actions/deactivate`)).text()).toContain('The public side is paused');
  expect(await (await desk.get(path)).text()).toContain('status-deactivated');
  expect(await (await fresh.work(`${path}/actions/activate`)).text()).toContain('The connection is active');
});

test('what is for the public side alone is not offered to the private one', async () => {
  const { desk, path } = await synced();
  const id = path.split('/').at(-1) ?? '';
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const fresh = await desk.reopen();
  const draft = (await fresh.post('/accept', { code })).headers.get('location') ?? '';
  await fresh.work(`${draft}/check`, trackerFields);
  await fresh.work(`${draft}/confirm`);
  const page = await (await fresh.get(path)).text();
  expect(page).toContain(`${path}/actions/sync"`);
  for (const action of ['reissue', 'reissue-finish', 'revoke']) expect(page).not.toContain(`${path}/actions/${action}"`);
});

test('a trigger that cannot be one is a check that failed, and nothing can be confirmed', async () => {
  const desk = await createDesk();
  await signIn(desk);
  const initiated = await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' });
  const id = /\/initiated\/([a-z0-9]{10})\//.exec(await initiated.text())?.[1] ?? '';
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const draft = (await desk.post('/accept', { code })).headers.get('location') ?? '';
  const page = await (await desk.work(`${draft}/check`, { ...trackerFields, 'private-trigger': 'label:sync' })).text();
  expect(page).toContain('private-trigger looks like a search');
  expect(page).not.toContain(`${draft}/confirm`);
});

test('clean-up asks for a confirmation, shows its plan, and gives the map of the twins', async () => {
  const { desk, path } = await synced();
  const asked = await desk.work(`${path}/actions/clean-up`);
  expect(asked.status).toBe(422);
  const told = await asked.text();
  expect(told).toContain('Nothing was done: tick that it is meant.');
  expect(told).not.toMatch(/confirm: true|--yes/);
  expect(await (await desk.work(`${path}/actions/clean-up-plan`)).text()).toContain('Dry run');
  expect(await (await desk.get(path)).text()).toContain('status-active');
  const done = await (await desk.work(`${path}/actions/clean-up`, { confirm: 'clean-up' })).text();
  const map = /href="(\/task\/[0-9a-f]+\/twin-map\.csv)"/.exec(done)?.[1] ?? '';
  expect(await (await desk.get(map)).text()).toContain('ACME-1');
  expect((await desk.get(path)).status).toBe(404);
  // The way back leads to where it is told of, not to the page that is gone.
  expect(done).toContain('<a class="button" href="/">Back</a>');
});

test("the public side's admin configures a connection without its code, and acts on the rest with it", async () => {
  const { desk, path } = await synced();
  const fresh = await desk.reopen();
  await signIn(fresh);
  const page = await (await fresh.get(path)).text();
  expect(page).toContain('Give the invitation code to act on this connection from here');
  expect(page).not.toContain(`${path}/actions/sync"`);
  const configured = await fresh.work(`${path}/actions/configure`, { 'connection-name': 'Renamed' });
  expect(await configured.text()).toContain('Renamed');
  expect(await (await fresh.get('/')).text()).toContain('Renamed');
  expect((await fresh.post(`${path}/actions/nothing`)).status).toBe(404);
  expect((await fresh.post('/connections/abcdefghij/actions/sync')).status).toBe(404);
});

test('wrong credentials are said, and no token comes back into the page', async () => {
  const desk = await createDesk();
  await desk.post('/account', { site: 'http://127.0.0.1:4001', email: 'sync@example.org', token: 'wrong-token-of-somebody' });
  const page = await (await desk.get('/')).text();
  expect(page).toContain('does not accept them');
  expect(page).not.toContain('wrong-token-of-somebody');
  expect(page).not.toContain(secrets.jiraToken);
});

test('a wrong passphrase keeps the code that was given to a connection, out of the page and for this connection alone', async () => {
  const desk = await createDesk();
  await signIn(desk);
  desk.jira.people.addProject({ key: 'NEXT', name: 'Next' });
  const initiated = async (project: string) => {
    const done = await (await desk.work('/initiate', { project })).text();
    const id = /\/initiated\/([a-z0-9]{10})\//.exec(done)?.[1] ?? '';
    const told = async (what: string) => (await desk.post(`/initiated/${id}/${what}`)).text();
    return { path: `/connections/${id}`, code: await told('code'), passphrase: await told('passphrase') };
  };
  const [first, second] = [await initiated('ACME'), await initiated('NEXT')];
  const fresh = await desk.reopen();
  await signIn(fresh);
  const { path, code, passphrase } = first;
  const page = await (await fresh.post(`${path}/code`, { code, passphrase: 'not the passphrase of it' })).text();
  expect(page).toContain('The code that you pasted is kept');
  expect(page).not.toContain(code);
  expect(/<textarea id="code"[^>]*>/.exec(page)?.[0]).not.toContain('required');
  expect(await (await fresh.get(second.path)).text()).not.toContain('is kept');
  expect(await (await fresh.post(`${second.path}/code`, { passphrase })).text()).toContain('it is empty');
  await fresh.post(`${path}/code`, { code, passphrase: 'not the passphrase of it' });
  expect((await fresh.post(`${path}/code`, { passphrase })).status).toBe(303);
});

test('a tracker that cannot be one is said in its form, which keeps what was typed but for the token', async () => {
  const desk = await createDesk();
  await signIn(desk);
  const done = await (await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' })).text();
  const path = `/connections/${/\/initiated\/([a-z0-9]{10})\//.exec(done)?.[1] ?? ''}`;
  const wrong = { ...trackerFields, project: 'no "repository"', 'private-trigger': 'mine' };
  const page = await (await desk.post(`${path}/tracker`, wrong)).text();
  for (const text of ['value="no &quot;repository&quot;"', 'value="mine"', 'value="http://127.0.0.1:4002"'])
    expect(page).toContain(text);
  expect(page).not.toContain(secrets.githubToken);
  const mended = await desk.post(`${path}/tracker`, { ...wrong, project: 'acme/app', 'tracker-token': '' });
  expect(mended.status).toBe(303);
});

test('configure takes the project while the connection is Pending, and not afterwards', async () => {
  const desk = await createDesk();
  await signIn(desk);
  desk.jira.people.addProject({ key: 'NEXT', name: 'Next' });
  const done = await (await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' })).text();
  const id = /\/initiated\/([a-z0-9]{10})\//.exec(done)?.[1] ?? '';
  const path = `/connections/${id}`;
  expect(await (await desk.get(path)).text()).toContain('name="jira-project"');
  const configured = await (await desk.work(`${path}/actions/configure`, { 'jira-project': 'NEXT' })).text();
  expect(configured).toContain('The connection was changed.');
  expect(await (await desk.get(path)).text()).toContain('NEXT (Next)');
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const draft = (await desk.post('/accept', { code })).headers.get('location') ?? '';
  await desk.work(`${draft}/check`, trackerFields);
  await desk.work(`${draft}/confirm`);
  expect(await (await desk.get(path)).text()).not.toContain('name="jira-project"');
  expect(await (await desk.work(`${path}/actions/configure`, { 'jira-project': 'ACME' })).text()).toContain('Pending');
});

test('an action that failed leaves what was typed in its form, but for secrets, until it has gone through', async () => {
  const { desk, path } = await synced();
  const other = desk.github.createIssue({ repository: 'acme/app', as: 'dana', title: 'Other side' });
  const failed = await (await desk.work(`${path}/actions/connect`, { issues: 'ACME-99', 'issues-2': `#${other.number}` })).text();
  expect(failed).toContain('It did not work');
  const page = await (await desk.get(path)).text();
  for (const text of ['value="ACME-99"', `value="#${other.number}"`]) expect(page).toContain(text);
  expect(page).toMatch(/<details class="more" open=""><summary>Connect two issues/);
  const one = desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: 'One side' });
  await desk.work(`${path}/actions/connect`, { issues: one.key, 'issues-2': `#${other.number}` });
  expect(await (await desk.get(path)).text()).not.toContain('value="ACME-99"');
  await desk.work(`${path}/actions/reissue`, { 'jira-token': 'a-token-that-is-wrong' });
  expect(await (await desk.get(path)).text()).not.toContain('a-token-that-is-wrong');
  await desk.work(`${path}/actions/configure`, { trigger: 'no such = "thing', 'default-issue-type': 'None of them' });
  const again = await (await desk.get(path)).text();
  for (const text of ['value="no such = &quot;thing"', 'value="None of them"']) expect(again).toContain(text);
});

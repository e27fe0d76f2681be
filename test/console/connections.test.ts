import { expect, test } from 'vitest';
import { connectDesk, createDesk, signIn, trackerFields } from './desk.ts';
import type { Desk } from './desk.ts';

/** The one row of the table, cell by cell, without mark-up. */
async function row(desk: Desk): Promise<readonly string[]> {
  const page = await (await desk.get('/')).text();
  const rows = [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map((match) => match[1] ?? '').filter((text) => text.includes('<td'));
  expect(rows).toHaveLength(1);
  return [...(rows[0] ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((match) =>
    (match[1] ?? '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

test('a connection that is held by its code has its status, last cycle and errors in the table', async () => {
  const desk = await createDesk();
  const path = await connectDesk(desk);
  const id = path.split('/').at(-1) ?? '';
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const fresh = await desk.reopen();
  const draft = (await fresh.post('/accept', { code })).headers.get('location') ?? '';
  await fresh.work(`${draft}/check`, trackerFields);
  await fresh.work(`${draft}/confirm`);
  expect(await row(fresh)).toEqual(['ACME', '127.0.0.1:4001 ACME (Acme support)', 'acme/app', 'Basic', 'Active', 'never', '0']);
  desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: 'Login fails', labels: ['sync'] });
  await fresh.work(`${path}/actions/sync`);
  expect((await row(fresh))[5]).toMatch(/^2026-05-04/);
  // Somebody else ends it meanwhile: told on Refresh.
  await desk.work(`${path}/actions/deactivate`);
  expect((await row(fresh))[4]).toBe('Active');
  await fresh.post('/refresh');
  expect((await row(fresh))[4]).toBe('Deactivated');
  desk.jira.people.setUserProperty(desk.people.sync, `sallyport.${id}`, { format: 99 });
  await fresh.post('/refresh');
  expect((await row(fresh)).slice(2)).toEqual(['unknown', 'Basic', expect.stringContaining('newer')]);
});

test('a Pending one stays as it was after signing out: private side unknown, the project once', async () => {
  const desk = await createDesk();
  await signIn(desk);
  await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' });
  const before = await row(desk);
  expect(before.slice(1, 5)).toEqual(['127.0.0.1:4001 ACME (Acme support)', 'unknown', 'Basic', 'Pending']);
  await desk.post('/account/forget');
  expect(await row(desk)).toEqual(before);
});

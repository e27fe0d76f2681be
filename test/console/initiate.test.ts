import { expect, test } from 'vitest';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import { createDesk, signIn } from './desk.ts';
import type { Desk } from './desk.ts';

const passphrase = 'A phrase of the administrator 7';
const typed = {
  project: 'ACME',
  name: 'Acme "one"',
  trigger: 'labels = mine',
  type: 'Bug',
  sealing: 'own',
  passphrase,
  without: 'on',
  url: 'https://tracker.example.com',
};

function expectTyped(page: string): void {
  for (const text of ['value="Acme &quot;one&quot;"', 'value="labels = mine"', 'value="Bug"', '<details class="more" open="">'])
    expect(page).toContain(text);
  for (const [name, value] of [
    ['project', 'ACME'],
    ['sealing', 'own'],
    ['without', 'on'],
  ])
    expect(page).toMatch(new RegExp(`<input (?=[^>]*name="${name}")(?=[^>]*value="${value}")[^>]*checked=""`));
  expect(page).not.toContain(passphrase);
  // The step before still knows what was given there.
  expect(page).toContain('/initiate?step=mode&amp;url=https%3A%2F%2Ftracker.example.com"');
}

async function page(answer: Response | Promise<Response>): Promise<string> {
  return (await answer).text();
}

async function failed(desk: Desk): Promise<string> {
  const failure = await page(desk.work('/initiate', typed));
  expect(failure).toContain('It did not work');
  expect(failure).not.toContain(passphrase);
  return /<a class="button" href="(\/initiate[^"]*)">Back/.exec(failure)?.[1]?.replaceAll('&amp;', '&') ?? '';
}

test('after an initiation that failed, Back leads to the form as it was filled in, without its passphrase', async () => {
  const desk = await createDesk();
  await signIn(desk);
  await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' });
  const back = await page(desk.get(await failed(desk)));
  expectTyped(back);
  expect(back).toContain('The passphrase that you typed is kept');
  // Another project goes, under the passphrase that was typed before.
  desk.jira.people.addProject({ key: 'NEXT', name: 'Next' });
  const done = await page(desk.work('/initiate', { ...typed, project: 'NEXT', passphrase: '' }));
  const id = /\/initiated\/([a-z0-9]{10})\//.exec(done)?.[1] ?? '';
  const code = await page(desk.post(`/initiated/${id}/code`));
  expect(decodeInvitation(code, { passphrase }).name).toBe('Acme "one"');
  // Done: the next one begins empty.
  expect(await page(desk.get('/initiate?step=project'))).not.toMatch(/Acme &quot;one|is kept/);
});

test('an initiation that is begun anew begins empty', async () => {
  const desk = await createDesk();
  await signIn(desk);
  await desk.work('/initiate', { project: 'ACME', sealing: 'unsealed' });
  await failed(desk);
  await desk.get('/initiate');
  expect(await page(desk.get('/initiate?step=project'))).not.toMatch(/Acme &quot;one|is kept/);
});

test("a passphrase of one's own that is empty is asked for, and none is made up in its place", async () => {
  const desk = await createDesk();
  await signIn(desk);
  const answer = await desk.post('/initiate', { ...typed, passphrase: '  ' });
  expect(answer.status).toBe(422);
  const text = await page(answer);
  expect(text).toContain('Give the passphrase that the code is to be sealed with');
  expectTyped(text);
  expect(Object.keys(desk.jira.people.userProperties(desk.people.sync))).toEqual([]);
});

test('an input that cannot be is said in the form, which keeps what was typed', async () => {
  const desk = await createDesk();
  await signIn(desk);
  for (const wrong of [{ name: 'x'.repeat(500) }, { project: '' }, { trigger: 'x'.repeat(20_000) }]) {
    const answer = await desk.work('/initiate', { ...typed, ...wrong });
    const text = await page(answer);
    expect(text).not.toContain('The console met an error');
    expect(text).not.toContain(passphrase);
    if (answer.status === 422) expect(text).toContain('value="Bug"');
  }
});

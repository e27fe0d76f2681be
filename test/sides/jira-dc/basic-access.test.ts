import { expect, test } from 'vitest';
import { openSide } from './open-side.ts';

test('a name and password serve where there are no personal access tokens', async () => {
  const side = openSide();
  side.people.addUser({ name: 'old', displayName: 'Old', password: 'open:sesame' });
  const site = { url: 'https://jira.corp.example/jira', user: 'old', token: 'open:sesame' };
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  const loaded = await side.reopen({ site }).reader.load([id], 'work');
  expect(loaded.get(id)?.kind).toBe('present');
  const wrong = side.reopen({ site: { ...site, token: 'guess' } });
  await expect(wrong.reader.load([id], 'work')).rejects.toMatchObject({ kind: 'permission', status: 401 });
});

import { test } from 'vitest';
import { expectNoDuplicate } from './kill.ts';

const repository = String.raw`^/api/v3/repos/acme/app`;

test('a process that is killed while it writes to GitHub leaves no duplicate behind', async () => {
  await expectNoDuplicate([
    { name: 'the first issue', method: 'POST', path: new RegExp(`${repository}/issues$`) },
    { name: 'the first comment', method: 'POST', path: new RegExp(String.raw`${repository}/issues/\d+/comments$`) },
    { name: 'the commit of a file', method: 'POST', path: new RegExp(`${repository}/git/commits$`) },
    { name: 'the list of files in a description', method: 'PATCH', path: new RegExp(String.raw`${repository}/issues/\d+$`) },
  ]);
});

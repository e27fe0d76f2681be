import { test } from 'vitest';
import { expectNoDuplicate } from './kill.ts';

const properties = String.raw`^/rest/api/3/user/properties/sallyport\.\w+`;

test('a process that is killed while it writes to Jira leaves no duplicate behind', async () => {
  await expectNoDuplicate([
    { name: 'the intent', method: 'PUT', path: new RegExp(String.raw`${properties}\.intent$`) },
    { name: 'the new issues', method: 'POST', path: /^\/rest\/api\/3\/issue\/bulk$/ },
    { name: 'the upload of a file', method: 'POST', path: /^\/rest\/api\/3\/issue\/\w[\w-]*\/attachments$/ },
    { name: 'the first comment', method: 'POST', path: /^\/rest\/api\/3\/issue\/\w[\w-]*\/comment$/ },
    { name: 'the run record', method: 'PUT', path: new RegExp(String.raw`${properties}\.run$`) },
  ]);
});

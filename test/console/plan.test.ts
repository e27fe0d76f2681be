import { expect, test } from 'vitest';
import { connectDesk, createDesk, secrets } from './desk.ts';

test('a dry run shows what would stand in place of what, and hides a secret that somebody wrote', async () => {
  const desk = await createDesk();
  const path = await connectDesk(desk);
  const { key } = desk.jira.people.createIssue({
    project: 'ACME',
    as: desk.people.ann,
    summary: 'Login fails',
    description: 'On Monday.',
    labels: ['sync'],
  });
  await desk.work(`${path}/actions/sync`);
  desk.jira.people.editIssue(key, {
    as: desk.people.ann,
    summary: `Login fails with ${secrets.jiraToken}`,
    description: 'On <b>Tuesday</b>.',
  });
  const page = await (await desk.work(`${path}/actions/dry-run`)).text();
  const lines = [...page.matchAll(/<p class="diff-(removed|created)">.*?<\/span> ([^<]*)<\/p>/g)].map(([, kind, text]) => [
    kind,
    text,
  ]);
  expect(lines).toEqual([
    ['removed', 'Login fails'],
    ['created', 'Login fails with ***'],
    ['removed', 'On Monday.'],
    ['created', expect.stringContaining('&lt;b&gt;Tuesday')],
  ]);
  // Each side stands under its title of now.
  const titles = [...page.matchAll(/<p class="diff-head">.*?<span>([^<]*)<\/span><\/p>/g)].map(([, title]) => title);
  expect(titles).toEqual(['Login fails with ***', 'Login fails']);
  expect(page).not.toContain(secrets.jiraToken);
});

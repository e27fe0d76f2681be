import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectConverged, expectNothingLeft } from './converged.ts';
import { performHere } from './in-process.ts';
import { editRichly, expectedTwins, seedOldTwins } from './kill-sweep-scenario.ts';
import { createRig, secrets } from './rig.ts';
import type { Rig } from './rig.ts';

/** Like a run that died: a user property of the connection that nobody cleared. */
async function userProperty(rig: Rig, method: 'PUT' | 'DELETE', key: string): Promise<void> {
  const url = `${rig.siteUrl}/rest/api/3/user/properties/${key}?accountId=${encodeURIComponent(rig.people.sync)}`;
  const authorization = `Basic ${Buffer.from(`${secrets.email}:${secrets.jiraToken}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await rig.jira.fetch(new Request(url, { method, headers, ...(method === 'PUT' ? { body: '{}' } : {}) }));
  expect(answer.ok).toBe(true);
}

/** Like a run that died between the commit of a file and the text that names it. */
async function strayFile(rig: Rig): Promise<void> {
  const branch = rig.github.branches(rig.repository).find((name) => name.startsWith('sallyport/'));
  const url = `${rig.trackerUrl}/api/v3/repos/acme/app/contents/1/2/stray.txt`;
  const headers = { authorization: `Bearer ${secrets.githubToken}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ message: 'A file', content: 'eA==', branch });
  expect((await rig.github.fetch(new Request(url, { method: 'PUT', headers, body }))).status).toBe(201);
}

test('the judge of the end sees what is doubled, lost, altered or left over', async () => {
  const rig = await createRig();
  const { jira, github, people, repository } = rig;
  const connection = await seedOldTwins(rig, join(rig.directory, 'state'));
  const judged = async (): Promise<void> => {
    await expectConverged(rig, expectedTwins, 'here');
    expectNothingLeft(rig, 'here');
  };
  await expect(judged()).rejects.toThrow(/here/);
  editRichly(rig);
  await performHere(rig, { operation: 'sync', ...connection });
  await judged();

  for (const key of ['sallyport.ab12cd34ef.intent', 'sallyport.ab12cd34ef.lease.one']) {
    await userProperty(rig, 'PUT', key);
    await expect(judged()).rejects.toThrow(/leftovers here/);
    await userProperty(rig, 'DELETE', key);
    await judged();
  }

  const [copy] = github.issues(repository).filter((issue) => issue.title === 'New bug');
  const { number, body } = copy!;
  const doubled = github.addComment({ repository, number, as: 'syncbot', body: copy!.comments[0]!.body });
  await expect(judged()).rejects.toThrow(/GitHub here/);
  github.deleteComment({ repository, id: doubled.id });
  await judged();

  github.editIssue({ repository, number, as: 'syncbot', body: (body ?? '').replace(/^- \[trace.*$/m, '') });
  await expect(judged()).rejects.toThrow(/GitHub here/);
  github.editIssue({ repository, number, as: 'syncbot', body });
  await judged();

  const again = jira.people.createIssue({ project: 'ACME', as: people.sync, summary: 'New on GitHub', type: 'Bug' });
  await expect(judged()).rejects.toThrow(/Jira here/);
  jira.people.deleteIssue(again.key);
  await judged();
  await strayFile(rig);
  await expect(judged()).rejects.toThrow(/leftovers here/);
  const [file] = jira.people.issues().flatMap((issue) => issue.attachments);
  jira.people.deleteAttachment(file!.id, people.ann);
  await expect(judged()).rejects.toThrow(/Jira here/);
});

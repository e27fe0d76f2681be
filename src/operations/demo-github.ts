import { createGitHubSimulator } from '../simulators/github/github.ts';
import type { GitHubSimulator } from '../simulators/github/github.ts';
import type { ReservedPort } from '../simulators/serve.ts';
import type { VirtualClock } from '../simulators/simulator.ts';
import { picture } from './demo-content.ts';
import type { DemoTracker } from './demo-tracker.ts';

const repository = 'acme/app';

/** A simulated server of GitHub, of one's own, with a repository. */
export function demoGitHub(clock: VirtualClock, port: ReservedPort): DemoTracker {
  const github = createGitHubSimulator({ clock, apiHost: port.host, webHost: port.host, protocol: 'http', shape: 'ghes' });
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'eli', name: 'Eli Novak', permission: 'write' });
  github.addUser({ login: 'sallyport-sync', token: 'ghp_demonstration', permission: 'write' });
  github.addRepository({ owner: 'acme', name: 'app', private: true });
  port.start(github);
  let seeded = { cache: 0, guide: 0 };
  return {
    title: 'a GitHub server',
    inputs: { 'tracker-url': port.origin, project: repository, 'tracker-token': 'ghp_demonstration' },
    seed: async () => {
      seeded = seedGitHub(github);
    },
    edit: async () => edit(github, seeded),
    rename: async (from, to) => {
      const copy = github.issues(repository).find((issue) => issue.title === from);
      if (copy !== undefined) github.editIssue({ repository, number: copy.number, as: 'dana', title: to });
    },
  };
}

function edit(github: GitHubSimulator, seeded: { readonly cache: number; readonly guide: number }): void {
  github.editIssue({
    repository,
    number: seeded.guide,
    as: 'eli',
    body: '- [x] outline\n- [x] text\n- [ ] pictures\n\n<details><summary>Notes</summary>\n\nKeep it short.\n\n</details>\n',
  });
  const remark = github.issue(repository, seeded.cache)?.comments[0];
  if (remark !== undefined) github.deleteComment({ repository, id: remark.id });
  github.addComment({ repository, number: seeded.cache, as: 'dana', body: 'Found it: *the timer* is never set.' });
}

/** Issues as people write them, on the private side. Returns the numbers. */
export function seedGitHub(github: GitHubSimulator): { readonly cache: number; readonly guide: number } {
  const image = github.uploadAsset({ as: 'dana', name: 'graph.png', bytes: picture(40, 90, 200), kind: 'image', repository });
  const cache = github.createIssue({
    repository,
    as: 'dana',
    title: 'Cache is never emptied',
    labels: ['sync'],
    type: 'Bug',
    body: `The memory grows by the hour:\n\n![graph](${image})\n\n> [!NOTE]\n> Only with **two** workers.\n\n1. start it\n2. wait\n3. look at \`top\`\n\n| hour | MB |\n| --- | --- |\n| 1 | 200 |\n| 2 | 900 |\n`,
  });
  github.addComment({
    repository,
    number: cache.number,
    as: 'eli',
    body: 'Same here, see #1 and ask @dana.\n\n```sh\nps aux | grep worker\n```',
  });
  const guide = github.createIssue({
    repository,
    as: 'eli',
    title: 'Write the installation guide',
    labels: ['sync'],
    type: 'Task',
    body: '- [x] outline\n- [ ] text\n- [ ] pictures\n\n<details><summary>Notes</summary>\n\nKeep it short.\n\n</details>\n',
  });
  github.createIssue({
    repository,
    as: 'dana',
    title: 'Spike: try the new parser',
    labels: ['sync'],
    type: 'Spike',
    body: 'A type that Jira does not have.',
  });
  return { cache: cache.number, guide: guide.number };
}

import { createJiraDcSimulator } from '../simulators/jira-dc/jira-dc.ts';
import type { People } from '../simulators/jira-dc/people.ts';
import { memberPermissions } from '../simulators/jira-dc/people.ts';
import type { ReservedPort } from '../simulators/serve.ts';
import type { VirtualClock } from '../simulators/simulator.ts';
import { picture } from './demo-content.ts';
import type { DemoTracker } from './demo-tracker.ts';

const token = 'demonstration-token';

/** A simulated Jira Data Center below a context path. */
export function demoJiraDc(clock: VirtualClock, port: ReservedPort): DemoTracker {
  const url = `${port.origin}/jira`;
  const jira = createJiraDcSimulator({ clock, url });
  const { people } = jira;
  people.addUser({ name: 'dana', displayName: 'Dana Cruz' });
  people.addUser({ name: 'eli', displayName: 'Eli Novak' });
  people.addUser({
    name: 'sallyport',
    displayName: 'Sallyport',
    token,
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  people.addProject({ key: 'APP', name: 'The app', types: ['Task', 'Bug', 'Story', 'Spike', 'Sub-task'] });
  port.start(jira);
  let seeded = { cache: '', guide: '' };
  return {
    title: 'a Jira Data Center on this machine',
    inputs: {
      tracker: 'jira-dc',
      'tracker-url': url,
      project: 'APP',
      'tracker-token': token,
      'default-issue-type': 'Task',
    },
    seed: async () => {
      seeded = seed(people);
    },
    edit: async () => edit(people, seeded),
    rename: async (from, to) => {
      const copy = people.issues().find((issue) => issue.summary === from);
      if (copy !== undefined) people.editIssue(copy.id, { as: 'dana', summary: to });
    },
  };
}

function seed(people: People): { readonly cache: string; readonly guide: string } {
  const issue = { project: 'APP', labels: ['sync'] };
  const cache = people.createIssue({ ...issue, as: 'dana', summary: 'Cache is never emptied', type: 'Bug' });
  people.addAttachment(cache.id, { as: 'dana', name: 'graph.png', bytes: picture(40, 90, 200), mediaType: 'image/png' });
  people.editIssue(cache.id, {
    as: 'dana',
    description:
      'The memory grows by the hour:\n\n!graph.png!\n\n{note}\nOnly with *two* workers.\n{note}\n\n# start it\n# wait\n# look at {{top}}\n\n||hour||MB||\n|1|200|\n|2|900|\n',
  });
  people.addComment(cache.id, { as: 'eli', body: 'Same here, ask [~dana].\n\n{code:bash}\nps aux | grep worker\n{code}' });
  people.addComment(cache.id, { as: 'eli', body: 'The customer pays late.', role: 'Administrators' });
  const guide = people.createIssue({
    ...issue,
    as: 'eli',
    summary: 'Write the installation guide',
    type: 'Task',
    description: 'h2. Parts\n\n* outline\n* text\n* pictures\n\nKeep it short.',
  });
  people.createIssue({
    ...issue,
    as: 'dana',
    summary: 'Spike: try the new parser',
    type: 'Spike',
    description: 'A type that Jira Cloud does not have.',
  });
  return { cache: cache.id, guide: guide.id };
}

function edit(people: People, seeded: { readonly cache: string; readonly guide: string }): void {
  people.editIssue(seeded.guide, {
    as: 'eli',
    description: 'h2. Parts\n\n* outline\n* text\n* pictures\n* index\n\nKeep it short.',
  });
  const remark = people.issue(seeded.cache)?.comments[0];
  if (remark !== undefined) people.deleteComment(seeded.cache, remark.id);
  people.addComment(seeded.cache, { as: 'dana', body: 'Found it: _the timer_ is never set.' });
}

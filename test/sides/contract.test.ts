import { openWorld, shapes } from './github/setup.ts';
import { openSide as openCloud } from './jira-cloud/open-side.ts';
import { openSide as openDataCenter } from './jira-dc/open-side.ts';
import { openModel } from './redmine/open-model.ts';
import { sideContract } from './contract.ts';

for (const shape of shapes)
  sideContract(`GitHub in the shape of ${shape}`, () => {
    const world = openWorld({ shape });
    const { reader, writer } = world.writer();
    const repository = 'acme/app';
    const requests = { create: /^POST .*\/issues$|^POST .*graphql$/, read: /^GET .*\/issues|^POST .*graphql$/ };
    return {
      clock: world.clock,
      reader,
      writer,
      create: ({ summary, inScope }) => {
        const labels = inScope ? ['sync'] : [];
        return String(world.github.createIssue({ repository, as: 'ada', title: summary, labels, body: 'Text' }).number);
      },
      edit: (id, title) => void world.github.editIssue({ repository, number: Number(id), as: 'ada', title }),
      remove: (id) => void world.github.deleteIssue({ repository, number: Number(id) }),
      comment: (id, body) => void world.github.addComment({ repository, number: Number(id), as: 'ada', body }),
      fail: (request, fault) => void world.faults.push({ when: requests[request], fault }),
      hideContainer: () =>
        world.faults.push(...Array.from({ length: 20 }, () => ({ when: /./, fault: { kind: 'status', status: 404 } as const }))),
      loseEditing: () => world.github.setPermissions({ repository, login: 'sync', permission: 'read' }),
      violations: () => world.violations,
    };
  });

sideContract('Jira Cloud', () => {
  const opened = openCloud();
  const { people } = opened;
  const requests = { create: /^POST .*\/issue$/, read: /^POST .*bulkfetch$/ };
  return {
    clock: opened.clock,
    reader: opened.reader,
    writer: opened.writer,
    create: ({ summary, inScope }) =>
      people.createIssue({ project: 'ABC', as: opened.ana, summary, labels: inScope ? ['sync'] : [] }).id,
    edit: (id, summary) => void people.editIssue(id, { as: opened.ana, summary }),
    remove: (id) => void people.deleteIssue(id),
    comment: (id, body) => void people.addComment(id, { as: opened.ana, body }),
    fail: (request, fault) => opened.fail(requests[request], fault),
    hideContainer: () => people.setPermissions(opened.sync, []),
    loseEditing: () => people.setPermissions(opened.sync, ['BROWSE_PROJECTS']),
    violations: () => [],
  };
});

sideContract('Jira Data Center', () => {
  const opened = openDataCenter();
  const { people } = opened;
  const requests = { create: /^POST .*\/issue$/, read: /^GET .*\/issue\/\d+$/ };
  return {
    clock: opened.clock,
    reader: opened.reader,
    writer: opened.writer,
    create: ({ summary, inScope }) =>
      people.createIssue({ project: 'ABC', as: 'ada', summary, labels: inScope ? ['sync'] : [] }).id,
    edit: (id, summary) => void people.editIssue(id, { as: 'ada', summary }),
    remove: (id) => people.deleteIssue(id),
    comment: (id, body) => void people.addComment(id, { as: 'ada', body }),
    fail: (request, fault) => opened.fail(requests[request], fault),
    hideContainer: () => people.setPermissions('sync', []),
    loseEditing: () => people.setPermissions('sync', ['BROWSE_PROJECTS']),
    violations: () => opened.violations,
  };
});

for (const { textFormat, hasMarkField } of [
  { textFormat: 'textile', hasMarkField: false },
  { textFormat: 'commonmark', hasMarkField: true },
] as const)
  sideContract(`The model of Redmine with ${textFormat}`, async () => {
    const opened = await openModel({ textFormat, hasMarkField });
    const { people } = opened;
    const requests = { create: /^POST .*\/issues\.json$/, read: /^GET .*\/issues\/\d+\.json$/ };
    return {
      clock: opened.clock,
      reader: opened.reader,
      writer: opened.writer,
      create: ({ summary, inScope }) =>
        people.createIssue({ project: 'app', as: 'ada', subject: summary, fields: { Sync: inScope ? '1' : '0' } }).id,
      edit: (id, subject) => void people.editIssue(id, { as: 'ada', subject }),
      remove: (id) => people.deleteIssue(id),
      comment: (id, text) => void people.addNote(id, { as: 'ada', text }),
      fail: (request, fault) => opened.fail(requests[request], fault),
      hideContainer: () => people.expel('sync', 'app'),
      loseEditing: () => {
        people.expel('sync', 'app');
        people.admit('sync', 'app', { permissions: ['view_issues', 'add_issues', 'add_issue_notes'] });
      },
      tooLargeBytes: 1_024 * 1_024 + 1,
      violations: () => [],
    };
  });

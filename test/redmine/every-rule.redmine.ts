import { afterAll, beforeAll, describe } from 'vitest';
import type { World } from '../cycle/basic-rules.ts';
import { basicRules } from '../cycle/basic-rules.ts';
import { createWorld } from '../cycle/world.ts';
import { redminePeople } from './people.ts';
import { realRedmineSide } from './private-side.ts';
import type { RedmineServer } from './start-redmine.ts';
import { startRedmine } from './start-redmine.ts';

/** A type that Jira has, too: each type of these tests has its namesake. */
const addStory = `
story = Tracker.new(name: 'Story')
story.default_status = IssueStatus.first
story.save!
story.copy_workflow_rules(Tracker.find_by(name: 'Bug'))
IssueCustomField.all.each { |field| field.trackers << story }
`;

let projects = 0;

describe.each([
  { textFormat: 'textile', hasMarkField: false },
  { textFormat: 'commonmark', hasMarkField: true },
] as const)('with a real Redmine with $textFormat as the private side', ({ textFormat, hasMarkField }) => {
  let server: RedmineServer;
  beforeAll(async () => {
    server = await startRedmine({ textFormat, hasMarkField });
    await server.run(addStory);
  });
  afterAll(() => server.close());

  basicRules(async () => {
    projects += 1;
    const people = await redminePeople(server, `rules-${process.pid}-${projects}`);
    const world: Omit<World, 'there'> = createWorld({
      elsewhere: {
        simulator: { hosts: [new URL(server.url).host], fetch: (request) => fetch(request) },
        inputs: {
          tracker: 'redmine',
          'tracker-url': server.url,
          project: people.identifier,
          'tracker-token': people.syncKey,
          'text-format': textFormat,
          'default-issue-type': 'Task',
        },
      },
    });
    return Object.assign(world, { there: realRedmineSide(people, textFormat) });
  });
});

import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

for (const tracker of ['github', 'jira-dc', 'redmine'] as const)
  test(`comments of a deleted issue stay where they were copied, and cross to the copy that takes its place (${tracker})`, async () => {
    const world = createWorld({ tracker });
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Broken', text: 'It fails.' });
    await world.cycle();
    world.clock.advance(minuteMs);
    const key = world.jira.people.issues()[0]?.key ?? '';
    world.there.addComment(id, { as: 'dana', text: 'Mine.' });
    world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Seen by Ben.')) });
    await rounds(world, 2);
    const texts = () => world.there.comments(id).map(({ text }) => text);
    expect(texts().filter((text) => text.includes('Seen by Ben.'))).toHaveLength(1);

    world.jira.people.deleteIssue(key);
    world.states.clear();
    const told = await rounds(world, 4);
    expect(texts().filter((text) => text.includes('Seen by Ben.'))).toHaveLength(1);
    expect(told.filter((line) => line.includes('comment'))).toEqual(['public comment created', 'public comment created']);
    const copy = world.jira.people.issues()[0];
    expect(copy?.comments).toHaveLength(2);
    expect(JSON.stringify(copy?.comments[1]?.body)).toContain('Ben Okafor commented:');
    world.states.clear();
    expect(await rounds(world, 2)).toEqual([]);
  });

import { expect, test } from 'vitest';
import { outOfReach } from './history-outage.ts';
import { documentOf, paragraph } from './jira-origin.ts';
import { roundOrError, rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** Connects a site that has another project, too. */
async function connected(world: World) {
  await world.connect();
  world.jira.people.addProject({ key: 'ELSE', name: 'Elsewhere' });
}

const move = (world: World, id: string, project: string) => world.jira.people.moveIssue(id, { as: world.people.ann, project });

/** The state is lost while the issue of Jira lies elsewhere, or cannot be read for a moment. */
for (const how of ['nothing', 'moved', 'media'] as const)
  for (const what of ['buried', 'unstamped'] as const)
    test(`a copy of a comment that is ${what} stays what it is when the state is lost while its origin is out of reach (${how})`, async () => {
      let isOut = false;
      const world = createWorld({
        jira: {
          faults: ({ url }) => (isOut && url.includes('/attachment/content/') ? { kind: 'status', status: 503 } : undefined),
        },
      });
      await connected(world);
      const { people } = world.jira;
      const { key, id: jiraId } = people.createIssue({
        project: 'ACME',
        as: world.people.ann,
        summary: 'Title',
        labels: ['sync'],
      });
      const { mediaId } = people.addAttachment(key, { as: world.people.ann, name: 'plan.png', bytes: Buffer.from('plan') });
      const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
      const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
      people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha'), picture, paragraph('Omega')) });
      for (const text of ['One', 'Two']) people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(text)) });
      await rounds(world, 2);
      const [id = ''] = world.there.ids();
      expect(world.there.comments(id)).toHaveLength(2);
      const two = world.there.comments(id).find(({ text }) => text.includes('Two'));
      if (what === 'buried') world.there.removeComment(id, two?.id ?? '');
      // Somebody writes the text anew, and the hidden stamp goes with it.
      else
        world.there.editComment(id, {
          id: two?.id ?? '',
          as: 'dana',
          text: (two?.text ?? '').replace(/\n*<!-- sallyport:[\s\S]*$/, ''),
        });
      await rounds(world, 3, what === 'buried' ? { 'audit-period': '1m' } : {});
      const count = what === 'buried' ? 1 : 2;
      expect(world.there.comments(id)).toHaveLength(count);
      // The last write is one to GitHub: its stamp is newer than the ledger.
      people.editIssue(key, { as: world.people.ann, summary: 'Title, edited' });
      await rounds(world, 1);
      expect(world.there.summary(id)).toBe('Title, edited');
      if (how === 'moved') move(world, jiraId, 'ELSE');
      if (how === 'media') isOut = true;
      world.states.clear();
      await rounds(world, 1);
      if (how === 'moved') move(world, jiraId, 'ACME');
      isOut = false;
      await rounds(world, 5);
      expect(people.issue(jiraId)?.comments).toHaveLength(2);
      expect(world.there.comments(id)).toHaveLength(count);
    });

test.each([false, true])(
  'an edit that a write replaced comes to light, though no history could be read, the state is lost, and the issue cannot be read by the next run (%s)',
  async (isUnreadable) => {
    const { world, reach } = outOfReach();
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Title', text: 'First.\n\nSecond.\n\nThird.' });
    world.there.addComment(id, { as: 'dana', text: 'A comment.' });
    await rounds(world, 2);
    const key = world.jira.people.issues()[0]?.key ?? '';
    world.jira.people.editIssue(key, {
      as: world.people.ben,
      description: documentOf(paragraph('First of Ben.'), paragraph('Second.'), paragraph('Third.')),
    });
    let met = false;
    world.onRequest = (_, { method, url }) => {
      if (met || method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
      met = true;
      reach.out = 'history';
      world.there.edit(id, { as: 'dana', text: 'First.\n\nSecond.\n\nThird of Dana.' });
    };
    const told = await rounds(world, 1);
    expect(met).toBe(true);
    expect(world.there.text(id)).not.toContain('Third of Dana');
    reach.out = isUnreadable ? 'issue' : undefined;
    world.states.clear();
    told.push(...(await roundOrError(world)));
    reach.out = undefined;
    told.push(...(await rounds(world, 5)));
    const stands = world.there.text(id).includes('Third of Dana');
    expect(stands || told.some((line) => line.startsWith('conflict description'))).toBe(true);
  },
);

test('issues that a backfill left for the next cycle are taken up although the state is lost', async () => {
  const world = createWorld();
  const { people } = world.jira;
  people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Old on Jira', labels: ['sync'] });
  world.github.createIssue({ repository: world.repository, as: 'dana', title: 'Old on GitHub', labels: ['sync'], body: 'Text' });
  world.clock.advance(60 * minuteMs);
  await world.connect();
  world.clock.advance(60 * minuteMs);
  await world.cycle({ backfill: 'true', 'max-changes': '1' });
  expect(people.issues()).toHaveLength(1);
  world.states.clear();
  await rounds(world, 4, { backfill: 'true' });
  expect(people.issues().map(({ summary }) => summary)).toContain('Old on GitHub');
});

test.each([
  [false, true],
  [true, true],
  [true, false],
])(
  'nothing is written to a copy that lies in another project of Jira (state lost %s, another issue in sync %s)',
  async (isLost, hasOther) => {
    const world = createWorld();
    await connected(world);
    const { people } = world.jira;
    const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
    if (hasOther) world.there.create({ as: 'dana', summary: 'Other', text: 'Text' });
    await rounds(world, 2);
    const { id: jiraId = '' } = people.issues().find(({ summary }) => summary === 'Title') ?? {};
    move(world, jiraId, 'ELSE');
    if (isLost) world.states.clear();
    world.there.addComment(id, { as: 'dana', text: 'For the old project alone.' });
    world.there.attach(id, { as: 'dana', name: 'plot.png', text: 'plot' });
    const before = JSON.stringify(people.issue(jiraId)?.properties);
    await rounds(world, 3);
    const after = people.issue(jiraId);
    expect(after?.comments).toEqual([]);
    expect(after?.attachments).toEqual([]);
    expect(JSON.stringify(after?.properties)).toBe(before);
  },
);

test.each([false, true])(
  'a full audit takes no file away whose issue cannot be read, also right after the state was lost (%s)',
  async (isLost) => {
    const world = createWorld();
    await connected(world);
    const { people } = world.jira;
    const { key, id: jiraId } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'] });
    people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Other', labels: ['sync'] });
    people.addAttachment(key, { as: world.people.ann, name: 'a.txt', bytes: Buffer.from('bytes of a') });
    await rounds(world, 2);
    expect(world.there.storedFiles()).toEqual(['bytes of a']);
    move(world, jiraId, 'ELSE');
    if (isLost) world.states.clear();
    await rounds(world, 1, { audit: 'full' });
    move(world, jiraId, 'ACME');
    await rounds(world, 4);
    expect(world.there.storedFiles()).toEqual(['bytes of a']);
  },
);

test.each([false, true])(
  'of connected issues a removed copy stays removed, when the state is lost while one lies elsewhere (%s)',
  async (isMoved) => {
    const world = createWorld();
    await connected(world);
    const { people } = world.jira;
    const { key, id: jiraId } = people.createIssue({
      project: 'ACME',
      as: world.people.ann,
      summary: 'Title',
      description: 'Text',
    });
    const { number } = world.github.createIssue({ repository: world.repository, as: 'dana', title: 'Title', body: 'Text' });
    const id = String(number);
    world.clock.advance(minuteMs);
    await world.cycle({ operation: 'connect', issues: `${key} #${number}` });
    for (const text of ['One', 'Two']) people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(text)) });
    await rounds(world, 2);
    expect(world.there.comments(id)).toHaveLength(2);
    world.there.removeComment(id, world.there.comments(id).find(({ text }) => text.includes('Two'))?.id ?? '');
    await rounds(world, 3, { 'audit-period': '1m' });
    people.editIssue(key, { as: world.people.ann, summary: 'Title, edited' });
    await rounds(world, 1);
    if (isMoved) move(world, jiraId, 'ELSE');
    world.states.clear();
    await rounds(world, 1);
    if (isMoved) move(world, jiraId, 'ACME');
    await rounds(world, 4);
    expect(world.there.comments(id)).toHaveLength(1);
  },
);

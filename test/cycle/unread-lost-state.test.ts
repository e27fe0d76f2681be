import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { historyOutage } from './history-outage.ts';
import { linesOf, rounds } from './rounds.ts';
import { createWorld } from './world.ts';

test.each([1, 2])(
  'an edit that the write of cycle %i replaced comes to light, though no history could be read and the state is lost',
  async (nth) => {
    const { world, outage } = historyOutage();
    await world.connect();
    const { people } = world.jira;
    const { key } = people.createIssue({
      project: 'ACME',
      as: world.people.ann,
      summary: 'Title',
      labels: ['sync'],
      description: documentOf(paragraph('Alpha')),
    });
    const showPicture = () => {
      const { mediaId } = people.addAttachment(key, { as: world.people.ben, name: 'plan.png', bytes: Buffer.from('plan') });
      const media = { type: 'media', attrs: { type: 'file', id: mediaId, collection: '' } };
      const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
      people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha'), picture, paragraph('Omega')) });
    };
    if (nth === 2) await rounds(world, 1);
    showPicture();
    let met = false;
    world.onRequest = (_, { method, url }) => {
      if (method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
      world.onRequest = undefined;
      const id = world.there.ids()[0] ?? '';
      outage.isOn = true;
      met = true;
      world.there.edit(id, { as: 'dana', text: `Of Dana\n\n${world.there.text(id)}` });
    };
    const told = await rounds(world, 1);
    expect(met).toBe(true);
    outage.isOn = false;
    world.states.clear();
    told.push(...(await rounds(world, 4)));
    const stands = world.there.text(world.there.ids()[0] ?? '').includes('Of Dana');
    expect(stands || told.some((line) => line.startsWith('conflict description'))).toBe(true);
  },
);

test.each([false, true])(
  'what was taken out stays out, when the state is lost after some cycles in which no history could be read (%s)',
  async (isOpen) => {
    let isOut = false;
    let first = '';
    const world = createWorld({
      github: {
        faults: ({ url }) => (isOut && new URL(url).pathname === '/graphql' ? { kind: 'status', status: 502 } : undefined),
      },
    });
    await world.connect();
    const { people } = world.jira;
    const create = (summary: string) =>
      people.createIssue({
        project: 'ACME',
        as: world.people.ann,
        summary,
        labels: ['sync'],
        description: documentOf(paragraph('Alpha'), paragraph('Beta')),
      }).key;
    const one = create('One');
    await rounds(world, 1);
    first = world.there.ids()[0] ?? '';
    const two = create('Two');
    await rounds(world, 2);
    const second = world.there.ids().find((id) => id !== first) ?? '';
    isOut = isOpen;
    people.editIssue(one, { as: world.people.ann, summary: 'One, edited' });
    await rounds(world, 1);
    const told: string[] = [];
    world.there.edit(second, { as: 'dana', text: world.there.text(second).replace('Beta', 'Beta\n\nAdded by Dana') });
    await rounds(world, 2);
    expect(people.issue(two)?.descriptionText).toContain('Added by Dana');
    people.editIssue(two, { as: world.people.ben, description: documentOf(paragraph('Alpha'), paragraph('Beta')) });
    await rounds(world, 3);
    expect(world.there.text(second)).not.toContain('Added by Dana');
    isOut = false;
    world.states.clear();
    world.clock.advance(20 * 60_000);
    told.push(...linesOf((await world.cycle()).result));
    told.push(...(await rounds(world, 2)));
    expect(world.there.text(second)).not.toContain('Added by Dana');
    expect(people.issue(two)?.descriptionText).not.toContain('Added by Dana');
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
  },
);

import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulators/simulator.ts';
import { createWorld } from './world.ts';
import type { PrivateKind, World } from './world.ts';

const minuteMs = 60_000;

/** Trackers whose answers to writes tell nothing: what was stored takes a reading, and people do not wait for it. */
const readBack: readonly PrivateKind[] = ['jira-dc', 'redmine'];

for (const tracker of readBack) {
  test(`${tracker}: what a person writes between an edit and its reading is an edit, and crosses`, async () => {
    const world = createWorld({ tracker });
    await world.connect();
    const { ann } = world.people;
    const { key } = world.jira.people.createIssue({
      project: 'ACME',
      as: ann,
      summary: 'First',
      labels: ['sync'],
      description: 'One.',
    });
    await world.cycle();
    const [copy = ''] = world.there.ids();
    world.clock.advance(20 * 60_000);
    world.jira.people.editIssue(key, { as: ann, summary: 'Second', description: 'Two.' });
    let written = false;
    world.onRequest = (_index, request) => {
      if (written) {
        world.there.edit(copy, { as: 'dana', summary: 'Third', text: 'Three.' });
        world.onRequest = undefined;
      }
      written ||= request.method === 'PUT' && new URL(request.url).host !== 'acme.atlassian.net';
    };
    await world.cycle();
    for (let round = 0; round < 2; round += 1) {
      world.clock.advance(20 * 60_000);
      await world.cycle();
    }
    expect(world.there.summary(copy)).toBe('Third');
    expect(world.jira.people.issue(key)).toMatchObject({ summary: 'Third', descriptionText: 'Three.' });
    expect(world.violations()).toEqual([]);
  });

  test(`${tracker}: what a person writes in the second of a copy's creation is an edit, and crosses`, async () => {
    const world = createWorld({ tracker });
    await world.connect();
    const { ann } = world.people;
    const { key } = world.jira.people.createIssue({
      project: 'ACME',
      as: ann,
      summary: 'First',
      labels: ['sync'],
      description: 'One.',
    });
    world.onRequest = () => {
      const [copy] = world.there.ids();
      if (copy === undefined) return;
      world.there.edit(copy, { as: 'dana', summary: 'Second', text: 'Two.' });
      world.onRequest = undefined;
    };
    for (let round = 0; round < 3; round += 1) {
      await world.cycle();
      world.clock.advance(20 * 60_000);
    }
    expect(world.jira.people.issue(key)).toMatchObject({ summary: 'Second', descriptionText: 'Two.' });
    expect(world.violations()).toEqual([]);
  });

  test(`${tracker}: what a person makes of a comment's copy before it is read for the first time crosses`, async () => {
    const world = createWorld({ tracker });
    await world.connect();
    const { ann } = world.people;
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'First', labels: ['sync'] });
    await world.cycle();
    const [copy = ''] = world.there.ids();
    world.clock.advance(20 * 60_000);
    const own = world.jira.people.addComment(key, { as: ann, body: 'One.' });
    const edit = (from: string, to: string): void => {
      world.onRequest = () => {
        const comment = world.there.comments(copy).find(({ text }) => text.includes(from));
        if (comment === undefined) return;
        world.onRequest = undefined;
        world.there.editComment(copy, { id: comment.id, as: 'dana', text: comment.text.replace(from, to) });
      };
    };
    const cycles = async (): Promise<void> => {
      for (const minutes of [25 * 60, 20, 25 * 60, 20]) {
        await world.cycle();
        world.clock.advance(minutes * 60_000);
      }
    };
    edit('One.', 'Two.');
    await cycles();
    expect(world.jira.people.issue(key)?.comments[0]?.text).toBe('Two.');
    world.jira.people.editComment(key, own.id, { as: ann, body: 'Three.' });
    edit('Three.', 'Four.');
    await cycles();
    expect(world.jira.people.issue(key)?.comments[0]?.text).toBe('Four.');
    expect(world.violations()).toEqual([]);
  });
}

test('the copy of a file that a person removes before it was read back stays away, and is no failure', async () => {
  const world = createWorld();
  await world.connect();
  const origin = world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  world.there.attach(origin, { as: 'dana', name: 'plot.png', text: 'picture bytes' });
  const files = () => world.jira.people.issues().flatMap((issue) => issue.attachments);
  world.onRequest = () => {
    const [file] = files();
    if (file === undefined) return;
    world.jira.people.deleteAttachment(file.id, world.people.ben);
    world.onRequest = undefined;
  };
  for (let round = 0; round < 4; round += 1) {
    expect((await world.cycle()).result.failures).toEqual([]);
    world.clock.advance(20 * 60_000);
  }
  expect(world.onRequest).toBeUndefined();
  expect(files()).toEqual([]);
  expect(world.violations()).toEqual([]);
});

/** A file of GitHub arrives on Jira, and no reading of it goes through: nothing tells whether it is whole. */
async function copiedUnread(rewrite?: World['rewrite']) {
  const world = createWorld();
  await world.connect();
  world.rewrite = rewrite;
  const origin = world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  world.there.attach(origin, { as: 'dana', name: 'plot.txt', text: 'some bytes' });
  const files = () => world.jira.people.issues().flatMap((issue) => issue.attachments);
  const readings: string[] = [];
  let isCut = true;
  world.onRequest = (_, { url }) => {
    if (!/\/file\/[^/]+\/binary/.test(url)) return;
    readings.push(url);
    if (isCut) throw new TypeError('fetch failed');
  };
  const [failure] = (await world.cycle()).result.failures;
  expect(failure).toMatchObject({ what: 'attachment plot.txt', parked: false, next: expect.stringContaining('was copied') });
  expect(files()).toHaveLength(1);
  isCut = false;
  world.rewrite = undefined;
  world.clock.advance(20 * 60_000);
  return { world, origin, files, readings };
}

test('a copy that could not be read back is read back by the next cycle, and not sent again', async () => {
  const { world, files, readings } = await copiedUnread();
  const [copy] = files();
  const before = readings.length;
  expect((await world.cycle()).result.failures).toEqual([]);
  expect(files()).toEqual([copy]);
  expect(readings.length).toBeGreaterThan(before);
  world.clock.advance(20 * 60_000);
  const after = readings.length;
  expect((await world.cycle()).result.failures).toEqual([]);
  expect(readings).toHaveLength(after);
  expect(world.violations()).toEqual([]);
});

test('a copy that could not be read back goes with its origin, and does not become a file of its own', async () => {
  const { world, origin, files } = await copiedUnread();
  world.there.edit(origin, { as: 'dana', text: 'One.' });
  for (let round = 0; round < 4; round += 1) {
    expect((await world.cycle()).result.failures).toEqual([]);
    world.clock.advance(20 * 60_000);
  }
  expect(files()).toEqual([]);
  expect(world.there.text(origin)).not.toContain('plot.txt');
  expect(world.violations()).toEqual([]);
});

/** Something on the way changes what is uploaded. */
const spoilt: World['rewrite'] = async (request) => {
  if (request.method !== 'POST' || !request.url.endsWith('/attachments')) return request;
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: (await request.text()).replace('some bytes', 'same bytes') });
};

test('a copy of which the next cycle reads other bytes is taken away and sent again', async () => {
  const { world, files } = await copiedUnread(spoilt);
  const [first] = files();
  expect((await world.cycle()).result.failures).toEqual([]);
  expect(files()).toMatchObject([{ name: 'plot.txt' }]);
  expect(files()[0]?.id).not.toBe(first?.id);
  world.clock.advance(20 * 60_000);
  expect(await world.cycle()).toMatchObject({ requests: { writes: { public: 0, private: 0 } } });
  expect(files()).toHaveLength(1);
  expect(world.violations()).toEqual([]);
});

test('a copy that arrived with other bytes and cannot be taken away is no file of a person', async () => {
  let isBroken = true;
  const down: Fault = { kind: 'status', status: 503 };
  const world = createWorld({
    jira: { faults: ({ method, url }) => (isBroken && method === 'DELETE' && url.includes('/attachment/') ? down : undefined) },
  });
  await world.connect();
  world.rewrite = spoilt;
  const origin = world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  world.there.attach(origin, { as: 'dana', name: 'plot.txt', text: 'some bytes' });
  const text = world.there.text(origin);
  const [failure] = (await world.cycle()).result.failures;
  expect(failure).toMatchObject({ what: 'attachment plot.txt', parked: false });
  isBroken = false;
  world.rewrite = undefined;
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(20 * minuteMs);
    expect((await world.cycle()).result.failures).toEqual([]);
  }
  const files = world.jira.people.issues().flatMap((issue) => issue.attachments);
  expect(files.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['some bytes']);
  expect(world.there.storedFiles()).toEqual([]);
  expect(world.there.text(origin)).toBe(text);
  expect(world.violations()).toEqual([]);
});

/** Jira's server drops full stops of what it is given. */
async function worldOfOwnWays(): Promise<World> {
  const world = createWorld();
  await world.connect();
  world.rewrite = async (request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/rest/api/3/issue')) return request;
    const { url, method, headers } = request;
    return new Request(url, { method, headers, body: (await request.text()).replace('Said here.', 'Said here') });
  };
  return world;
}

/** Somebody edits the new copy right before a request. */
async function copyOfGitHub(isDue: (url: string) => boolean, edit: (world: World, key: string) => void): Promise<World> {
  const world = await worldOfOwnWays();
  let isEdited = false;
  world.onRequest = (_, { url }) => {
    const [copy] = world.jira.people.issues();
    if (isEdited || copy === undefined || !isDue(url)) return;
    isEdited = true;
    edit(world, copy.key);
  };
  world.there.create({ as: 'dana', summary: 'Title', text: 'Said here.' });
  for (let round = 0; round < 3; round += 1) {
    await world.cycle();
    world.clock.advance(16 * minuteMs);
  }
  expect(isEdited).toBe(true);
  return world;
}

/** Right before the request that a person's edit comes before. */
const moments: readonly (readonly [string, (url: string) => boolean])[] = [
  ['before it was read', (url) => url.endsWith('/issue/bulkfetch')],
  ['after it was read', (url) => url.endsWith('/changelog/bulkfetch')],
];

test.each(moments)('how Jira stored a new copy is no edit of it, though a person changed another field %s', async (_, isDue) => {
  const world = await copyOfGitHub(isDue, ({ jira, people }, key) =>
    jira.people.editIssue(key, { as: people.ben, summary: 'Of Ben' }),
  );
  const [id = ''] = world.there.ids();
  expect(world.there.text(id)).toMatch(/^Said here\.$/m);
  expect(world.there.summary(id)).toBe('Of Ben');
});

test.each(moments)('a text of a new copy that a person changed %s crosses', async (_, isDue) => {
  const world = await copyOfGitHub(isDue, ({ jira, people }, key) =>
    jira.people.editIssue(key, { as: people.ben, description: 'Said here, by Ben' }),
  );
  const [id = ''] = world.there.ids();
  expect(world.there.text(id)).toMatch(/^Said here, by Ben$/m);
});

test.each<readonly [string, (world: World, key: string) => void, string]>([
  ['commented', ({ jira, people }, key) => jira.people.addComment(key, { as: people.ben, body: 'Seen.' }), 'Said here.'],
  [
    'changed the summary',
    ({ jira, people }, key) => jira.people.editIssue(key, { as: people.ben, summary: 'Of Ben' }),
    'Said here.',
  ],
  [
    'changed it',
    ({ jira, people }, key) => jira.people.editIssue(key, { as: people.ben, description: 'Said by Ben' }),
    'Said by Ben',
  ],
])('how Jira stored a copy is no edit of it, though the state is lost: a person %s since', async (_, edit, text) => {
  const world = await worldOfOwnWays();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Said here.' });
  await world.cycle();
  world.clock.advance(16 * minuteMs);
  edit(world, world.jira.people.issues()[0]?.key ?? '');
  world.states.clear();
  for (let round = 0; round < 3; round += 1) {
    await world.cycle();
    world.clock.advance(16 * minuteMs);
  }
  expect(world.there.text(id).split('\n')).toContain(text);
  expect(world.violations()).toEqual([]);
});

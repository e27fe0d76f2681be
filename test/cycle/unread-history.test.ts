import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { dieAfter } from './die-after.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { historyOutage, outOfReach } from './history-outage.ts';
import { linesOf, roundOrError, rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;

/** A comment of Ben's that says One on both sides, and that he has made Two since; the id of its issue's copy. */
async function editedComment(world: World): Promise<string> {
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  await rounds(world, 2);
  world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(paragraph('Two')) });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 2' });
  return id;
}

/** Dana edits the comment's copy. */
function editCopy(world: World, id: string): void {
  const [copy] = world.there.comments(id);
  if (copy === undefined) throw new Error('the copy is missing');
  world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text.replace('One', 'Of Dana') });
}

for (const isOutage of [false, true])
  test(`an edit of a comment that a write met comes to light once the history can be read again (outage ${isOutage})`, async () => {
    const { world, outage } = historyOutage();
    const id = await editedComment(world);
    world.onRequest = (_, request) => {
      if (!isCommentEdit(request) || !request.url.includes('api.github.com')) return;
      world.onRequest = undefined;
      outage.isOn = isOutage;
      editCopy(world, id);
    };
    const told = await rounds(world, 1);
    outage.isOn = false;
    told.push(...(await rounds(world, 4)));
    const stands = world.there.comments(id)[0]?.text.includes('Of Dana');
    expect(stands || told.some((line) => line.startsWith('conflict comment'))).toBe(true);
  });

test('what a write met comes to light although the issue was read once more in that second, for the next write', async () => {
  const { world, outage } = historyOutage();
  const id = await editedComment(world);
  let edits = 0;
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !url.includes('api.github.com')) return;
    edits += 1;
    if (edits > 1) return;
    outage.isOn = true;
    world.there.edit(id, { as: 'dana', summary: 'Of Dana' });
    // To the next whole second.
    world.clock.advance(1_000 - (world.clock.now() % 1_000) + 10);
  };
  world.clock.advance(20 * minuteMs - (world.clock.now() % 1_000) + 500);
  const { result } = await world.cycle();
  expect(edits).toBe(2);
  outage.isOn = false;
  const told = [...linesOf(result), ...(await rounds(world, 4))];
  expect(told).toContainEqual(expect.stringMatching(/^conflict summary/));
});

test('an edit of a comment that could not be put back for a moment is put back', async () => {
  let isOut = false;
  let edits = 0;
  const world = createWorld({
    github: { faults: (request) => (isOut && isCommentEdit(request) ? { kind: 'status', status: 502 } : undefined) },
  });
  const id = await editedComment(world);
  world.onRequest = (_, request) => {
    if (!isCommentEdit(request) || !request.url.includes('api.github.com')) return;
    edits += 1;
    if (edits > 1) {
      isOut = true;
      return;
    }
    editCopy(world, id);
  };
  await rounds(world, 1);
  world.onRequest = undefined;
  isOut = false;
  await rounds(world, 4);
  expect(world.there.comments(id)[0]?.text).toContain('Of Dana');
});

/** The run that overwrote an edit of a comment died; the one that finds it can not read the history (or the copy) for a moment. */
for (const how of ['nothing', 'history', 'issue'] as const)
  test(`an edit of a comment that a dead run overwrote comes to light although the next run could not look (${how})`, async () => {
    const { world, reach } = outOfReach();
    const id = await editedComment(world);
    let isWritten = false;
    world.onRequest = (index, request) => {
      if (isCommentEdit(request) && request.url.includes('api.github.com')) {
        editCopy(world, id);
        isWritten = true;
      } else if (isWritten && request.method === 'PUT' && request.url.includes('/rest/api/3/issue/')) world.killAt = index;
    };
    world.clock.advance(20 * minuteMs);
    await expect(world.cycle()).rejects.toThrow(Killed);
    world.onRequest = undefined;
    world.killAt = undefined;
    reach.out = how === 'nothing' ? undefined : how;
    const told = [...(await roundOrError(world))];
    reach.out = undefined;
    told.push(...(await rounds(world, 5)));
    const stands = world.there.comments(id)[0]?.text.includes('Of Dana');
    expect(stands === true || told.some((line) => line.startsWith('conflict comment'))).toBe(true);
  });

for (const { outages, slow } of [
  { outages: 1, slow: 0 },
  { outages: 1, slow: 3_000 },
  { outages: 3, slow: 0 },
])
  test(`what was taken out long before comes back from no history (${outages} outages, a write ${slow} ms after its reading)`, async () => {
    const { world, outage } = historyOutage();
    const body = (...texts: string[]) => documentOf(...texts.map((text) => paragraph(text)));
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Beta'), paragraph('Gamma'));
    await rounds(world, 2);
    const told: string[] = [];
    const cycle = async (advance: number) => {
      world.clock.advance(advance);
      const { result } = await world.cycle();
      told.push(...linesOf(result));
    };
    const text = world.there.text(id);
    world.there.edit(id, { as: 'dana', text: text.replace('Alpha', 'Alpha\n\nThe password is 1234') });
    await cycle(2 * minuteMs);
    expect(JSON.stringify(world.jira.people.issue(key)?.description)).toContain('1234');
    world.clock.advance(minuteMs);
    world.jira.people.editIssue(key, { as: world.people.ben, description: body('Alpha', 'Beta', 'Gamma') });
    await cycle(2 * minuteMs);
    expect(world.there.text(id)).not.toContain('1234');
    await cycle(minuteMs);
    world.jira.people.editIssue(key, { as: world.people.ben, description: body('Alpha', 'Beta', 'Gamma, edited') });
    outage.isOn = true;
    if (slow > 0)
      world.onRequest = (_, { method, url }) => {
        if (method === 'PATCH' && /\/issues\/\d+$/.test(new URL(url).pathname)) world.clock.advance(slow);
      };
    for (let n = 0; n < outages; n += 1) await cycle(2 ** n * minuteMs);
    outage.isOn = false;
    for (let n = 0; n < 4; n += 1) await cycle(6 * 60 * minuteMs);
    expect(world.there.text(id)).not.toContain('1234');
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
  });

/** A write of what Ben made of a title on Jira meets what Dana makes of it on GitHub, whose history cannot be read from then on. */
async function metSummary(ofDana: string) {
  const { world, outage } = historyOutage();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    outage.isOn = true;
    world.there.edit(id, { as: 'dana', summary: ofDana });
  };
  return { world, outage, key, id };
}

for (const meanwhile of ["its server's clock was set", 'the state was lost'] as const)
  test(`a history that was out of reach is read from the same point on though ${meanwhile} meanwhile`, async () => {
    const { world, outage } = await metSummary('Title of Dana');
    const told = await rounds(world, 3);
    if (meanwhile === 'the state was lost') world.states.clear();
    else outage.aheadMs = 5 * minuteMs;
    outage.isOn = false;
    told.push(...(await rounds(world, 4)));
    expect(told.filter((line) => line.startsWith('conflict summary'))).toHaveLength(1);
  });

for (const [when, pauseMs] of [
  ['as soon as', 0],
  ['some time after', 20 * minuteMs],
] as const)
  test(`of a summary that a write met the later edit stands, found ${when} its history can be read again`, async () => {
    const { world, outage, key, id } = await metSummary('Title of Dana, later');
    const told = await rounds(world, 2);
    outage.isOn = false;
    world.clock.advance(pauseMs);
    // One side alone has changed since, in nothing that crosses: it alone is read.
    const number = Number(id);
    const known = world.github.issues(world.repository).find((issue) => issue.number === number)?.labels ?? [];
    world.github.setLabels({ repository: world.repository, number, as: 'dana', labels: [...known, 'other'] });
    told.push(...linesOf((await world.cycle()).result), ...(await rounds(world, 3)));
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual(['conflict summary private']);
    expect(world.there.summary(id)).toBe('Title of Dana, later');
    expect(world.jira.people.issue(key)).toMatchObject({ summary: 'Title of Dana, later' });
  });

test('a history that cannot be read ends no cycle that rebuilds, and makes no echo of what people edited meanwhile', async () => {
  const { world, outage } = historyOutage('jira');
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  await rounds(world, 2);
  const issues = () => world.jira.people.issues();
  world.jira.people.editIssue(issues()[0]?.key ?? '', { as: world.people.ann, summary: 'Title of Ann' });
  world.states.clear();
  outage.isOn = true;
  world.clock.advance(20 * minuteMs);
  const { result } = await world.cycle();
  expect(result.start).toBe('rebuilt');
  expect(linesOf(result)).toContain('failed what people edited in its copy');
  expect(world.there.summary(id)).toBe('Title');
  const other = world.there.create({ as: 'dana', summary: 'Other', text: 'Text' });
  await rounds(world, 2);
  expect(issues()).toHaveLength(2);
  outage.isOn = false;
  world.clock.advance(6 * 60 * minuteMs);
  await rounds(world, 3);
  expect(world.there.summary(id)).toBe('Title of Ann');
  expect(world.there.summary(other)).toBe('Other');
  expect(await rounds(world, 1)).toEqual([]);
});

test('a new copy whose history cannot be read is not made again, and what a person wrote into it crosses once it can', async () => {
  let isOut = true;
  const world = createWorld({
    tracker: 'jira-dc',
    dc: { faults: ({ url }) => (isOut && url.includes('changelog') ? { kind: 'status', status: 502 } : undefined) },
  });
  await world.connect();
  const { ann } = world.people;
  const issue = { project: 'ACME', as: ann, summary: 'First', labels: ['sync'], description: 'One.' };
  const { key } = world.jira.people.createIssue(issue);
  world.onRequest = () => {
    const [copy] = world.there.ids();
    if (copy === undefined) return;
    world.there.edit(copy, { as: 'dana', summary: 'Second' });
    world.onRequest = undefined;
  };
  expect(await rounds(world, 1)).toEqual(['private issue created', 'failed what people edited in its copy']);
  expect(await rounds(world, 1)).not.toContain('private issue created');
  expect(world.jira.people.issue(key)).toMatchObject({ summary: 'First' });
  isOut = false;
  world.clock.advance(6 * 60 * minuteMs);
  await rounds(world, 3);
  expect(world.there.ids()).toHaveLength(1);
  expect(world.jira.people.issue(key)).toMatchObject({ summary: 'Second', descriptionText: 'One.' });
});

test('what was read before a run died was not replaced by it, though the history of an earlier write is still to be read', async () => {
  const { world, outage } = historyOutage('jira');
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  await rounds(world, 2);
  const [copy] = world.jira.people.issues();
  const isWriteOfCopy = ({ method, url }: Request): boolean => method === 'PUT' && url.includes(`/rest/api/3/issue/${copy?.id}`);
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  world.onRequest = (_, request) => {
    if (!isWriteOfCopy(request)) return;
    world.onRequest = undefined;
    outage.isOn = true;
    world.jira.people.editIssue(copy?.key ?? '', { as: world.people.ben, description: documentOf(paragraph('Text of Ben')) });
  };
  const told = await rounds(world, 3);
  expect(world.there.text(id)).toContain('Text of Ben');
  outage.isOn = false;
  world.clock.advance(20 * minuteMs);
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Text of Ben', 'Text of Dana') });
  await dieAfter(world, isWriteOfCopy);
  told.push(...(await rounds(world, 4)));
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
  expect(JSON.stringify(world.jira.people.issue(copy?.key ?? '')?.description)).toContain('Text of Dana');
  expect(world.there.text(id)).not.toContain('Ben');
});

test('nor was what was read of a comment', async () => {
  const { world, outage } = historyOutage();
  const id = await editedComment(world);
  const [issue] = world.jira.people.issues();
  const isWriteOfCopy = (request: Request): boolean => isCommentEdit(request) && request.url.includes('api.github.com');
  world.onRequest = (_, request) => {
    if (isWriteOfCopy(request)) outage.isOn = true;
  };
  const told = await rounds(world, 1);
  world.onRequest = undefined;
  const [copy] = world.there.comments(id);
  world.there.editComment(id, { id: copy?.id ?? '', as: 'dana', text: copy?.text.replace('Two', 'Of Dana') ?? '' });
  told.push(...(await rounds(world, 2)));
  const [crossed] = world.jira.people.issue(issue?.key ?? '')?.comments ?? [];
  expect(JSON.stringify(crossed)).toContain('Of Dana');
  outage.isOn = false;
  world.clock.advance(20 * minuteMs);
  world.jira.people.editComment(issue?.key ?? '', crossed?.id ?? '', {
    as: world.people.ben,
    body: documentOf(paragraph('Three')),
  });
  world.jira.people.editIssue(issue?.key ?? '', { as: world.people.ben, summary: 'Title 3' });
  await dieAfter(world, isWriteOfCopy);
  told.push(...(await rounds(world, 4)));
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
  expect(world.there.comments(id)[0]?.text).toContain('Three');
});

for (const where of ['github', 'jira'] as const)
  test(`what was read before a write is no edit that it replaced, though the history was away for longer (${where})`, async () => {
    const { world, outage } = historyOutage(where);
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Last'));
    const ben = (text: string) =>
      world.jira.people.editIssue(key, { as: world.people.ben, description: documentOf(paragraph(text), paragraph('Last')) });
    const dana = (text: string) => world.there.edit(id, { as: 'dana', text: `${text}\n\nLast` });
    const [here, there] = where === 'jira' ? [ben, dana] : [dana, ben];
    const told: string[] = [];
    outage.isOn = true;
    there('One of there');
    told.push(...(await rounds(world, 1)));
    here('Two of here');
    told.push(...(await rounds(world, 1)));
    there('Three of there');
    told.push(...(await rounds(world, 1)));
    outage.isOn = false;
    told.push(...(await rounds(world, 4)));
    expect(told.filter((line) => line.startsWith('conflict'))).toEqual([]);
    expect(world.there.text(id)).toContain('Three of there\n\nLast');
    expect(world.there.text(id)).not.toContain('Two');
    expect(JSON.stringify(world.jira.people.issue(key)?.description)).not.toContain('Two');
  });

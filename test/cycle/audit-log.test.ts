import { expect, test } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { Killed, createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const auditLog = { 'audit-log': 'audit.jsonl' };

type Line = { phase: string; effect: number; kind: string; ids: Record<string, string>; [name: string]: unknown };

function lines(world: World): readonly Line[] {
  return world.auditLog.map((line): Line => JSON.parse(line));
}

function peopleWrite(world: World): string {
  const { key } = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Secret plan',
    description: 'Confidential body',
    labels: ['sync'],
  });
  world.jira.people.addComment(key, { as: world.people.ben, body: 'Hidden remark' });
  world.jira.people.addAttachment(key, {
    as: world.people.ann,
    name: 'codename.pdf',
    bytes: Buffer.from('bytes'),
    mediaType: 'application/pdf',
  });
  return key;
}

test('each effect has a line before and one after, with ids, hashes and the time of the connection, and no content', async () => {
  const world = createWorld();
  await world.connect();
  const key = peopleWrite(world);
  const { result } = await world.cycle(auditLog);
  const done = lines(world).filter(({ phase }) => phase === 'done');
  expect(new Set(done.map(({ kind }) => kind))).toEqual(
    new Set(['issue.create', 'attachment.create', 'fields.write', 'comment.create', 'marks.write']),
  );
  expect(lines(world).filter(({ phase }) => phase === 'intent')).toHaveLength(done.length);
  const id = world.jira.people.issue(key)?.id ?? '';
  expect(done.find(({ kind }) => kind === 'issue.create')).toEqual({
    time: expect.stringMatching(/^2026-11-23T09:/),
    run: result.cycleId,
    effect: 1,
    phase: 'done',
    kind: 'issue.create',
    side: 'private',
    twin: `${id}:1`,
    ids: { origin: id, issue: '1' },
    hashes: { summary: expect.any(String), description: expect.any(String), type: expect.any(String) },
  });
  const [file, comment] = ['attachment.create', 'comment.create'].map((kind) => done.find((line) => line.kind === kind));
  expect(file).toMatchObject({
    twin: `${id}:1`,
    ids: { origin: expect.stringMatching(/^\d+$/) },
    hashes: { file: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(comment).toMatchObject({
    twin: `${id}:1`,
    ids: { issue: '1', origin: expect.any(String), comment: expect.any(String) },
  });
  expect(world.auditLog.join('\n')).not.toMatch(/secret|confidential|hidden|codename|token|sallyport/i);
});

test('edits, removals and refusals have their lines, and a quiet cycle has none', async () => {
  const world = createWorld();
  await world.connect();
  const key = peopleWrite(world);
  await world.cycle();
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Another plan' });
  const remark = world.jira.people.issue(key)?.comments[0]?.id ?? '';
  world.jira.people.deleteComment(key, remark);
  await world.cycle(auditLog);
  expect(lines(world).map(({ kind, phase }) => `${kind} ${phase}`)).toContain('fields.write done');
  world.clock.advance(11 * minuteMs);
  await world.cycle(auditLog);
  expect(lines(world).map(({ kind, phase }) => `${kind} ${phase}`)).toContain('comment.remove done');
  const before = world.auditLog.length;
  await world.cycle(auditLog);
  expect(world.auditLog).toHaveLength(before);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'A third plan' });
  world.rewrite = (request) =>
    Promise.resolve(request.method === 'PATCH' ? new Request(`${request.url}/nowhere`, { method: 'GET' }) : request);
  await world.cycle(auditLog);
  expect(lines(world).at(-1)).toMatchObject({ kind: 'fields.write', phase: 'failed', error: 'gone' });
});

test('an effect during which the process died stands there as an intent alone', async () => {
  const world = createWorld();
  await world.connect();
  peopleWrite(world);
  let creates = 0;
  world.onRequest = (index, { method, url }) => {
    if (method === 'POST' && url.endsWith('/issues')) {
      creates += 1;
      world.killAt = index;
    }
  };
  await expect(world.cycle(auditLog)).rejects.toThrow(Killed);
  expect(creates).toBe(1);
  expect(lines(world)).toMatchObject([{ phase: 'intent', kind: 'issue.create', effect: 1 }]);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.clock.advance(10 * minuteMs);
  await world.cycle(auditLog);
  expect(lines(world).filter(({ kind }) => kind === 'issue.create')).toHaveLength(1);
});

test('an effect whose intent cannot be noted is not made, and the run ends with that error', async () => {
  const world = createWorld();
  await world.connect();
  peopleWrite(world);
  world.onAudit = () => {
    throw new SallyportError('audit-log: audit.jsonl cannot be written (ENOSPC).', { kind: 'configuration' });
  };
  await expect(world.cycle(auditLog)).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringContaining('ENOSPC'),
  });
  expect(world.github.issues('acme/app')).toEqual([]);
  world.onAudit = undefined;
  await world.cycle(auditLog);
  expect(world.github.issues('acme/app')).toHaveLength(1);
});

test('a dry run opens no log', async () => {
  const world = createWorld();
  await world.connect();
  peopleWrite(world);
  world.onAudit = () => {
    throw new Error('written');
  };
  expect((await world.cycle({ ...auditLog, 'dry-run': 'true' })).result.changes).not.toEqual([]);
});

test('clean-up is in the log as well: one line before each issue that stamps are taken off, and one after', async () => {
  const world = createWorld();
  await world.connect();
  peopleWrite(world);
  await world.cycle();
  await world.run({ operation: 'clean-up', confirm: 'true', state: 'memory', ...world.inputs, ...auditLog });
  const erased = lines(world).filter(({ kind }) => kind === 'marks.erase');
  expect(erased.map(({ phase, side }) => `${phase} ${side}`).toSorted()).toEqual([
    'done private',
    'done public',
    'intent private',
    'intent public',
  ]);
});

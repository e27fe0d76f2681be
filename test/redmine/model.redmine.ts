import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createRedmineSimulator } from '../../src/simulators/redmine/redmine.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';
import { redminePeople } from './people.ts';
import type { RedmineServer } from './start-redmine.ts';
import { startRedmine } from './start-redmine.ts';

interface Call {
  readonly as: 'ada' | 'sync' | 'nobody';
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Bytes of a file, in place of a body. */
  readonly bytes?: Uint8Array;
}

type Send = (call: Call) => Promise<Response>;

const fileBytesMax = 1_024 * 1_024;

let server: RedmineServer;
beforeAll(async () => {
  server = await startRedmine({ textFormat: 'textile', hasMarkField: true, fileKibMax: fileBytesMax / 1_024 });
});
afterAll(() => server.close());

/** What one server answers to the whole conversation, in which the second account is taken out of the project at the end. */
async function conversation(send: Send, project: { readonly id: number; readonly expel: () => unknown }): Promise<string[]> {
  const said: string[] = [];
  const ask = async (call: Call): Promise<unknown> => {
    const response = await send(call);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const value: unknown = isJson ? JSON.parse(text) : text;
    said.push(`${call.method} ${call.path.replace(/\?.*/, '')} as ${call.as}: ${response.status} ${plainly(value)}`);
    return value;
  };
  const edit = (issue: object, as: Call['as'] = 'ada'): Promise<unknown> =>
    ask({ as, method: 'PUT', path: '/issues/1.json', body: { issue } });
  const show = (as: Call['as'] = 'ada'): Promise<unknown> =>
    ask({ as, method: 'GET', path: '/issues/1.json?include=journals,attachments' });
  const list = (query: string): Promise<unknown> =>
    ask({ as: 'ada', method: 'GET', path: `/issues.json?status_id=*&subproject_id=!*&project_id=${project.id}&${query}` });
  const note = (id: number, notes: string, as: Call['as'] = 'ada'): Promise<unknown> =>
    ask({ as, method: 'PUT', path: `/journals/${id}.json`, body: { journal: { notes } } });
  const issue = { project_id: project.id, tracker_id: 1, subject: 'One', description: 'a\nb\r\nc  \n\n' };
  await ask({ as: 'ada', method: 'POST', path: '/issues.json', body: { issue } });
  await ask({ as: 'ada', method: 'POST', path: '/issues.json', body: { issue: { ...issue, subject: ' ' } } });
  await ask({ as: 'ada', method: 'POST', path: '/issues.json', body: { issue: { ...issue, subject: 'x'.repeat(256) } } });
  await ask({ as: 'ada', method: 'POST', path: '/issues.json', body: { issue: { project_id: project.id, subject: 'Two' } } });
  await edit({ subject: 'One' });
  await edit({ notes: 'x\r\ny\nz \n' });
  await edit({ notes: '  ' });
  await edit({ subject: 'Uno', description: 'new\ntext', tracker_id: 4, custom_fields: [{ id: 2, value: 'a\nb' }] });
  await edit({ subject: 'Eins', notes: 'and private', private_notes: true });
  await edit({ tracker_id: 99 });
  await show();
  const stored = await ask({ as: 'ada', method: 'POST', path: '/uploads.json?filename=a%20b.txt', bytes: Buffer.from('hello') });
  const { token } = z.object({ upload: z.object({ token: z.string() }) }).parse(stored).upload;
  await edit({ uploads: [{ token, filename: 'a b.txt', content_type: 'text/plain' }] });
  await edit({ uploads: [{ token, filename: 'a b.txt' }] });
  await ask({ as: 'sync', method: 'GET', path: '/attachments/download/1' });
  await ask({ as: 'ada', method: 'POST', path: '/uploads.json?filename=big', bytes: new Uint8Array(fileBytesMax + 1) });
  await show('sync');
  await ask({ as: 'ada', method: 'DELETE', path: '/attachments/1.json' });
  await ask({ as: 'ada', method: 'DELETE', path: '/attachments/1.json' });
  await ask({ as: 'ada', method: 'POST', path: '/uploads.json?filename=again.txt', bytes: Buffer.from('again') });
  await note(1, 'edited\nby another', 'sync');
  await show();
  await note(1, '');
  await note(1, 'gone');
  await show();
  await list('sort=updated_on:desc&limit=100&offset=0');
  await list('sort=id:asc&limit=1&offset=1');
  await list('sort=id:asc&tracker_id=1|2&limit=100');
  await list('sort=id:asc&cf_1=1');
  await list(`updated_on=${encodeURIComponent('>=2100-01-01T00:00:00Z')}`);
  await list(`unheard_of=1&sort=id:asc`);
  await ask({ as: 'ada', method: 'GET', path: '/projects/app.json?include=trackers,enabled_modules' });
  await ask({ as: 'ada', method: 'GET', path: '/projects/none.json' });
  await ask({ as: 'ada', method: 'GET', path: '/issues/999.json' });
  await ask({ as: 'ada', method: 'GET', path: '/issues.json?project_id=999' });
  await ask({ as: 'nobody', method: 'GET', path: '/users/current.json' });
  await project.expel();
  await show('sync');
  await edit({ subject: 'z' }, 'sync');
  await note(2, 'z', 'sync');
  await ask({ as: 'sync', method: 'GET', path: '/projects/app.json' });
  await ask({ as: 'sync', method: 'GET', path: `/issues.json?project_id=${project.id}` });
  await ask({ as: 'sync', method: 'GET', path: '/issues.json?status_id=*' });
  await ask({ as: 'sync', method: 'POST', path: '/issues.json', body: { issue } });
  return said;
}

/** Without what differs between any two servers: times, addresses, numbers of people and projects, empty values left out. */
function plainly(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (/_on$|_date$/.test(name)) return part === null ? null : 'a time';
    if (name === 'content_url') return String(part).replace(/^https?:\/\/[^/]+/, '');
    if (name === 'project' && typeof part === 'object' && part !== null && !('trackers' in part)) return 'a project';
    if (name === 'project' && typeof part === 'object') return { ...part, id: 0 };
    if (name === 'enabled_modules') return Array.isArray(part) ? part.length : part;
    if ((name === 'author' || name === 'user') && typeof part === 'object') return { ...part, id: 0 };
    return part;
  });
}

/** A request of the conversation to whichever server. */
function request(url: string, call: Call, key: string): Request {
  const type = call.bytes === undefined ? 'application/json' : 'application/octet-stream';
  const body = call.bytes === undefined ? JSON.stringify(call.body) : Buffer.from(call.bytes);
  const hasBody = call.bytes !== undefined || call.body !== undefined;
  return new Request(`${url}${call.path}`, {
    method: call.method,
    headers: { 'x-redmine-api-key': key, 'content-type': type },
    ...(hasBody ? { body } : {}),
  });
}

function modelTalk(): Promise<string[]> {
  const url = 'http://redmine.example';
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 12, 0, 0));
  const model = createRedmineSimulator({ clock, url, hasMarkField: true, fileBytesMax });
  const { people } = model;
  people.addUser({ login: 'ada', firstname: 'Ada', lastname: 'Byron', apiKey: 'ada' });
  people.addUser({ login: 'sync', firstname: 'Sync', lastname: 'Bot', apiKey: 'sync' });
  const { id } = people.addProject({ identifier: 'app' });
  for (const login of ['ada', 'sync']) people.admit(login, 'app');
  const send: Send = (call) => {
    clock.advance(1_000);
    return model.fetch(request(url, call, call.as));
  };
  return conversation(send, { id, expel: () => people.expel('sync', 'app') });
}

async function realTalk(): Promise<string[]> {
  const people = await redminePeople(server, 'app');
  const keys = { ada: server.keys['ada'] ?? '', sync: people.syncKey, nobody: 'wrong' };
  const shown = await fetch(request(server.url, { as: 'ada', method: 'GET', path: '/projects/app.json' }, keys.ada));
  const { id } = z.object({ project: z.object({ id: z.number() }) }).parse(await shown.json()).project;
  let last = '';
  const send: Send = async (call) => {
    const response = await fetch(request(server.url, call, keys[call.as]));
    // Two changes within one second stand in whatever order in a list: the older issue is put back in time.
    if (call.method === 'POST' && call.path === '/issues.json' && last === '') server.backdate('1', 30);
    last = call.path;
    return response;
  };
  return conversation(send, { id, expel: () => people.expelSync() });
}

test('the model answers a long conversation as the real server does', async () => {
  expect(await modelTalk()).toEqual(await realTalk());
});

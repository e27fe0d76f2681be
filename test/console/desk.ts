import { randomBytes } from 'node:crypto';
import type { RawInputs } from '../../src/config/inputs.ts';
import { createAccess } from '../../src/console/access.ts';
import type { Access } from '../../src/console/access.ts';
import { createConsole } from '../../src/console/console.ts';
import type { Transport } from '../../src/gateway/gateway.ts';
import { invitationProblem } from '../../src/invitation/decode-invitation.ts';
import { createRedactor } from '../../src/main/redactor.ts';
import type { Runtime } from '../../src/operations/runtime.ts';
import { createGitHubSimulator } from '../../src/simulators/github/github.ts';
import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import type { JiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';

export const host = '127.0.0.1:4711';
export const origin = `http://${host}`;

export const secrets = { jiraToken: 'jira-token-of-the-desk-01', githubToken: 'ghp_TokenOfTheDeskForTests01' } as const;

/** A console in this process over simulators in this process, and a browser's part in it: a cookie and forms. */
export interface Desk {
  readonly access: Access;
  /** Of the browser that entered. */
  readonly cookie: string;
  readonly jira: JiraCloudSimulator;
  readonly github: GitHubSimulator;
  readonly people: { readonly ann: string; readonly sync: string };
  /** State blobs by id. */
  readonly states: Map<string, Uint8Array>;
  /** Any request, as it is. */
  send(path: string, init?: RequestInit & { readonly host?: string }): Promise<Response>;
  /** A page, with the cookie. */
  get(path: string): Promise<Response>;
  /** A form of the console's own. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
  /** A form whose work is waited for; the page that it ends on. */
  work(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
  /** A new console over the same trackers, which remembers nothing. Started with the same inputs, or with these. */
  reopen(given?: RawInputs): Promise<Desk>;
}

export async function createDesk(given: RawInputs = {}): Promise<Desk> {
  const clock = createVirtualClock(Date.UTC(2026, 4, 4, 9));
  const [site, tracker] = ['127.0.0.1:4001', '127.0.0.1:4002'];
  const jira = createJiraCloudSimulator({
    clock,
    host: site,
    mediaHost: 'localhost:4001',
    protocol: 'http:',
    limits: { rates: false },
  });
  const github = createGitHubSimulator({ clock, apiHost: tracker, webHost: tracker, protocol: 'http', shape: 'ghes' });
  const sync = jira.people.addAccount({
    displayName: 'Sallyport',
    email: 'sync@example.org',
    apiToken: secrets.jiraToken,
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support' });
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'syncbot', token: secrets.githubToken, permission: 'write' });
  github.addRepository({ owner: 'acme', name: 'app', private: true });

  const transport: Transport = (request) => {
    const simulator = [jira, github].find((candidate) => candidate.hosts.includes(new URL(request.url).host));
    if (simulator === undefined) throw new Error(`no simulator answers for ${request.url}`);
    return simulator.fetch(request);
  };
  const redactor = createRedactor();
  const stored = new Map<string, Uint8Array>();
  const files = new Map<string, string>();
  const runtime: Runtime = {
    transport: () => transport,
    clock: { monotonicMs: () => clock.now(), wait: (ms) => Promise.resolve(clock.advance(ms)), random: () => 0.5 },
    randomBytes: (count) => randomBytes(count),
    log: { info: () => undefined, warn: () => undefined, debug: () => undefined },
    mask: redactor.add,
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined ? Promise.reject(new Error(`there is no file ${path}`)) : Promise.resolve(text);
    },
    writeFile: (path, text) => {
      files.set(path, text);
      return Promise.resolve();
    },
    pathOf: (name) => name,
    store: () => ({
      load: (id) => Promise.resolve(stored.get(id)),
      save: (id, blob) => {
        stored.set(id, blob);
        return Promise.resolve({ kind: 'saved' });
      },
    }),
    version: '0.1.0',
    inWorkflow: false,
  };
  return openDesk({ jira, github, ann: ann.accountId, sync: sync.accountId, states: stored, now: () => clock.now() }, runtime, {
    given,
    redactor,
  });
}

interface Trackers {
  readonly jira: JiraCloudSimulator;
  readonly github: GitHubSimulator;
  readonly ann: string;
  readonly sync: string;
  readonly states: Map<string, Uint8Array>;
  readonly now: () => number;
}

async function openDesk(
  trackers: Trackers,
  runtime: Runtime,
  parts: { readonly given: RawInputs; readonly redactor: ReturnType<typeof createRedactor> },
): Promise<Desk> {
  const { jira, github } = trackers;
  const { given, redactor } = parts;
  const access = createAccess({ host, port: 4711 });
  const app = createConsole(
    {
      given,
      platform: { serverUrl: 'https://github.com', repository: '', token: '', codeProblem: invitationProblem },
      runtime: () => runtime,
      redact: redactor.apply,
      mask: redactor.add,
      assets: { style: '', script: '' },
      now: trackers.now,
    },
    access,
  );
  const send: Desk['send'] = (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('host', init.host ?? host);
    return app.fetch(new Request(`http://${host}${path}`, { ...init, headers }));
  };
  const entered = await send(access.entryPath);
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const get: Desk['get'] = (path) => send(path, { headers: { cookie } });
  const post: Desk['post'] = (path, fields = {}) =>
    send(path, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf: access.csrfToken, ...fields }).toString(),
    });
  return {
    access,
    cookie,
    jira,
    github,
    people: { ann: trackers.ann, sync: trackers.sync },
    states: trackers.states,
    send,
    get,
    post,
    reopen: (anew = given) => openDesk(trackers, runtime, { ...parts, given: anew }),
    work: async (path, fields) => {
      const started = await post(path, fields);
      const place = started.headers.get('location') ?? '';
      if (!place.startsWith('/task/')) return started;
      for (let lines = 0; ; ) {
        const news = (await (await get(`${place}/news?lines=${lines}`)).json()) as { lines: number; isOver: boolean };
        lines = news.lines;
        if (news.isOver) break;
      }
      const end = await get(place);
      const next = end.headers.get('location');
      return next === null ? end : get(next);
    },
  };
}

/** Signed in as the public side's admin. */
export async function signIn(desk: Desk): Promise<void> {
  await desk.post('/account', { site: 'http://127.0.0.1:4001', email: 'sync@example.org', token: secrets.jiraToken });
}

/** Initiates and accepts through the console's own forms; the path of the connection's page. */
export async function connectDesk(desk: Desk, options: { readonly name?: string } = {}): Promise<string> {
  await signIn(desk);
  const initiated = await desk.work('/initiate', { project: 'ACME', name: options.name ?? '', sealing: 'unsealed' });
  const id = /\/initiated\/([a-z0-9]{10})\//.exec(await initiated.text())?.[1] ?? '';
  const code = await (await desk.post(`/initiated/${id}/code`)).text();
  const draft = (await desk.post('/accept', { code })).headers.get('location') ?? '';
  await desk.work(`${draft}/check`, trackerFields);
  await desk.work(`${draft}/confirm`);
  return `/connections/${id}`;
}

export const trackerFields = {
  tracker: 'github',
  'tracker-url': 'http://127.0.0.1:4002',
  project: 'acme/app',
  'tracker-token': secrets.githubToken,
  'private-trigger': 'sync',
} as const;

import { z } from 'zod';
import type { RedmineServer } from './start-redmine.ts';

/** What people do in one project of a real Redmine, through its REST interface, each with a key of their own. */
export interface RedminePeople {
  readonly identifier: string;
  /** The API key of the connection's account, which is in no other project. */
  readonly syncKey: string;
  /** The number of a tracker by its name. */
  trackerId(name: string): Promise<number>;
  createIssue(issue: {
    readonly as: string;
    readonly summary: string;
    readonly text?: string;
    readonly type?: string;
    readonly inScope?: boolean;
  }): Promise<string>;
  editIssue(id: string, edit: { readonly as: string } & Readonly<Record<string, unknown>>): Promise<void>;
  deleteIssue(id: string): Promise<void>;
  /** Adds a note and gives its number. */
  addNote(id: string, note: { readonly as: string; readonly text: string; readonly isPrivate?: boolean }): Promise<string>;
  /** An empty text removes it. */
  editNote(id: string, note: { readonly as: string; readonly text: string }): Promise<void>;
  attach(id: string, file: { readonly as: string; readonly name: string; readonly bytes: Uint8Array }): Promise<string>;
  detach(attachmentId: string): Promise<void>;
  download(attachmentId: string): Promise<Uint8Array>;
  issues(): Promise<readonly ReadIssue[]>;
  issue(id: string): Promise<ReadIssue>;
  /** Takes the connection's account out of the project. */
  expelSync(): Promise<void>;
  admitSync(): Promise<void>;
  /** The account's role becomes Reporter, which adds issues and notes, and edits nothing. */
  restrictSync(): Promise<void>;
}

const issueSchema = z.object({
  id: z.number().transform(String),
  subject: z.string(),
  description: z.string().nullish(),
  tracker: z.object({ id: z.number(), name: z.string() }),
  author: z.object({ name: z.string() }),
  custom_fields: z.array(z.object({ name: z.string(), value: z.unknown() })).default([]),
  journals: z
    .array(z.object({ id: z.number().transform(String), notes: z.string().nullish(), private_notes: z.boolean() }))
    .default([]),
  attachments: z
    .array(z.object({ id: z.number().transform(String), filename: z.string(), author: z.object({ name: z.string() }) }))
    .default([]),
});
export type ReadIssue = z.infer<typeof issueSchema>;

/** People over a new project with this identifier, of which all of them are members. */
export async function redminePeople(server: RedmineServer, identifier: string): Promise<RedminePeople> {
  const call = async (as: string, method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'x-redmine-api-key': server.keys[as] ?? '', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const trackers = z
    .object({ trackers: z.array(z.object({ id: z.number(), name: z.string() })) })
    .parse(await call('admin', 'GET', '/trackers.json')).trackers;
  const users = z
    .object({ users: z.array(z.object({ id: z.number(), login: z.string() })) })
    .parse(await call('admin', 'GET', '/users.json?limit=100')).users;
  const made = await call('admin', 'POST', '/projects.json', {
    project: {
      name: identifier,
      identifier,
      is_public: false,
      enabled_module_names: ['issue_tracking'],
      tracker_ids: trackers.map(({ id }) => id),
    },
  });
  const project = z.object({ project: z.object({ id: z.number() }) }).parse(made).project.id;
  const admit = async (login: string, role = 'Manager'): Promise<unknown> =>
    call('admin', 'POST', `/projects/${identifier}/memberships.json`, {
      membership: {
        user_id: login === sync.login ? sync.id : users.find((user) => user.login === login)?.id,
        role_ids: [await roleId(call, role)],
      },
    });
  const sync = await newAccount(call, `sync-${identifier}`);
  for (const login of ['ada', 'ben', 'dana']) await admit(login);
  const admitSync = () => admit(sync.login);
  await admitSync();
  const journals = async (id: string) => (await read(id)).journals;
  const read = async (id: string): Promise<ReadIssue> =>
    z.object({ issue: issueSchema }).parse(await call('admin', 'GET', `/issues/${id}.json?include=journals,attachments`)).issue;
  return {
    identifier,
    syncKey: sync.key,
    trackerId: async (name) => z.number().parse(trackers.find((tracker) => tracker.name === name)?.id),
    createIssue: async ({ as, summary, text, type = 'Bug', inScope = true }) => {
      const answer = await call(as, 'POST', '/issues.json', {
        issue: {
          project_id: project,
          subject: summary,
          tracker_id: trackers.find(({ name }) => name === type)?.id,
          ...(text === undefined ? {} : { description: text }),
          custom_fields: [{ id: server.syncField, value: inScope ? '1' : '0' }],
        },
      });
      return z
        .object({ issue: z.object({ id: z.number() }) })
        .parse(answer)
        .issue.id.toString();
    },
    editIssue: async (id, { as, ...edit }) => void (await call(as, 'PUT', `/issues/${id}.json`, { issue: edit })),
    deleteIssue: async (id) => void (await call('admin', 'DELETE', `/issues/${id}.json`)),
    addNote: async (id, { as, text, isPrivate = false }) => {
      await call(as, 'PUT', `/issues/${id}.json`, { issue: { notes: text, private_notes: isPrivate } });
      return (await journals(id)).at(-1)?.id ?? '';
    },
    editNote: async (id, { as, text }) => void (await call(as, 'PUT', `/journals/${id}.json`, { journal: { notes: text } })),
    attach: async (id, { as, name, bytes }) => {
      const response = await fetch(`${server.url}/uploads.json?${new URLSearchParams({ filename: name }).toString()}`, {
        method: 'POST',
        headers: { 'x-redmine-api-key': server.keys[as] ?? '', 'content-type': 'application/octet-stream' },
        body: Buffer.from(bytes),
      });
      const { upload } = z.object({ upload: z.object({ id: z.number(), token: z.string() }) }).parse(await response.json());
      await call(as, 'PUT', `/issues/${id}.json`, { issue: { uploads: [{ token: upload.token, filename: name }] } });
      return String(upload.id);
    },
    detach: async (attachmentId) => void (await call('admin', 'DELETE', `/attachments/${attachmentId}.json`)),
    download: async (attachmentId) => {
      const response = await fetch(`${server.url}/attachments/download/${attachmentId}`, {
        headers: { 'x-redmine-api-key': server.keys['admin'] ?? '' },
      });
      return new Uint8Array(await response.arrayBuffer());
    },
    issues: async () => {
      const answer = await call('admin', 'GET', `/issues.json?project_id=${project}&status_id=*&sort=id&limit=100`);
      const { issues } = z.object({ issues: z.array(issueSchema) }).parse(answer);
      const whole: ReadIssue[] = [];
      for (const { id } of issues) whole.push(await read(id));
      return whole;
    },
    issue: read,
    expelSync,
    restrictSync: async () => {
      await expelSync();
      await admit(sync.login, 'Reporter');
    },
    admitSync: async () => void (await admitSync()),
  };

  async function expelSync(): Promise<void> {
    const answer = await call('admin', 'GET', `/projects/${identifier}/memberships.json?limit=100`);
    const { memberships } = z
      .object({ memberships: z.array(z.object({ id: z.number(), user: z.object({ id: z.number() }) })) })
      .parse(answer);
    const own = memberships.find(({ user }) => user.id === sync.id);
    await call('admin', 'DELETE', `/memberships/${own?.id}.json`);
  }
}

async function newAccount(
  call: (as: string, method: string, path: string, body?: unknown) => Promise<unknown>,
  login: string,
): Promise<{ readonly id: number; readonly login: string; readonly key: string }> {
  const made = await call('admin', 'POST', '/users.json', {
    user: { login, firstname: 'Sync', lastname: 'Bot', mail: `${login}@example.net`, password: `password of ${login}` },
  });
  const { user } = z.object({ user: z.object({ id: z.number(), api_key: z.string() }) }).parse(made);
  return { id: user.id, login, key: user.api_key };
}

async function roleId(call: (as: string, method: string, path: string) => Promise<unknown>, name: string): Promise<number> {
  const { roles } = z
    .object({ roles: z.array(z.object({ id: z.number(), name: z.string() })) })
    .parse(await call('admin', 'GET', '/roles.json'));
  return z.number().parse(roles.find((role) => role.name === name)?.id);
}

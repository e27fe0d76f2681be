import { z } from 'zod';
import { SallyportError } from '../errors.ts';
import { createTransport } from '../gateway/transport.ts';
import { createRedmineSimulator } from '../simulators/redmine/redmine.ts';
import type { ReservedPort } from '../simulators/serve.ts';
import type { VirtualClock } from '../simulators/simulator.ts';
import { picture } from './demo-content.ts';
import type { DemoTracker } from './demo-tracker.ts';

/** A project of a Redmine that runs somewhere. */
export interface RealRedmine {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  /** Its identifier. */
  readonly project: string;
  readonly textFormat: 'textile' | 'commonmark';
}

interface Server extends RealRedmine {
  readonly title: string;
  /** Key of the person who writes; on a real server the connection's own account. */
  readonly personKey: string;
}

/** The model of a Redmine. */
export function demoRedmine(clock: VirtualClock, port: ReservedPort): DemoTracker {
  const url = `${port.origin}/redmine`;
  const redmine = createRedmineSimulator({ clock, url });
  const { people } = redmine;
  people.addProject({ identifier: 'app', name: 'The app', trackers: ['Task', 'Bug', 'Feature', 'Support'] });
  people.addUser({ login: 'dana', firstname: 'Dana', lastname: 'Cruz', apiKey: 'key-of-dana' });
  people.addUser({ login: 'sallyport', firstname: 'Sallyport', lastname: 'Sync', apiKey: 'key-of-sallyport' });
  for (const login of ['dana', 'sallyport']) people.admit(login, 'app');
  port.start(redmine);
  return overRest({
    title: 'a model of Redmine on this machine',
    url,
    apiKey: 'key-of-sallyport',
    personKey: 'key-of-dana',
    project: 'app',
    textFormat: 'textile',
  });
}

/** A server that runs already. What the demonstration writes stays there. */
export function realRedmine(server: RealRedmine): DemoTracker {
  return overRest({ ...server, title: `the Redmine at ${new URL(server.url).host}`, personKey: server.apiKey });
}

/** Model and real server alike are written to through the REST interface. */
function overRest(server: Server): DemoTracker {
  const rest = createRest(server);
  let seeded = { cache: 0, guide: 0 };
  return {
    title: server.title,
    inputs: {
      tracker: 'redmine',
      'tracker-url': server.url,
      project: server.project,
      'tracker-token': server.apiKey,
      'text-format': server.textFormat,
      // Every issue that is new: a field for the trigger takes an administrator.
      'private-trigger': '*',
    },
    seed: async () => {
      seeded = await seed(rest, server.textFormat);
    },
    edit: () => edit(rest, seeded),
    rename: async (from, to) => {
      const copy = (await rest.issues()).find(({ subject }) => subject === from);
      if (copy !== undefined) await rest.put(copy.id, { subject: to });
    },
  };
}

const requestMsMax = 60_000;

interface Rest {
  create(issue: { readonly subject: string; readonly tracker: string; readonly description: string }): Promise<number>;
  put(id: number, issue: object): Promise<void>;
  upload(name: string, bytes: Uint8Array): Promise<string>;
  /** Numbers of the notes of an issue. */
  notes(id: number): Promise<readonly number[]>;
  removeNote(note: number): Promise<void>;
  issues(): Promise<readonly { readonly id: number; readonly subject: string }[]>;
}

const projectSchema = z.object({
  project: z.object({ id: z.number(), trackers: z.array(z.object({ id: z.number(), name: z.string() })) }),
});
const madeSchema = z.object({ issue: z.object({ id: z.number() }) });
const uploadSchema = z.object({ upload: z.object({ token: z.string() }) });
const journalsSchema = z.object({
  issue: z.object({ journals: z.array(z.object({ id: z.number(), notes: z.string().nullish() })) }),
});
const listSchema = z.object({ issues: z.array(z.object({ id: z.number(), subject: z.string() })) });

/** How a person's hand reaches the server. The connection's own requests go through its gateway. */
function createRest(server: Server): Rest {
  const transport = createTransport({ environment: {} });
  const call = async (method: string, path: string, body?: object | Uint8Array): Promise<unknown> => {
    const isFile = body instanceof Uint8Array;
    const bytes = isFile ? Uint8Array.from(body) : Buffer.from(body === undefined ? '' : JSON.stringify(body));
    const response = await transport(
      new Request(`${server.url}${path}`, {
        method,
        headers: {
          'x-redmine-api-key': server.personKey,
          'content-type': isFile ? 'application/octet-stream' : 'application/json',
          // Redmine takes a body without a length for none.
          ...(body === undefined ? {} : { 'content-length': String(bytes.byteLength) }),
        },
        ...(body === undefined ? {} : { body: bytes }),
      }),
      { signal: AbortSignal.timeout(requestMsMax) },
    );
    const text = await response.text();
    if (!response.ok)
      throw new SallyportError(`demo: Redmine answered ${response.status} for ${method} ${path}: ${text.slice(0, 200)}`, {
        kind: response.status === 401 || response.status === 403 ? 'permission' : 'answer',
      });
    return text.trim() === '' ? undefined : JSON.parse(text);
  };
  const project = async () =>
    projectSchema.parse(await call('GET', `/projects/${encodeURIComponent(server.project)}.json?include=trackers`)).project;
  return {
    create: async ({ tracker, ...issue }) => {
      const { id, trackers } = await project();
      const trackerId = (trackers.find(({ name }) => name === tracker) ?? trackers[0])?.id;
      const made = await call('POST', '/issues.json', { issue: { ...issue, project_id: id, tracker_id: trackerId } });
      return madeSchema.parse(made).issue.id;
    },
    put: async (id, issue) => void (await call('PUT', `/issues/${id}.json`, { issue })),
    upload: async (name, bytes) => {
      const stored = await call('POST', `/uploads.json?${new URLSearchParams({ filename: name }).toString()}`, bytes);
      return uploadSchema.parse(stored).upload.token;
    },
    notes: async (id) => {
      const { journals } = journalsSchema.parse(await call('GET', `/issues/${id}.json?include=journals`)).issue;
      return journals.filter(({ notes }) => (notes ?? '') !== '').map((journal) => journal.id);
    },
    removeNote: async (note) => void (await call('PUT', `/journals/${note}.json`, { journal: { notes: '' } })),
    issues: async () => {
      const { id } = await project();
      return listSchema.parse(await call('GET', `/issues.json?project_id=${id}&status_id=*&sort=id:desc&limit=100`)).issues;
    },
  };
}

async function seed(rest: Rest, textFormat: Server['textFormat']): Promise<{ readonly cache: number; readonly guide: number }> {
  const isTextile = textFormat === 'textile';
  const image = isTextile ? '!graph.png!' : '![graph](graph.png)';
  const strong = isTextile ? '*two*' : '**two**';
  const steps = isTextile ? '# start it\n# wait' : '1. start it\n2. wait';
  const cache = await rest.create({
    subject: 'Cache is never emptied',
    tracker: 'Bug',
    description: 'The memory grows by the hour.',
  });
  const token = await rest.upload('graph.png', picture(40, 90, 200));
  await rest.put(cache, {
    uploads: [{ token, filename: 'graph.png', content_type: 'image/png' }],
    description: `The memory grows by the hour:\n\n${image}\n\nOnly with ${strong} workers.\n\n${steps}`,
  });
  await rest.put(cache, { notes: 'Same here, with three workers.' });
  await rest.put(cache, { notes: 'The customer pays late.', private_notes: true });
  const guide = await rest.create({
    subject: 'Write the installation guide',
    tracker: 'Task',
    description: '* outline\n* text\n* pictures\n\nKeep it short.',
  });
  await rest.create({
    subject: 'Question about the new parser',
    tracker: 'Support',
    description: 'A type that Jira Cloud does not have.',
  });
  return { cache, guide };
}

async function edit(rest: Rest, seeded: { readonly cache: number; readonly guide: number }): Promise<void> {
  await rest.put(seeded.guide, { description: '* outline\n* text\n* pictures\n* index\n\nKeep it short.' });
  const [remark] = await rest.notes(seeded.cache);
  if (remark !== undefined) await rest.removeNote(remark);
  await rest.put(seeded.cache, { notes: 'Found it: the timer is never set.' });
}

import { readOpenApiDocument } from '../../contract/openapi.ts';
import { validated } from '../../contract/validate.ts';
import { createJiraCloudSimulator } from '../../../src/simulators/jira-cloud/jira-cloud.ts';
import type { JiraCloudOptions, JiraCloudSimulator } from '../../../src/simulators/jira-cloud/jira-cloud.ts';
import type { AccountData, ProjectData } from '../../../src/simulators/jira-cloud/people.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { VirtualClock } from '../../../src/simulators/simulator.ts';

export const document = readOpenApiDocument('jira-cloud-v3');
export const startMs = Date.UTC(2026, 10, 23, 12, 34, 56, 789);

export interface Call {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly as?: AccountData;
  readonly origin?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests pick what they look at out of answers whose form the contract check has seen already.
  readonly json: ReturnType<typeof JSON.parse>;
  readonly text: string;
}

export interface OpenSite {
  readonly clock: VirtualClock;
  readonly simulator: JiraCloudSimulator;
  readonly people: JiraCloudSimulator['people'];
  readonly sync: AccountData;
  readonly ana: AccountData;
  readonly project: ProjectData;
  /** A request as `sync`, checked against the vendor's interface description. */
  call(method: string, path: string, options?: Call): Promise<Answer>;
  fetch(request: Request): Promise<Response>;
}

export function basic(account: AccountData): string {
  return `Basic ${btoa(`${account.email}:${account.apiToken}`)}`;
}

/** A site with the accounts `sync` and `ana` and the project ABC. */
export function openSite(options: Partial<JiraCloudOptions> = {}): OpenSite {
  const clock = options.clock ?? createVirtualClock(startMs);
  const simulator = createJiraCloudSimulator({ host: 'acme.atlassian.net', mediaHost: 'media.example.net', ...options, clock });
  const checked = validated(simulator, document, { ignore: [/tenant_info/, /\/file\//] });
  const fetch = async (request: Request): Promise<Response> => {
    const response = await checked.fetch(request);
    const violations = checked.violations.splice(0);
    if (violations.length > 0) throw new Error(violations.join('\n'));
    return response;
  };
  const { people } = simulator;
  const sync = people.addAccount({ displayName: 'Sync', email: 'sync@example.org', apiToken: 'secret-token' });
  const ana = people.addAccount({ displayName: 'Ana', timeZone: 'America/New_York' });
  const project = people.addProject({ key: 'ABC', name: 'Alphabet', defaultIssueTypeName: 'Task' });
  const call = async (method: string, path: string, request: Call = {}): Promise<Answer> => {
    const response = await fetch(
      new Request(`${request.origin ?? 'https://acme.atlassian.net'}${path}`, {
        method,
        headers: {
          authorization: basic(request.as ?? sync),
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
  return { clock, simulator, people, sync, ana, project, call, fetch };
}

/** ADF with one paragraph. */
export function paragraph(text: string): object {
  return { version: 1, type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}

import { Octokit } from 'octokit';
import { createGitHubSimulator } from '../../../src/simulators/github/github.ts';
import type { GitHubSimulator, GitHubSimulatorOptions } from '../../../src/simulators/github/github.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { Simulator, VirtualClock } from '../../../src/simulators/simulator.ts';
import { readOpenApiDocument } from '../../contract/openapi.ts';
import { validated } from '../../contract/validate.ts';

export const startMs = Date.UTC(2026, 10, 2, 9, 0, 0, 250);
export const document = readOpenApiDocument('github-rest');

export interface Setup {
  readonly clock: VirtualClock;
  readonly github: GitHubSimulator;
  /** The simulator behind the validator. */
  readonly checked: Simulator & { readonly violations: string[] };
}

/** acme/app: private, of an organisation with issue types; ada may push, rae may only read, job is its GITHUB_TOKEN. */
export function setUp(options: Partial<GitHubSimulatorOptions> = {}): Setup {
  const clock = createVirtualClock(startMs);
  const github = createGitHubSimulator({ clock, apiHost: 'api.github.com', webHost: 'github.com', ...options });
  github.addRepository({ owner: 'acme', name: 'app', private: true, issueTypes: ['Task', 'Bug'] });
  github.addUser({ login: 'ada', name: 'Ada', token: 'ada-token', permission: 'write' });
  github.addUser({ login: 'rae', token: 'rae-token', permission: 'read' });
  github.addToken({ kind: 'job', token: 'job-token', repositories: ['acme/app'] });
  // DELETE of a ref is left out of the trimmed document; everything on the web host is outside it.
  const ignore = [/^DELETE .*\/git\/refs\//, /\/\/github\.com\//];
  return { clock, github, checked: validated(github, document, { ignore }) };
}

/** An octokit that asks the simulator in process, without the plugins' waits. */
export function octokitFor(simulator: Simulator, token: string | undefined, baseUrl = 'https://api.github.com'): Octokit {
  return new Octokit({
    ...(token === undefined ? {} : { auth: token }),
    baseUrl,
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    request: { fetch: (url: string, init: RequestInit) => simulator.fetch(new Request(url, { ...init, redirect: 'manual' })) },
  });
}

/** One request; `line` is `METHOD /path`. */
export async function call(
  simulator: Simulator,
  line: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string>; origin?: string } = {},
): Promise<Response> {
  const [method = '', path = ''] = line.split(' ');
  const headers = new Headers({ accept: 'application/vnd.github+json', ...options.headers });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  return simulator.fetch(new Request(`${options.origin ?? 'https://api.github.com'}${path}`, { method, headers, ...body }));
}

import type { Author, IssueSnapshot } from '../../../src/core/model.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { createGateway, type GatewayLimits } from '../../../src/gateway/create-gateway.ts';
import type { Gateway, TraceLine } from '../../../src/gateway/gateway.ts';
import { githubAddresses, githubHosts, githubPacing } from '../../../src/sides/github/addresses.ts';
import type { GitHubAddresses } from '../../../src/sides/github/addresses.ts';
import { createGitHubSide, type GitHubSideOptions } from '../../../src/sides/github/github-side.ts';
import { parsePrivateTrigger } from '../../../src/sides/github/trigger.ts';
import type { ObserveRequest, Side, SideWriter } from '../../../src/sides/side.ts';
import { createGitHubSimulator } from '../../../src/simulators/github/github.ts';
import type { GitHubSimulator, GitHubSimulatorOptions } from '../../../src/simulators/github/github.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { Fault, Simulator, VirtualClock } from '../../../src/simulators/simulator.ts';
import { readOpenApiDocument } from '../../contract/openapi.ts';
import { validated } from '../../contract/validate.ts';

export const startMs = Date.UTC(2026, 10, 2, 9, 0, 0, 250);
export const connectionId = 'c1';
export const branch = `sallyport/${connectionId}`;
const document = readOpenApiDocument('github-rest');

export type Shape = 'github.com' | 'ghes';
export const shapes: readonly Shape[] = ['github.com', 'ghes'];

export interface World {
  readonly clock: VirtualClock;
  readonly github: GitHubSimulator;
  readonly gateway: Gateway;
  readonly addresses: GitHubAddresses;
  readonly lines: TraceLine[];
  /** What requests and answers broke the vendor's description. */
  readonly violations: readonly string[];
  /** The account that the side writes with. */
  readonly sync: Author;
  /** What the next matching requests meet instead of an answer; each serves once. */
  readonly faults: { readonly when: RegExp; readonly fault: Fault; readonly after?: number }[];
  side(options?: Partial<GitHubSideOptions>): Side;
  /** A side with a writer. */
  writer(options?: Partial<GitHubSideOptions>): { readonly reader: Side['reader']; readonly writer: SideWriter };
}

export interface WorldOptions {
  readonly shape?: Shape;
  readonly simulator?: Partial<GitHubSimulatorOptions>;
  readonly limits?: Partial<GatewayLimits>;
  readonly issueTypes?: readonly string[] | undefined;
  readonly private?: boolean;
  /** Answers before the simulator does, for what it does not have. */
  readonly before?: (request: Request) => Response | undefined;
}

/** acme/app with ada (push), rae (read) and sync (push), whose classic token the side has; a gateway in process, in virtual time. */
export function openWorld(options: WorldOptions = {}): World {
  const shape = options.shape ?? 'github.com';
  const host = shape === 'ghes' ? 'ghes.example' : 'github.com';
  const clock = createVirtualClock(startMs);
  const faults: World['faults'] = [];
  const github = createGitHubSimulator({
    clock,
    shape,
    apiHost: shape === 'ghes' ? host : 'api.github.com',
    webHost: host,
    faults: ({ method, url }) => {
      const index = faults.findIndex(({ when }) => when.test(`${method} ${url}`));
      return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    },
    ...options.simulator,
  });
  const issueTypes = 'issueTypes' in options ? options.issueTypes : shape === 'ghes' ? undefined : ['Task', 'Bug'];
  github.addRepository({ owner: 'acme', name: 'app', private: options.private ?? true, issueTypes, ownerIsOrganization: true });
  github.addUser({ login: 'ada', name: 'Ada', token: 'ada-token', permission: 'write' });
  github.addUser({ login: 'rae', token: 'rae-token', permission: 'read' });
  const { id, login } = github.addUser({ login: 'sync', token: 'sync-token', permission: 'write' });
  const sync: Author = { id: String(id), displayName: login, isConnection: true };
  const checked = validated(github, document, {
    ignore: [/ https:\/\/[^/]+\/(?!api\/|repos\/|user$|users\/|graphql$|orgs\/|app\/|rate_limit)/, /\/\/github\.com\//],
  });
  const addresses = githubAddresses(shape === 'ghes' ? `https://${host}` : 'https://github.com');
  const lines: TraceLine[] = [];
  const gateway = createGateway({
    transport: transportTo(checked, options.before),
    clock: { monotonicMs: () => clock.now(), wait: async (ms) => clock.advance(ms), random: () => 0 },
    allowedHosts: githubHosts(addresses),
    userAgent: 'sallyport/test',
    pacing: [githubPacing(addresses)],
    onTrace: (line) => lines.push(line),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const side = (more: Partial<GitHubSideOptions> = {}): Side =>
    createGitHubSide({
      gateway,
      addresses,
      repository: { owner: 'acme', name: 'app' },
      token: async () => 'sync-token',
      connectionId,
      trigger: parsePrivateTrigger('sync'),
      account: sync,
      attachments: 'repository',
      types: issueTypes === undefined ? 'labels' : 'issue-types',
      defaultTypeName: undefined,
      writable: true,
      ...more,
    });
  const writer = (more: Partial<GitHubSideOptions> = {}) => {
    const made = side(more);
    return { reader: made.reader, writer: made.writer! };
  };
  return { clock, github, gateway, addresses, lines, violations: checked.violations, sync, faults, side, writer };
}

function transportTo(simulator: Simulator, before: WorldOptions['before']) {
  return async (request: Request): Promise<Response> => before?.(request) ?? simulator.fetch(request);
}

/** Observes with nothing known, or with what a map holds. */
export function request(
  options: Partial<ObserveRequest> & { readonly known?: ReadonlyMap<string, string> } = {},
): ObserveRequest {
  const { known, ...rest } = options;
  return {
    cursor: undefined,
    since: startMs - 3_600_000,
    knownVersion: (id) => known?.get(id),
    isTwinned: (id) => known?.has(id) ?? false,
    ...rest,
  };
}

/** The issue read now. */
export async function present(side: Pick<Side, 'reader'>, id: string | number): Promise<IssueSnapshot> {
  const loaded = (await side.reader.load([String(id)], 'work', { fresh: true })).get(String(id));
  if (loaded?.kind !== 'present') throw new Error(`#${id} is ${JSON.stringify(loaded)}`);
  return loaded.issue;
}

/** Neutral text of plain paragraphs. */
export function paragraphs(...texts: readonly string[]): Neutral {
  return { type: 'root', children: texts.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })) };
}

/** Requests to the API since the last call, as `METHOD pattern status`. */
export function newLines(world: World): string[] {
  return world.lines.splice(0).map((line) => `${line.method} ${line.pattern} ${line.status}`);
}

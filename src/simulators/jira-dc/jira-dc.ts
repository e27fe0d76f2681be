import { Hono } from 'hono';
import { JiraProblem } from '../jira-cloud/problem.ts';
import { withFaults } from '../faults.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../simulator.ts';
import { authenticate } from './access.ts';
import { answerFile, registerAttachments } from './attachment-routes.ts';
import { registerComments } from './comment-routes.ts';
import { createWorld } from './data.ts';
import { registerIssues } from './issue-routes.ts';
import type { People } from './people.ts';
import { createPeople } from './people.ts';
import { registerProjects } from './project-routes.ts';
import { createRequestBudgets } from './request-budgets.ts';
import type { JiraDcEnvironment, Server, ServerLimits } from './server.ts';

export interface JiraDcOptions {
  /** Time moves only when its owner moves it. */
  readonly clock: VirtualClock;
  /** Where it is reached: `https://jira.example.com/jira`, with a context path or without, no slash at the end. */
  readonly url: string;
  /** The name that the server knows itself by and puts into its links. Default: `url`. */
  readonly baseUrl?: string;
  readonly faults?: FaultPlan;
  /** How far searches are behind creations: the index of another node. Default 0. */
  readonly indexLagMs?: number;
  readonly limits?: Partial<ServerLimits>;
  /** Whether `expand=properties` shows those of comments. Default true. */
  readonly expandsCommentProperties?: boolean;
}

export interface JiraDcSimulator extends Simulator {
  readonly people: People;
}

const usualLimits: ServerLimits = { uploadBytes: 10_485_760, issuesPerPage: 1_000, requestBudget: undefined };

/**
 * A Jira Data Center in memory. It answers as the vendor's interface description says and keeps its traps: no bulk fetch, an
 * edit that answers nothing, an edit of a comment that drops its visibility, files behind a log-in page, forms that write CRLF.
 */
export function createJiraDcSimulator(options: JiraDcOptions): JiraDcSimulator {
  const world = createWorld({
    clock: options.clock,
    baseUrl: options.baseUrl ?? options.url,
    indexLagMs: options.indexLagMs ?? 0,
  });
  const server: Server = {
    world,
    limits: { ...usualLimits, ...options.limits },
    expandsCommentProperties: options.expandsCommentProperties ?? true,
  };
  const contextPath = new URL(options.url).pathname.replace(/\/$/, '');
  const answer = createAnswer(server, contextPath);
  const dated = async (request: Request): Promise<Response> => {
    const response = await answer(request);
    const headers = new Headers(response.headers);
    headers.set('Date', new Date(options.clock.now()).toUTCString());
    return new Response(response.body, { status: response.status, headers });
  };
  return {
    hosts: [new URL(options.url).host],
    people: createPeople(world),
    fetch: withFaults(dated, options.faults, { now: () => options.clock.now() }),
  };
}

function createAnswer(server: Server, contextPath: string): (request: Request) => Promise<Response> {
  const { world } = server;
  const app = new Hono<JiraDcEnvironment>().basePath(`${contextPath}/rest/api/2`);
  const budgets = createRequestBudgets(world.clock, server.limits.requestBudget);
  app.use(async (context, next) => {
    const user = authenticate(world, context.req.header('authorization') ?? null);
    if (user === undefined)
      return context.json({ message: 'Client must be authenticated to access this resource.', 'status-code': 401 }, 401);
    const verdict = budgets.count(user.key);
    if (verdict.refusal !== undefined) return verdict.refusal;
    context.set('user', user);
    await next();
    for (const [name, value] of Object.entries(verdict.headers)) context.res.headers.set(name, value);
    return undefined;
  });
  registerProjects(app, server);
  registerIssues(app, server);
  registerComments(app, server);
  registerAttachments(app, server);
  app.onError((error) => {
    if (error instanceof JiraProblem) return Response.json(error.body(), { status: error.status });
    throw error;
  });
  return async (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname.slice(contextPath.length);
    if (!pathname.startsWith(`${contextPath}/`)) return new Response('Not found', { status: 404 });
    if (!path.startsWith('/secure/attachment/')) return app.fetch(request);
    try {
      return answerFile(server, authenticate(world, request.headers.get('authorization')), path);
    } catch (error) {
      if (error instanceof JiraProblem) return Response.json(error.body(), { status: error.status });
      throw error;
    }
  };
}

import { Hono } from 'hono';
import { withFaults } from '../faults.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../simulator.ts';
import { RedmineProblem, authenticate } from './access.ts';
import { createWorld } from './data.ts';
import type { World } from './data.ts';
import type { RedminePeople } from './people.ts';
import { createPeople } from './people.ts';
import { registerFiles, registerIssues, registerProjects } from './routes.ts';
import type { RedmineEnvironment } from './routes.ts';

export interface RedmineOptions {
  /** Time moves only when its owner moves it. */
  readonly clock: VirtualClock;
  /** Where it is reached: `https://tools.example.com/redmine`, with a path or without, no slash at the end. */
  readonly url: string;
  readonly faults?: FaultPlan;
  /** Whether an administrator made the custom field for stamps. Default false. */
  readonly hasMarkField?: boolean;
  /** Bytes of a file. Default 5 MiB, as of a fresh Redmine. */
  readonly fileBytesMax?: number;
}

export interface RedmineSimulator extends Simulator {
  readonly people: RedminePeople;
}

/**
 * A small Redmine 5.0 in memory, checked against the real one (test/redmine). It keeps its traps: edits that answer nothing,
 * times in whole seconds, edits and removals of notes and removals of files that leave `updated_on` as it is, numbers of
 * notes and files that are given again, what an account may not change passed over without a word.
 */
export function createRedmineSimulator(options: RedmineOptions): RedmineSimulator {
  const world = createWorld({
    clock: options.clock,
    url: options.url,
    fields: [{ id: 1, name: 'Sync' }, ...(options.hasMarkField === true ? [{ id: 2, name: 'Sallyport' }] : [])],
    fileBytesMax: options.fileBytesMax ?? 5 * 1024 * 1024,
  });
  const answer = createAnswer(world);
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

function createAnswer(world: World): (request: Request) => Promise<Response> {
  const app = new Hono<RedmineEnvironment>().basePath(new URL(world.url).pathname.replace(/\/$/, ''));
  app.use(async (context, next) => {
    const user = authenticate(world, context.req.header('x-redmine-api-key'));
    if (user === undefined) return bare(401);
    context.set('user', user);
    await next();
    return undefined;
  });
  registerProjects(app, world);
  registerIssues(app, world);
  registerFiles(app, world);
  app.notFound(() => bare(404));
  app.onError((error) => {
    if (!(error instanceof RedmineProblem)) throw error;
    return error.errors.length === 0 ? bare(error.status) : Response.json({ errors: error.errors }, { status: error.status });
  });
  return async (request) => app.fetch(request);
}

/** Redmine says nothing with most refusals. */
function bare(status: number): Response {
  return new Response('', { status, headers: { 'Content-Type': 'application/json' } });
}

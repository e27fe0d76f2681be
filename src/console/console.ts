import { Hono } from 'hono';
import type { Access } from './access.ts';
import { errorText, guard } from './guard.ts';
import { createHeld } from './held.ts';
import { connectionsPage } from './pages/connections-page.tsx';
import { refusedPage, workPage } from './pages/work-pages.tsx';
import type { Console, ConsoleParts } from './parts.ts';
import { addAcceptRoutes } from './routes-accept.ts';
import { addAccountRoutes, listedConnections } from './routes-account.ts';
import { addConnectionRoutes } from './routes-connection.ts';
import { addInitiateRoutes } from './routes-initiate.ts';
import { statusOf } from './statuses.ts';
import { texts } from './texts.ts';
import { createWorkList } from './work.ts';

/** The console as a function from request to answer, and whether something is at work in it. */
export interface Application {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly isBusy: () => boolean;
}

/** The console's pages. They add no power: every action is an operation of the CLI with the same inputs. */
export function createConsole(parts: ConsoleParts, access: Access): Application {
  const works = createWorkList((error) => parts.redact(errorText(error)));
  const console: Console = { ...parts, access, held: createHeld(parts.given), works };
  const app = new Hono();
  guard(app, parts, access);
  app.get('/', async (context) => {
    const { held } = console;
    const listed = await listedConnections(console);
    const known = new Set(listed.connections?.connections.map((connection) => connection.connectionId));
    const others = [...held.connections.values()].filter((connection) => !known.has(connection.connectionId));
    return context.html(
      connectionsPage(
        { csrf: access.csrfToken },
        {
          account: held.account,
          listed: listed.connections,
          held: await Promise.all(
            others.map(async (connection) => ({
              connection,
              status: await statusOf(console, connection.connectionId, { evenOld: true }),
            })),
          ),
          problem: listed.problem,
        },
      ),
    );
  });
  app.get('/task/:id', (context) => {
    const work = works.find(context.req.param('id'));
    if (work === undefined) return context.html(refusedPage(texts.work.unknown, texts.refused.title), 404);
    return work.end?.next === undefined ? context.html(workPage(work, parts.redact)) : context.redirect(work.end.next, 303);
  });
  app.get('/task/:id/news', async (context) => {
    const id = context.req.param('id');
    await works.news(id, Number(context.req.query('lines') ?? '0'));
    const work = works.find(id);
    const isOver = work === undefined || work.end !== undefined || work.problem !== undefined;
    return context.json({ lines: work?.lines.length ?? 0, isOver });
  });
  addAccountRoutes(app, console);
  addInitiateRoutes(app, console);
  addAcceptRoutes(app, console);
  addConnectionRoutes(app, console);
  return { fetch: async (request) => app.fetch(request), isBusy: () => works.isBusy };
}

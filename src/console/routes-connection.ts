import type { Context, Hono } from 'hono';
import type { RawInputs } from '../config/inputs.ts';
import { messageOf } from '../errors.ts';
import { decodeInvitation } from '../invitation/decode-invitation.ts';
import { rules } from '../operations/rules.ts';
import type { Outcome } from '../report/outcome.ts';
import type { ConnectionAction } from './actions.ts';
import { connectionActions } from './actions.ts';
import { formFields } from './forms.ts';
import type { HeldConnection } from './held.ts';
import { connectionPage } from './pages/connection-page.tsx';
import { refusedPage } from './pages/work-pages.tsx';
import { configure, run } from './parts.ts';
import type { Console } from './parts.ts';
import { codeInputs, trackerInputs } from './routes-accept.ts';
import { listedConnections } from './routes-account.ts';
import { texts } from './texts.ts';

export function addConnectionRoutes(app: Hono, console: Console): void {
  app.get('/connections/:id', (context) => showConnection(context, console, undefined));
  app.post('/connections/:id/code', async (context) => {
    const id = context.req.param('id');
    const raw = codeInputs(console, await formFields(context));
    try {
      const invitation = decodeInvitation(raw['invitation-code'] ?? '', { passphrase: raw.passphrase });
      if (invitation.connectionId !== id) return await showConnection(context, console, texts.connection.otherCode);
      const { name, siteUrl, project } = invitation;
      console.held.connections.set(id, { connectionId: id, raw, invitation: { name, siteUrl, project } });
      return context.redirect(`/connections/${id}`, 303);
    } catch (error) {
      return showConnection(context, console, console.redact(messageOf(error)));
    }
  });
  app.post('/connections/:id/tracker', async (context) => {
    const fields = await formFields(context);
    const held = console.held.connections.get(context.req.param('id'));
    if (held === undefined) return showConnection(context, console, undefined);
    const raw = trackerInputs(fields, held.raw);
    try {
      configure(console, { ...raw, operation: 'sync' });
      console.held.connections.set(held.connectionId, { ...held, raw });
      return context.redirect(`/connections/${held.connectionId}`, 303);
    } catch (error) {
      return showConnection(context, console, console.redact(messageOf(error)));
    }
  });
  app.post('/connections/:id/actions/:action', (context) => act(context, console));
}

function act(context: Context, console: Console): Response | Promise<Response> {
  const held = console.held.connections.get(context.req.param('id') ?? '');
  const action = connectionActions.find(({ name }) => name === context.req.param('action'));
  if (held === undefined || action === undefined)
    return context.html(refusedPage(texts.refused.missing, texts.refused.title), 404);
  const raw = actionInputs(console, held, action);
  const title = texts.actions.working(action.label, held.invitation.name);
  const work = console.works.start(title, `/connections/${held.connectionId}`, async (log) => {
    const outcome = await run(console, raw, log);
    console.held.listed = undefined;
    return { outcome };
  });
  return context.redirect(`/work/${work.id}`, 303);
}

function actionInputs(console: Console, held: HeldConnection, action: ConnectionAction): RawInputs {
  const side: RawInputs = action.hasSide ? { side: isOwn(console, held.connectionId) ? 'public' : 'private' } : {};
  return { ...held.raw, ...side, ...action.more, operation: action.operation };
}

/** Whether the admin who sits here is the public side's: the connection is among those of the account signed in. */
function isOwn(console: Console, connectionId: string): boolean {
  const { listed, issued } = console.held;
  return issued.has(connectionId) || listed?.connections.some((connection) => connection.connectionId === connectionId) === true;
}

async function showConnection(context: Context, console: Console, problem: string | undefined): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const list = await listedConnections(console);
  const listed = list.connections?.connections.find((connection) => connection.connectionId === id);
  const held = console.held.connections.get(id);
  if (listed === undefined && held === undefined)
    return context.html(refusedPage(list.problem ?? texts.refused.missing, texts.refused.title), 404);
  const status = held === undefined ? undefined : await statusOf(console, held);
  const told = rules();
  const page = connectionPage(
    { csrf: console.access.csrfToken },
    {
      connectionId: id,
      listed,
      held,
      status: typeof status === 'string' ? undefined : status,
      rules: told.kind === 'rules' ? told.text : '',
      problem: problem ?? (typeof status === 'string' ? status : undefined),
      hasTracker: held !== undefined && hasTracker(console, held),
    },
  );
  return context.html(page, problem === undefined ? 200 : 422);
}

function hasTracker(console: Console, held: HeldConnection): boolean {
  try {
    configure(console, { ...held.raw, operation: 'sync' });
    return true;
  } catch {
    return false;
  }
}

/** The record's status, or why there is none. */
async function statusOf(
  console: Console,
  held: HeldConnection,
): Promise<Extract<Outcome, { kind: 'status' }> | string | undefined> {
  try {
    const outcome = await run(console, { ...held.raw, operation: 'status' });
    return outcome.kind === 'status' ? outcome : undefined;
  } catch (error) {
    return console.redact(messageOf(error));
  }
}

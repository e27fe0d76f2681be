import type { Context, Hono } from 'hono';
import type { InputName, RawInputs } from '../config/inputs.ts';
import { inputs as specs } from '../config/inputs.ts';
import { messageOf } from '../errors.ts';
import type { Outcome } from '../report/outcome.ts';
import { rules } from '../operations/rules.ts';
import type { ConnectionAction } from './actions.ts';
import { actionOf } from './actions.ts';
import { formFields } from './forms.ts';
import { errorText } from './guard.ts';
import { forgetStatus, hold, projectText } from './held.ts';
import type { HeldConnection } from './held.ts';
import { connectionPage } from './pages/connection-page.tsx';
import { refusedPage } from './pages/work-pages.tsx';
import { configure, run } from './parts.ts';
import type { Console } from './parts.ts';
import { isCodeGiven, isCodeKept, readCode, trackerGiven, trackerInputs } from './routes-accept.ts';
import { listedConnections } from './routes-account.ts';
import { accountInputsOf, inputsOf, isOwn, statusOf } from './statuses.ts';
import { texts } from './texts.ts';
import { twinPage, twinsCsv } from './twin-page.ts';

export function addConnectionRoutes(app: Hono, console: Console): void {
  app.get('/connections/:id', (context) => showConnection(context, console, undefined));
  app.post('/connections/:id/code', async (context) => {
    const id = context.req.param('id');
    const fields = await formFields(context);
    try {
      const { invitation, raw } = readCode(console, id, fields);
      if (invitation.connectionId !== id) return await showConnection(context, console, texts.connection.otherCode);
      const { name, siteUrl, project } = invitation;
      hold(console.held, { connectionId: id, raw, invitation: { name, siteUrl, project: projectText(project) } });
      return context.redirect(`/connections/${id}`, 303);
    } catch (error) {
      return showConnection(context, console, console.redact(messageOf(error)));
    }
  });
  app.post('/connections/:id/tracker', async (context) => {
    const fields = await formFields(context);
    const held = console.held.connections.get(context.req.param('id'));
    if (held === undefined) return showConnection(context, console, undefined);
    const { typed: before, ...known } = held;
    const raw = trackerInputs(fields, { ...known.raw, ...before });
    try {
      configure(console, { ...raw, operation: 'sync' });
      hold(console.held, { ...known, raw });
      return context.redirect(`/connections/${held.connectionId}`, 303);
    } catch (error) {
      console.held.connections.set(held.connectionId, { ...known, typed: raw });
      return showConnection(context, console, console.redact(errorText(error)));
    }
  });
  app.post('/connections/:id/actions/:action', (context) => act(context, console));
  addFileRoutes(app, console);
}

/** The twins of the state that was read last, and the map that a clean-up wrote. */
function addFileRoutes(app: Hono, console: Console): void {
  const csv = (context: Context, text: string, name: string): Response =>
    context.body(text, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  app.get('/connections/:id/twins.csv', (context) => {
    const id = context.req.param('id');
    const status = console.held.statuses.get(id);
    if (status?.state.kind !== 'read') return context.html(refusedPage(texts.work.unknown, texts.refused.title), 404);
    return csv(context, twinsCsv(status.state.twins), `sallyport-twins-${status.card.connectionId}.csv`);
  });
  app.get('/task/:id/twin-map.csv', async (context) => {
    const outcome = console.works.find(context.req.param('id'))?.end?.outcome;
    const path = outcome?.kind === 'cleaned' ? outcome.mapPath : undefined;
    if (outcome?.kind !== 'cleaned' || path === undefined)
      return context.html(refusedPage(texts.work.unknown, texts.refused.title), 404);
    const text = await console.runtime(() => undefined).readFile(path);
    return csv(context, text, `sallyport-twins-${outcome.card.connectionId}.csv`);
  });
}

async function act(context: Context, console: Console): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const action = actionOf(context.req.param('action') ?? '');
  // An action before this one made the list be read anew, and a browser's way back leads past that.
  await listedConnections(console);
  const inputs = action?.by === 'account-alone' ? accountInputsOf(console, id) : inputsOf(console, id);
  if (inputs === undefined || action === undefined)
    return context.html(refusedPage(texts.refused.missing, texts.refused.title), 404);
  const fields = await formFields(context);
  if (action.isConfirmed === true && fields['confirm'] !== action.name)
    return showConnection(context, console, texts.actions.notConfirmed);
  const taken = takenInputs(action, fields);
  const raw: RawInputs = {
    ...inputs,
    ...taken,
    ...withEmail(console, taken),
    ...(action.hasSide === true ? { side: isOwn(console, id) ? 'public' : 'private' } : {}),
    ...action.more,
    operation: action.operation,
  };
  const name = console.held.statuses.get(id)?.card.name ?? id;
  const typed = console.held.typed.get(id) ?? new Map<string, Readonly<Record<string, string>>>();
  console.held.typed.set(id, typed.set(action.name, keptFields(action, fields)));
  const work = console.works.start(texts.actions.working(action.label, name), `/connections/${id}`, async (log) => {
    const outcome = await run(console, raw, log);
    typed.delete(action.name);
    console.held.listed = undefined;
    forgetStatus(console.held, id);
    if (outcome.kind === 'cleaned' && outcome.card.status === 'Removed') console.held.connections.delete(id);
    if (outcome.kind !== 'reissued' || outcome.code === undefined) return { outcome };
    keepReissued(console, { outcome, raw });
    return { next: `/initiated/${id}` };
  });
  return context.redirect(`/task/${work.id}`, 303);
}

/** A new token is one of the account that is signed in here. */
function withEmail(console: Console, taken: RawInputs): RawInputs {
  const email = console.held.account?.email;
  return taken['jira-token'] === undefined || email === undefined ? {} : { 'jira-email': email };
}

/** The new code takes the place of the one before, so that the page goes on with it. */
function keepReissued(
  console: Console,
  from: { readonly outcome: Extract<Outcome, { kind: 'reissued' }>; readonly raw: RawInputs },
): void {
  const { outcome, raw } = from;
  const { held } = console;
  const { connectionId } = outcome.card;
  held.issued.set(connectionId, { outcome });
  const before = held.connections.get(connectionId);
  if (before === undefined || outcome.code === undefined) return;
  const { finish: _, operation: __, ...rest } = raw;
  const passphrase = outcome.passphrase ?? raw.passphrase ?? '';
  held.connections.set(connectionId, { ...before, raw: { ...rest, 'invitation-code': outcome.code, passphrase } });
  if (held.account !== undefined && raw['jira-token'] !== undefined && raw['jira-email'] === held.account.email)
    held.account = { ...held.account, token: raw['jira-token'] };
}

/** What goes back into the form of an action that fails, without secrets. */
function keptFields(action: ConnectionAction, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = action.takes.filter((name) => !isSecret(name)).flatMap((name) => [name, `${name}-2`]);
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]] as const])));
}

function isSecret(name: InputName): boolean {
  return specs.some((spec) => spec.name === name && 'secret' in spec);
}

/** Fields that the action takes as inputs; `issues-2` is a second field of the same input. */
function takenInputs(action: ConnectionAction, fields: Readonly<Record<string, string>>): RawInputs {
  const taken: Partial<Record<InputName, string>> = {};
  for (const name of action.takes) {
    const value = [fields[name] ?? '', fields[`${name}-2`] ?? ''].join(' ').trim();
    if (value !== '') taken[name] = value;
  }
  return taken;
}

async function showConnection(context: Context, console: Console, problem: string | undefined): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const list = await listedConnections(console);
  const listed = list.connections?.connections.find((connection) => connection.connectionId === id);
  const held = console.held.connections.get(id);
  if (listed === undefined && held === undefined)
    return context.html(refusedPage(list.problem ?? texts.refused.missing, texts.refused.title), 404);
  const asked = { query: context.req.query('q') ?? '', number: Number(context.req.query('page') ?? '1') };
  // A search goes on in what was read last; the page itself, and *Refresh*, read anew.
  const isSearch = context.req.query('q') !== undefined;
  const status = await statusOf(console, id, { evenOld: isSearch });
  const found = typeof status === 'string' ? undefined : status;
  const told = rules();
  const page = connectionPage(
    { csrf: console.access.csrfToken },
    {
      connectionId: id,
      listed,
      // The form of the tracker tells what the console was started with, too.
      held: held === undefined ? undefined : { ...held, raw: { ...trackerGiven(console.given), ...held.raw, ...held.typed } },
      status: found,
      twins: found?.state.kind === 'read' ? twinPage(found.state.twins, asked) : undefined,
      rules: told.kind === 'rules' ? told.text : '',
      problem: problem ?? (typeof status === 'string' ? status : undefined),
      hasTracker: held !== undefined && hasTracker(console, held),
      isIssued: console.held.issued.has(id),
      isCodeGiven: isCodeGiven(console),
      isCodeKept: isCodeKept(console.held, id),
      typed: console.held.typed.get(id) ?? new Map(),
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

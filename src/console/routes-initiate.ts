import type { Context, Hono } from 'hono';
import type { RawInputs } from '../config/inputs.ts';
import { messageOf } from '../errors.ts';
import { siteProjects } from '../operations/connections.ts';
import { formFields } from './forms.ts';
import { accountInputs, hold } from './held.ts';
import { connectionsPage } from './pages/connections-page.tsx';
import type { Destination } from './pages/initiate-pages.tsx';
import { destinationPage, initiatedPage, modePage, projectPage } from './pages/initiate-pages.tsx';
import { refusedPage } from './pages/work-pages.tsx';
import { errorText } from './guard.ts';
import { configure, run } from './parts.ts';
import type { Console } from './parts.ts';
import { texts } from './texts.ts';

type Fields = Readonly<Record<string, string>>;

export function addInitiateRoutes(app: Hono, console: Console): void {
  const view = { csrf: console.access.csrfToken };
  const { held } = console;
  app.get('/initiate', async (context) => {
    const account = held.account;
    if (account === undefined)
      return context.html(connectionsPage(view, { account, listed: undefined, held: [], problem: texts.account.missing }));
    const asked = context.req.query();
    if (Object.keys(asked).length === 0) held.initiation = undefined;
    const destination = destinationOf(asked);
    const { step } = asked;
    if (step === 'project')
      return showProjects(context, console, {
        query: asked['q'] ?? '',
        values: { ...held.initiation?.fields, ...destinationFields(asked) },
      });
    if (step !== 'mode') return context.html(destinationPage({ destination, problem: undefined }));
    if (destination.url === '' && !destination.noUrl)
      return context.html(destinationPage({ destination, problem: texts.initiate.needsUrl }));
    return context.html(modePage({ destination }));
  });
  app.post('/initiate', async (context) => {
    const fields = await formFields(context);
    if (held.account === undefined) return context.redirect('/', 303);
    const values = keepTyped(console, fields);
    const raw: RawInputs = { ...initiateInputs(values), ...accountInputs(held.account), operation: 'initiate' };
    const problem = problemOf(console, values, raw);
    if (problem !== undefined) return showProjects(context, console, { query: '', values, problem });
    const work = console.works.start(texts.initiate.working, '/initiate?step=project', async (log) => {
      const outcome = await run(console, raw, log);
      if (outcome.kind !== 'initiated') return { outcome };
      const { connectionId } = outcome.card;
      held.issued.set(connectionId, { outcome });
      held.listed = undefined;
      held.initiation = undefined;
      keepCode(console, { outcome, passphrase: raw.passphrase ?? '' });
      return { next: `/initiated/${connectionId}` };
    });
    return context.redirect(`/task/${work.id}`, 303);
  });
  addCodeRoutes(app, console);
}

/** Where the way led through the steps before; where it did not, what is remembered stands. */
function destinationFields(asked: Fields): Fields {
  const { url, 'no-url': noUrl = '' } = asked;
  return url === undefined && noUrl === '' ? {} : { url: url ?? '', 'no-url': noUrl };
}

function destinationOf(fields: Fields): Destination {
  return { url: (fields['url'] ?? '').slice(0, 2000), noUrl: fields['no-url'] === 'on' };
}

/** What was typed stays for the next try, should this one fail; an empty passphrase stands for the one typed before. */
function keepTyped(console: Console, fields: Fields): Fields {
  const { csrf: _, passphrase: given = '', ...shown } = fields;
  const passphrase = given === '' ? (console.held.initiation?.passphrase ?? '') : given;
  console.mask(passphrase);
  console.held.initiation = { fields: shown, passphrase };
  return { ...shown, passphrase };
}

/** What is wrong with the form as it was filled in, before anything is asked of the site. */
function problemOf(console: Console, values: Fields, raw: RawInputs): string | undefined {
  if ((values['project'] ?? '') === '') return texts.initiate.needsProject;
  if (values['sealing'] === 'own' && values['passphrase'] === '') return texts.initiate.needsPassphrase;
  try {
    configure(console, raw);
    return undefined;
  } catch (error) {
    return console.redact(errorText(error));
  }
}

/** The code and its passphrase come out only when they are asked for, with the form's token. */
function addCodeRoutes(app: Hono, console: Console): void {
  const view = { csrf: console.access.csrfToken };
  const page = (context: Context, shown: boolean): Response | Promise<Response> => {
    const issued = console.held.issued.get(context.req.param('id') ?? '');
    return issued === undefined
      ? context.html(refusedPage(texts.initiate.gone, texts.refused.title), 404)
      : context.html(initiatedPage(view, { issued, shown }));
  };
  app.get('/initiated/:id', (context) => page(context, false));
  app.post('/initiated/:id/show', (context) => page(context, true));
  for (const what of ['code', 'passphrase'] as const)
    app.post(`/initiated/:id/${what}`, (context) => {
      const value = console.held.issued.get(context.req.param('id'))?.outcome[what];
      return value === undefined ? context.text(texts.initiate.gone, 404) : context.text(value);
    });
}

async function showProjects(
  context: Context,
  console: Console,
  model: { readonly query: string; readonly values: Fields; readonly problem?: string },
): Promise<Response> {
  const view = { csrf: console.access.csrfToken };
  const { account, initiation } = console.held;
  const { passphrase: _, ...values } = model.values;
  const shown = {
    ...model,
    values,
    destination: destinationOf(values),
    hasPassphrase: (initiation?.passphrase ?? '') !== '',
  };
  const status = model.problem === undefined ? 200 : 422;
  try {
    const config = configure(console, { ...(account === undefined ? {} : accountInputs(account)), operation: 'rules' });
    const projects = await siteProjects(
      config,
      console.runtime(() => undefined),
      model.query,
    );
    return context.html(projectPage(view, { ...shown, projects, problem: model.problem }), status);
  } catch (error) {
    return context.html(projectPage(view, { ...shown, projects: [], problem: console.redact(messageOf(error)) }));
  }
}

/** What the wizard's fields are as inputs of `initiate`. */
function initiateInputs(fields: Fields): RawInputs {
  const { project = '', name = '', trigger = '', type = '', sealing = 'sealed', passphrase = '', without = '' } = fields;
  return {
    'jira-project': project,
    'connection-name': name,
    ...(trigger === '' ? {} : { trigger }),
    'default-issue-type': type,
    passphrase: sealing === 'own' ? passphrase : '',
    unsealed: sealing === 'unsealed' ? 'true' : 'false',
    'without-credentials': without === 'on' ? 'true' : 'false',
  };
}

/** So that the page of the fresh connection needs nothing pasted. */
function keepCode(
  console: Console,
  issued: {
    readonly outcome: {
      readonly card: { connectionId: string; name: string; site: string; project: string };
      readonly code: string | undefined;
      readonly passphrase: string | undefined;
    };
    readonly passphrase: string;
  },
): void {
  const { outcome } = issued;
  if (outcome.code === undefined) return;
  const { connectionId, name, site, project } = outcome.card;
  hold(console.held, {
    connectionId,
    raw: { 'invitation-code': outcome.code, passphrase: outcome.passphrase ?? issued.passphrase },
    invitation: { name, siteUrl: site, project },
  });
}

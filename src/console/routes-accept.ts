import type { Context, Hono } from 'hono';
import type { RawInputs } from '../config/inputs.ts';
import { messageOf } from '../errors.ts';
import type { Invitation } from '../invitation/invitation.ts';
import { decodeInvitation, isWholeSealed, normalCode } from '../invitation/decode-invitation.ts';
import { inspectDestination } from '../operations/inspect-destination.ts';
import { formFields } from './forms.ts';
import type { Draft, Held } from './held.ts';
import { addDraft, hold, projectText } from './held.ts';
import { acceptedPage, checksPage, destinationPage, pastePage } from './pages/accept-pages.tsx';
import { refusedPage } from './pages/work-pages.tsx';
import { configure, run } from './parts.ts';
import type { Console } from './parts.ts';
import { texts } from './texts.ts';
import { secretsToAdd, startInputs, workflowFile } from './workflow-file.ts';

/** Text fields of the tracker's form; an empty secret keeps the one that is held. */
const trackerFields = [
  'tracker',
  'tracker-url',
  'project',
  'private-trigger',
  'text-format',
  'allow-public',
  'jira-email',
] as const;
const secretFields = ['tracker-token', 'jira-token'] as const;

export function trackerInputs(fields: Readonly<Record<string, string>>, before: RawInputs): RawInputs {
  const raw: Partial<Record<keyof RawInputs, string>> = { ...before };
  for (const name of trackerFields) {
    const value = fields[name] ?? '';
    if (value === '') delete raw[name];
    else raw[name] = value;
  }
  for (const name of secretFields) if ((fields[name] ?? '') !== '') raw[name] = fields[name] ?? '';
  return raw;
}

/** A pasted code with its passphrase, as inputs; the code given to the console itself where nothing was pasted. */
function codeInputs(console: Console, fields: Readonly<Record<string, string>>): RawInputs {
  const { code = '', passphrase = '' } = fields;
  const given = console.given;
  const raw =
    code === ''
      ? {
          'invitation-code': normalCode(given['invitation-code'] ?? '') ?? given['invitation-code'] ?? '',
          passphrase: passphrase === '' ? (given.passphrase ?? '') : passphrase,
        }
      : // Without the label, quotes and blanks around it: what is saved as a secret is the code alone.
        { 'invitation-code': normalCode(code) ?? code, passphrase };
  for (const secret of Object.values(raw)) console.mask(secret);
  return raw;
}

/**
 * The invitation in a pasted code. A whole code that its passphrase does not open is kept for the next try in the same form,
 * in memory and out of the page.
 *
 * @throws SallyportError as `decodeInvitation` does.
 */
export function readCode(
  console: Console,
  form: string,
  fields: Readonly<Record<string, string>>,
): { readonly invitation: Invitation; readonly raw: RawInputs } {
  const { held } = console;
  const { code: given = '' } = fields;
  const code = given === '' && held.sealedCode?.form === form ? held.sealedCode.code : given;
  const raw = codeInputs(console, { ...fields, code });
  held.sealedCode = code !== '' && isWholeSealed(code) ? { form, code } : undefined;
  const invitation = decodeInvitation(raw['invitation-code'] ?? '', { passphrase: raw.passphrase });
  held.sealedCode = undefined;
  return { invitation, raw };
}

export function isCodeKept(held: Held, form: string): boolean {
  return held.sealedCode?.form === form;
}

/** By flag or variable, when the console was started. */
export function isCodeGiven(console: Console): boolean {
  return (console.given['invitation-code'] ?? '') !== '';
}

export function addAcceptRoutes(app: Hono, console: Console): void {
  const view = { csrf: console.access.csrfToken };
  const isGiven = isCodeGiven(console);
  const { held } = console;
  const paste = (problem: string | undefined): string =>
    pastePage(view, { problem, isGiven, isKept: isCodeKept(held, 'accept') });
  app.get('/accept', (context) => {
    held.sealedCode = undefined;
    return context.html(paste(undefined));
  });
  app.post('/accept', async (context) => {
    const fields = await formFields(context);
    try {
      const { invitation, raw } = readCode(console, 'accept', fields);
      const known = held.connections.get(invitation.connectionId)?.raw ?? {};
      const draft = addDraft(held, invitation, { ...trackerGiven(console.given), ...known, ...raw });
      return context.redirect(`/accept/${draft.id}`, 303);
    } catch (error) {
      return context.html(paste(console.redact(messageOf(error))));
    }
  });
  app.get('/accept/:id', (context) =>
    withDraft(context, console, (draft) =>
      context.html(destinationPage(view, { draft, now: console.now(), problem: undefined })),
    ),
  );
  addCheckRoutes(app, console);
  addAcceptedRoutes(app, console);
}

/** What the console was started with for the tracker stands in its form already, or goes along without one. */
export function trackerGiven(given: RawInputs): RawInputs {
  const names = [...trackerFields, ...secretFields, ...startInputs];
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const])));
}

function addCheckRoutes(app: Hono, console: Console): void {
  const view = { csrf: console.access.csrfToken };
  app.post('/accept/:id/check', async (context) => {
    const fields = await formFields(context);
    return withDraft(context, console, (draft) => {
      if (fields['same'] !== 'true') draft.raw = trackerInputs(fields, draft.raw);
      let config: ReturnType<typeof configure>;
      try {
        config = configure(console, { ...draft.raw, operation: 'accept' });
      } catch (error) {
        const problem = console.redact(error instanceof Error ? error.message : messageOf(error));
        return context.html(destinationPage(view, { draft, now: console.now(), problem }));
      }
      const back = `/accept/${draft.id}`;
      const work = console.works.start(texts.accept.checking, back, async (log) => {
        const checks = await inspectDestination(config, console.runtime(log));
        draft.checks = checks.map((check) => ({ ...check, detail: console.redact(check.detail) }));
        return { next: `${back}/checks` };
      });
      return context.redirect(`/task/${work.id}`, 303);
    });
  });
  app.get('/accept/:id/checks', (context) =>
    withDraft(context, console, (draft) => context.html(checksPage(view, { draft, checks: draft.checks }))),
  );
  app.post('/accept/:id/confirm', (context) =>
    withDraft(context, console, (draft) => {
      const back = `/accept/${draft.id}`;
      const work = console.works.start(texts.accept.confirming, back, async (log) => {
        const outcome = await run(console, { ...draft.raw, operation: 'accept' }, log);
        if (outcome.kind !== 'accepted') return { outcome };
        draft.accepted = outcome;
        console.held.listed = undefined;
        const { connectionId, name, siteUrl, project } = draft.invitation;
        hold(console.held, { connectionId, raw: draft.raw, invitation: { name, siteUrl, project: projectText(project) } });
        return { next: `${back}/done` };
      });
      return context.redirect(`/task/${work.id}`, 303);
    }),
  );
}

/** The workflow file stands in the page; the values of its secrets come out one by one, when they are asked for. */
function addAcceptedRoutes(app: Hono, console: Console): void {
  const view = { csrf: console.access.csrfToken };
  const page = (context: Context, draft: Draft, shown: string | undefined): Answer => {
    if (draft.accepted === undefined) return context.redirect(`/accept/${draft.id}`, 303);
    const secrets = secretsToAdd(draft.raw).map((secret) => ({
      ...secret,
      value: secret.name === shown ? draft.raw[secret.input] : undefined,
    }));
    if (shown !== undefined && secrets.every(({ value }) => value === undefined))
      return context.html(refusedPage(texts.initiate.gone, texts.refused.title), 404);
    return context.html(acceptedPage(view, { draft, workflow: workflowFile(draft.raw), secrets }));
  };
  app.get('/accept/:id/done', (context) => withDraft(context, console, (draft) => page(context, draft, undefined)));
  app.post('/accept/:id/show', async (context) => {
    const { secret = '' } = await formFields(context);
    return withDraft(context, console, (draft) => page(context, draft, secret));
  });
  app.post('/accept/:id/secret/:name', (context) =>
    withDraft(context, console, (draft) => {
      const secret = secretsToAdd(draft.raw).find(({ name }) => name === context.req.param('name'));
      const value = secret === undefined ? undefined : draft.raw[secret.input];
      return value === undefined ? context.text(texts.initiate.gone, 404) : context.text(value);
    }),
  );
}

type Answer = Response | Promise<Response>;

function withDraft(context: Context, console: Console, answer: (draft: Draft) => Answer): Answer {
  const draft = console.held.drafts.get(context.req.param('id') ?? '');
  return draft === undefined ? context.html(refusedPage(texts.work.unknown, texts.refused.title), 404) : answer(draft);
}

import type { Hono } from 'hono';
import { listConnections } from '../operations/connections.ts';
import type { AccountConnections } from '../operations/connections.ts';
import { messageOf } from '../errors.ts';
import { formFields } from './forms.ts';
import { accountInputs } from './held.ts';
import { configure } from './parts.ts';
import type { Console } from './parts.ts';
import { statusOf } from './statuses.ts';

/** What the account's record tells, asked once and then on *Refresh*. */
export async function listedConnections(
  console: Console,
): Promise<{ readonly connections: AccountConnections | undefined; readonly problem: string | undefined }> {
  const { held } = console;
  if (held.account === undefined) return { connections: undefined, problem: undefined };
  try {
    const config = configure(console, { ...accountInputs(held.account), operation: 'rules' });
    held.listed ??= await listConnections(
      config,
      console.runtime(() => undefined),
    );
    return { connections: held.listed, problem: undefined };
  } catch (error) {
    return { connections: undefined, problem: console.redact(messageOf(error)) };
  }
}

export function addAccountRoutes(app: Hono, console: Console): void {
  const { held } = console;
  app.post('/account', async (context) => {
    const { site = '', email = '', token = '' } = await formFields(context);
    console.mask(token);
    held.account = { siteUrl: site, email, token };
    held.listed = undefined;
    return context.redirect('/', 303);
  });
  app.post('/account/forget', (context) => {
    held.account = undefined;
    held.initiation = undefined;
    held.listed = undefined;
    return context.redirect('/', 303);
  });
  app.post('/refresh', async (context) => {
    held.listed = undefined;
    await Promise.all([...held.connections.keys()].map((id) => statusOf(console, id, { evenOld: false })));
    return context.redirect('/', 303);
  });
}

import { Hono } from 'hono';
import type { Context } from 'hono';
import type { SideName } from '../core/model.ts';
import { messageOf } from '../errors.ts';
import type { PlayAct, Playground } from '../operations/playground.ts';
import { faultNames } from '../operations/playground-faults.ts';
import type { Access } from './access.ts';
import type { Application } from './console.ts';
import { guard } from './guard.ts';
import { formFields } from './forms.ts';
import { playgroundPage } from './pages/playground-page.tsx';
import type { Assets } from './parts.ts';

/** The page of `demo --serve`: both trackers side by side, behind the same guard as the console. */
export function createPlaygroundPage(
  parts: { readonly playground: Playground; readonly assets: Assets },
  access: Access,
): Application {
  const { playground } = parts;
  const view = { csrf: access.csrfToken };
  const app = new Hono();
  let running = 0;
  guard(app, { assets: parts.assets, redact: (text) => text }, access);
  app.get('/', (context) => context.html(playgroundPage(view, playground, undefined)));
  app.post('/run', async (context) => {
    const fields = await formFields(context);
    // One runner at a time, as a workflow's concurrency group has it.
    if (running === 0) {
      running += 1;
      try {
        await playground.run(faultNames.filter((name) => fields[name] === 'on'));
      } finally {
        running -= 1;
      }
    }
    return context.redirect('/', 303);
  });
  app.post('/act/:side/:kind', async (context) => {
    const side = sideOf(context);
    const fields = await formFields(context);
    const act = await actOf(context, fields);
    if (side === undefined || act === undefined) return context.notFound();
    try {
      playground.act(side, act);
      return context.redirect('/', 303);
    } catch (error) {
      const { kind } = act;
      return context.html(playgroundPage(view, playground, { side, kind, fields, problem: messageOf(error) }), 422);
    }
  });
  return { fetch: async (request) => app.fetch(request), isBusy: () => running > 0 };
}

function sideOf(context: Context): SideName | undefined {
  const side = context.req.param('side');
  return side === 'public' || side === 'private' ? side : undefined;
}

async function actOf(context: Context, fields: Readonly<Record<string, string>>): Promise<PlayAct | undefined> {
  const { title = '', text = '', type = 'Task', issue = '', comment = '' } = fields;
  switch (context.req.param('kind')) {
    case 'issue':
      return { kind: 'issue', title, text, type };
    case 'edit':
      return { kind: 'edit', issue, title, text: text === '' ? undefined : text };
    case 'comment':
      return { kind: 'comment', issue, text };
    case 'remove-comment':
      return { kind: 'remove-comment', issue, comment };
    case 'file': {
      const { file } = await context.req.parseBody();
      if (!(file instanceof File)) return undefined;
      return { kind: 'file', issue, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    }
    default:
      return undefined;
  }
}

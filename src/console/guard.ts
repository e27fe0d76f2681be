import type { Context, Hono } from 'hono';
import { messageOf } from '../errors.ts';
import type { Access } from './access.ts';
import { refusedPage } from './pages/work-pages.tsx';
import type { Assets } from './parts.ts';
import { texts } from './texts.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 21V9l2-1V5h3v2l2.5-1V3h3v3L16 7V5h3v3l2 1v12h-6v-5a3 3 0 0 0-6 0v5z" fill="#1f6feb"/></svg>';

/** No inline script or style, nothing from outside, no frame around it, forms to itself alone. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // `no-referrer` would make browsers hide the origin of forms, too, which is asked for here.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** An error as its reader is to see it: without the marks of a list of problems on one line. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : messageOf(error);
}

/** What stands before every page: who asks, from where, and with which form. */
export function guard(
  app: Hono,
  parts: { readonly assets: Assets; readonly redact: (text: string) => string },
  access: Access,
): void {
  app.use(async (context, next) => {
    const refusal = access.refusal(context.req.raw);
    if (refusal === undefined) await next();
    else context.res = await refused(context, refusal === 'host' ? texts.refused.host : texts.refused.origin);
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.get('/assets/console.css', (context) => asset(context, parts.assets.style, 'text/css'));
  app.get('/assets/console.js', (context) => asset(context, parts.assets.script, 'text/javascript'));
  app.get('/assets/icon.svg', (context) => asset(context, icon, 'image/svg+xml'));
  app.get('/enter', (context) => {
    const cookie = access.enter(context.req.query('token') ?? '');
    if (cookie === undefined) {
      // Loaded again by a browser that is in already.
      return access.isKnown(context.req.raw) ? context.redirect('/', 303) : refused(context, texts.refused.token);
    }
    context.header('Set-Cookie', cookie);
    return context.redirect('/', 303);
  });
  app.use(async (context, next) => {
    if (!access.isKnown(context.req.raw)) return refused(context, texts.refused.cookie);
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
    if (context.req.method !== 'POST') return refused(context, texts.refused.missing);
    const body = await context.req.parseBody();
    return access.isCsrfToken(body['csrf']) ? next() : refused(context, texts.refused.csrf);
  });
  app.notFound((context) => context.html(refusedPage(texts.refused.missing, texts.refused.title), 404));
  app.onError((error, context) => context.html(refusedPage(parts.redact(errorText(error)), texts.refused.error), 500));
}

function asset(context: Context, text: string, type: string): Response {
  return context.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` });
}

function refused(context: Context, message: string): Response | Promise<Response> {
  return context.html(refusedPage(message, texts.refused.title), 403);
}

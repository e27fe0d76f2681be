import type { Hono } from 'hono';
import { hasPermission, mayChangeItem, requireIssue, visibleAttachment } from './auth.ts';
import { projectOf } from './data.ts';
import type { AttachmentRecord } from './data.ts';
import { addAttachment, deleteAttachment, findAttachment } from './item-changes.ts';
import type { AttachmentPlace } from './item-changes.ts';
import { JiraProblem } from './problem.ts';
import { viewerOf } from './projects.ts';
import { pathParameter } from './site.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';
import { attachmentView } from './views.ts';

/** How long a signed address of the media host works. */
const signatureLifeMs = 10 * 60_000;

export function registerAttachments(app: Hono<JiraEnvironment>, site: Site): void {
  app.post('/rest/api/3/issue/:issue/attachments', (context) => upload(site, context));
  app.get('/rest/api/3/attachment/meta', (context) => context.json({ enabled: true, uploadLimit: site.limits.uploadBytes }));
  app.get('/rest/api/3/attachment/content/:id', (context) => content(site, context));
  app.get('/rest/api/3/attachment/:id', (context) => {
    const { attachment } = requireAttachment(site, context);
    // Of all places where attachments are shown, this one gives their id as a number.
    return context.json({ ...attachmentView(site, attachment, viewerOf(context)), id: Number(attachment.id) });
  });
  app.delete('/rest/api/3/attachment/:id', (context) => remove(site, context));
}

async function upload(site: Site, context: JiraContext): Promise<Response> {
  const { account } = context.var;
  if (context.req.header('x-atlassian-token') !== 'no-check') {
    return new Response('XSRF check failed', { status: 403, headers: { 'Content-Type': 'text/html;charset=UTF-8' } });
  }
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  if (!hasPermission(account, 'CREATE_ATTACHMENTS', projectOf(site.world, issue))) {
    throw new JiraProblem(403, 'You do not have permission to create attachments for this issue.');
  }
  const files = await readFiles(context);
  const tooLarge = files.find((file) => file.size > site.limits.uploadBytes);
  if (tooLarge !== undefined) {
    throw new JiraProblem(
      413,
      `The file ${tooLarge.name} exceeds its maximum permitted size of ${site.limits.uploadBytes} bytes.`,
    );
  }
  const added: AttachmentRecord[] = [];
  for (const file of files) {
    const current = site.world.issues.get(issue.id) ?? issue;
    const bytes = new Uint8Array(await file.arrayBuffer());
    added.push(
      addAttachment(site.world, current, { by: account.accountId, name: file.name, bytes, mediaType: mediaTypeOf(file) }),
    );
  }
  return context.json(added.map((attachment) => attachmentView(site, attachment, viewerOf(context))));
}

async function readFiles(context: JiraContext): Promise<readonly File[]> {
  const contentType = context.req.header('content-type') ?? '';
  if (!contentType.startsWith('multipart/form-data')) throw new JiraProblem(415, 'Unsupported Media Type');
  const form = await readForm(context);
  const files = form.getAll('file').filter((part) => part instanceof File);
  if (files.length === 0) throw new JiraProblem(400, "The request has no part of the name 'file' with a file name.");
  return files;
}

async function readForm(context: JiraContext): Promise<FormData> {
  try {
    return await context.req.raw.formData();
  } catch (error) {
    // What the parser throws for a body that is no multipart form is a TypeError; anything else is not the client's doing.
    if (!(error instanceof TypeError)) throw error;
    throw new JiraProblem(400, 'The request body is not a multipart form.');
  }
}

function mediaTypeOf(file: File): string {
  return file.type === '' ? 'application/octet-stream' : file.type;
}

function requireAttachment(site: Site, context: JiraContext): AttachmentPlace {
  const id = pathParameter(context, 'id');
  const found = visibleAttachment(site.world, context.var.account, id);
  if (found === undefined) throw new JiraProblem(404, `The attachment with id '${id}' does not exist`);
  return found;
}

function remove(site: Site, context: JiraContext): Response {
  const { account } = context.var;
  const { issue, attachment } = requireAttachment(site, context);
  const permission = { authorId: attachment.authorId, own: 'DELETE_OWN_ATTACHMENTS', all: 'DELETE_ALL_ATTACHMENTS' } as const;
  if (!mayChangeItem(account, projectOf(site.world, issue), permission)) {
    throw new JiraProblem(403, 'You do not have permission to delete this attachment.');
  }
  deleteAttachment(site.world, { issue, attachment }, account.accountId);
  return context.body(null, 204);
}

/** 303 to the media host, with a signature in the address that lasts ten minutes; or the bytes, with `redirect=false`. */
function content(site: Site, context: JiraContext): Response {
  const { attachment } = requireAttachment(site, context);
  if (context.req.query('redirect') === 'false') return bytesAnswer(attachment, context.req.header('range'));
  const url = new URL(`/file/${attachment.mediaId}/binary`, site.mediaOrigin);
  const expiresAt = site.world.clock.now() + signatureLifeMs;
  url.searchParams.set('token', signature(site, attachment, expiresAt));
  url.searchParams.set('client', site.cloudId);
  url.searchParams.set('name', attachment.name);
  url.searchParams.set('dl', 'true');
  return new Response(null, { status: 303, headers: { Location: url.href } });
}

/** A stand-in: readable for a person who debugs, and nothing that a client could want to make up. */
function signature(site: Site, attachment: AttachmentRecord, expiresAt: number): string {
  return `${expiresAt}.${attachment.mediaId.slice(0, 8)}.${site.cloudId.slice(0, 8)}`;
}

/** The media host: knows no accounts, only signatures. */
export function answerMedia(site: Site, request: Request): Response {
  const url = new URL(request.url);
  const mediaId = /^\/file\/([0-9a-f-]{36})\/binary$/.exec(url.pathname)?.[1];
  const found = findAttachment(site.world, (attachment) => attachment.mediaId === mediaId);
  if (found === undefined) return mediaError(404, 'ResourceNotFound');
  const token = url.searchParams.get('token') ?? '';
  const expiresAt = Number(token.split('.')[0]);
  const isSigned = token === signature(site, found.attachment, expiresAt) && expiresAt > site.world.clock.now();
  if (!isSigned) return mediaError(403, 'JwtAuthoriserError');
  if (request.method !== 'GET' && request.method !== 'HEAD') return mediaError(405, 'MethodNotAllowed');
  const response = bytesAnswer(found.attachment, request.headers.get('range') ?? undefined);
  return request.method === 'HEAD' ? new Response(null, response) : response;
}

function mediaError(status: number, code: string): Response {
  return Response.json({ error: { code, title: code } }, { status });
}

function bytesAnswer(attachment: AttachmentRecord, range: string | undefined): Response {
  const total = attachment.bytes.byteLength;
  const headers = new Headers({
    'Content-Type': attachment.mediaType,
    'Accept-Ranges': 'bytes',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name)}`,
  });
  const asked = range === undefined ? undefined : parseRange(range, total);
  if (asked === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${total}`);
    return new Response(null, { status: 416, headers });
  }
  const bytes = Uint8Array.from(asked === undefined ? attachment.bytes : attachment.bytes.subarray(asked.start, asked.end + 1));
  headers.set('Content-Length', String(bytes.byteLength));
  if (asked !== undefined) headers.set('Content-Range', `bytes ${asked.start}-${asked.end}/${total}`);
  return new Response(bytes, { status: asked === undefined ? 200 : 206, headers });
}

/** One range of bytes; several, and other units, are ignored as the standard allows (RFC 9110, section 14.2). */
function parseRange(
  range: string,
  total: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, total - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? total - 1 : Math.min(Number(match[2]), total - 1);
  return start >= total || start > end ? 'unsatisfiable' : { start, end };
}

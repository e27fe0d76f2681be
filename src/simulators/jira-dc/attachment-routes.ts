import type { Hono } from 'hono';
import { JiraProblem } from '../jira-cloud/problem.ts';
import { canSee, requireIssue, requireItem, requirePermission } from './access.ts';
import { touch } from './changes.ts';
import type { AttachmentRecord, IssueRecord, UserRecord } from './data.ts';
import type { JiraDcContext, JiraDcEnvironment, Server } from './server.ts';
import { attachmentView } from './views.ts';

export function registerAttachments(app: Hono<JiraDcEnvironment>, server: Server): void {
  app.get('/attachment/meta', (context) => context.json({ enabled: true, uploadLimit: server.limits.uploadBytes }));
  app.get('/attachment/:id', (context) => {
    const { attachment } = requireAttachment(server, context.var.user, context.req.param('id'));
    return context.json(attachmentView(server.world, attachment));
  });
  app.delete('/attachment/:id', (context) => {
    const { issue, attachment } = requireAttachment(server, context.var.user, context.req.param('id'));
    requireItem(context.var.user, {
      authorKey: attachment.authorKey,
      own: 'DELETE_OWN_ATTACHMENTS',
      all: 'DELETE_ALL_ATTACHMENTS',
    });
    issue.attachments = issue.attachments.filter((candidate) => candidate !== attachment);
    touch(server.world, issue);
    return context.body(null, 204);
  });
  app.post('/issue/:id/attachments', (context) => add(server, context));
}

function requireAttachment(
  server: Server,
  user: UserRecord,
  id: string,
): { readonly issue: IssueRecord; readonly attachment: AttachmentRecord } {
  for (const issue of server.world.issues.values()) {
    const attachment = issue.attachments.find((candidate) => candidate.id === id);
    if (attachment !== undefined && canSee(user, issue)) return { issue, attachment };
  }
  throw new JiraProblem(404, `The attachment with id '${id}' does not exist`);
}

async function add(server: Server, context: JiraDcContext): Promise<Response> {
  const { world } = server;
  const { user } = context.var;
  if (context.req.header('x-atlassian-token') !== 'no-check') return new Response('XSRF check failed', { status: 403 });
  const issue = requireIssue(world, user, context.req.param('id') ?? '');
  requirePermission(user, 'CREATE_ATTACHMENTS');
  const form = await context.req.formData();
  const stored: AttachmentRecord[] = [];
  for (const part of form.getAll('file')) {
    if (!(part instanceof File)) continue;
    if (part.size > server.limits.uploadBytes)
      throw new JiraProblem(413, `The file ${part.name} is larger than ${server.limits.uploadBytes} bytes.`);
    stored.push({
      id: world.nextId(),
      name: part.name.replaceAll('%22', '"'),
      bytes: new Uint8Array(await part.arrayBuffer()),
      mediaType: part.type === '' ? 'application/octet-stream' : part.type,
      authorKey: user.key,
      createdAt: world.clock.now(),
    });
  }
  issue.attachments.push(...stored);
  touch(world, issue);
  return context.json(stored.map((attachment) => attachmentView(world, attachment)));
}

/** The bytes, on the same host; who is not logged in is sent to the log-in page, not told 401. */
export function answerFile(server: Server, user: UserRecord | undefined, path: string): Response {
  const id = /^\/secure\/attachment\/(\d+)\//.exec(path)?.[1] ?? '';
  if (user === undefined) {
    const location = `${server.world.baseUrl}/login.jsp?permissionViolation=true&os_destination=${encodeURIComponent(path)}`;
    return new Response(null, { status: 302, headers: { Location: location } });
  }
  const { attachment } = requireAttachment(server, user, id);
  return new Response(Uint8Array.from(attachment.bytes), {
    headers: { 'Content-Type': attachment.mediaType, 'Content-Length': String(attachment.bytes.byteLength) },
  });
}

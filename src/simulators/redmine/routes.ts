import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { RedmineProblem, canSee, canSeeNote, canSeeProject, isAllowed, requireIssue } from './access.ts';
import { changeIssue, createIssue, editNote, removeAttachment } from './changes.ts';
import type { AttachmentRecord, IssueRecord, ProjectRecord, TrackerRecord, UserRecord, World } from './data.ts';
import { projectOf } from './data.ts';
import { issuePage } from './issue-query.ts';
import { issueView, timeText } from './views.ts';

export interface RedmineEnvironment {
  readonly Variables: { readonly user: UserRecord };
}
type RedmineContext = Context<RedmineEnvironment>;

const issueSchema = z.object({
  project_id: z.union([z.number(), z.string()]).optional(),
  tracker_id: z.number().optional(),
  subject: z.string().optional(),
  description: z.string().nullish(),
  notes: z.string().optional(),
  private_notes: z.boolean().optional(),
  custom_fields: z.array(z.object({ id: z.number(), value: z.string().nullable() })).default([]),
  uploads: z
    .array(z.object({ token: z.string(), filename: z.string().optional(), content_type: z.string().optional() }))
    .default([]),
});
type IssueInput = z.infer<typeof issueSchema>;

async function bodyOf<T>(context: RedmineContext, schema: z.ZodType<T>): Promise<T> {
  const value: unknown = await context.req.json().catch(() => undefined);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RedmineProblem(400);
}

export function registerIssues(app: Hono<RedmineEnvironment>, world: World): void {
  app.get('/issues.json', (context) => {
    const { user } = context.var;
    const page = issuePage(world, user, new URL(context.req.url).searchParams);
    return context.json({
      issues: page.issues.map((issue) => issueView(world, issue, { to: user, include: [] })),
      total_count: page.total,
      offset: page.offset,
      limit: page.limit,
    });
  });
  app.get('/issues/:id{\\d+\\.json}', (context) => {
    const issue = requireIssue(world, context.var.user, numberIn(context.req.param('id')));
    const include = (context.req.query('include') ?? '').split(',');
    return context.json({ issue: issueView(world, issue, { to: context.var.user, include }) });
  });
  app.post('/issues.json', async (context) => {
    const { issue: input } = await bodyOf(context, z.object({ issue: issueSchema }));
    const issue = create(world, context.var.user, input);
    return context.json({ issue: issueView(world, issue, { to: context.var.user, include: [] }) }, 201);
  });
  app.put('/issues/:id{\\d+\\.json}', async (context) => {
    const issue = requireIssue(world, context.var.user, numberIn(context.req.param('id')));
    const { issue: input } = await bodyOf(context, z.object({ issue: issueSchema }));
    edit(world, issue, { user: context.var.user, input });
    return context.body(null, 204);
  });
  app.put('/journals/:id{\\d+\\.json}', async (context) => {
    const { journal } = await bodyOf(context, z.object({ journal: z.object({ notes: z.string() }) }));
    changeNote(world, context.var.user, { id: Number(numberIn(context.req.param('id'))), notes: journal.notes });
    return context.body(null, 204);
  });
}

function numberIn(parameter: string): string {
  return parameter.replace(/\.json$/, '');
}

function create(world: World, user: UserRecord, given: IssueInput): IssueRecord {
  const project = projectOf(world, given.project_id ?? '');
  // A project in which the account may add nothing is passed over, and then there is none.
  if (project === undefined || !isAllowed(world, user, { projectId: project.id, to: 'add_issues' }))
    throw new RedmineProblem(422, ['Project cannot be blank', 'Tracker cannot be blank', 'Status cannot be blank']);
  const tracker = trackerIn(project, given.tracker_id) ?? project.trackers[0];
  if (tracker === undefined) throw new RedmineProblem(422, ['Tracker cannot be blank']);
  const input = writable(world, given, tracker.id);
  if ((input.subject ?? '') === '') throw new RedmineProblem(422, ['Subject cannot be blank']);
  return createIssue(world, {
    project,
    tracker,
    authorId: user.id,
    subject: input.subject ?? '',
    description: input.description ?? null,
    fields: new Map(input.custom_fields.map(({ id, value }) => [id, value])),
  });
}

/**
 * Without the fields that may not be written, and those that are switched off for the tracker which the issue is to have:
 * Redmine passes over them without a word (issue.rb, `safe_attribute_names`).
 */
function writable(world: World, input: IssueInput, trackerId: number): IssueInput {
  const isOff = (name: string): boolean => name === 'description' && world.withoutDescription.has(trackerId);
  const kept = Object.entries(input).filter(([name]) => !world.readOnly.has(name) && !isOff(name));
  return issueSchema.parse(Object.fromEntries(kept));
}

function trackerIn(project: ProjectRecord | undefined, id: number | undefined): TrackerRecord | undefined {
  return project?.trackers.find((tracker) => tracker.id === id);
}

/** What the account may not change, and a tracker that the project does not have, is passed over without a word. */
function edit(world: World, issue: IssueRecord, by: { readonly user: UserRecord; readonly input: IssueInput }): void {
  const { user } = by;
  const tracker = trackerIn(world.projects.get(issue.projectId), by.input.tracker_id);
  const input = writable(world, by.input, tracker?.id ?? issue.trackerId);
  const may = (to: string): boolean => isAllowed(world, user, { projectId: issue.projectId, to });
  const mayEdit = may('edit_issues');
  const mayNote = may('add_issue_notes');
  if (!mayEdit && !mayNote) throw new RedmineProblem(403);
  const files = mayEdit ? uploadsOf(world, input) : [];
  changeIssue(world, issue, {
    by: user.id,
    what: {
      ...(mayEdit && input.subject !== undefined ? { subject: input.subject } : {}),
      ...(mayEdit && input.description !== undefined ? { description: input.description } : {}),
      ...(mayEdit && tracker !== undefined ? { tracker } : {}),
      ...(mayEdit ? { fields: new Map(input.custom_fields.map(({ id, value }) => [id, value])) } : {}),
      ...(mayNote && input.notes !== undefined ? { notes: input.notes } : {}),
      isPrivate: input.private_notes === true && may('set_notes_private'),
      files,
    },
  });
}

/** @throws RedmineProblem 422 for a token that was taken already, or that there never was; nothing is written then */
function uploadsOf(world: World, input: IssueInput): readonly AttachmentRecord[] {
  const files = input.uploads.map(({ token, filename, content_type: contentType }) => {
    const file = world.uploads.get(Number(token.split('.')[0]));
    if (file === undefined || token !== tokenOf(file)) return undefined;
    file.filename = filename ?? file.filename;
    file.contentType = contentType ?? file.contentType;
    return file;
  });
  const missing = files.filter((file) => file === undefined).length;
  if (missing > 0) throw new RedmineProblem(422, [`${missing} file(s) could not be saved.`]);
  return files.filter((file) => file !== undefined);
}

function tokenOf(file: AttachmentRecord): string {
  return `${file.id}.${file.digest}`;
}

function changeNote(world: World, user: UserRecord, edit: { readonly id: number; readonly notes: string }): void {
  for (const issue of world.issues.values()) {
    const journal = issue.journals.find(({ id }) => id === edit.id);
    if (journal === undefined) continue;
    if (!canSee(world, user, issue) || !canSeeNote(world, user, { issue, journal })) break;
    const may = (to: string): boolean => isAllowed(world, user, { projectId: issue.projectId, to });
    if (!may('edit_issue_notes') && !(journal.userId === user.id && may('edit_own_issue_notes'))) throw new RedmineProblem(403);
    editNote(issue, edit.id, edit.notes);
    return;
  }
  throw new RedmineProblem(404);
}

export function registerFiles(app: Hono<RedmineEnvironment>, world: World): void {
  app.post('/uploads.json', async (context) => {
    if (context.req.header('content-type') !== 'application/octet-stream') throw new RedmineProblem(406);
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const { fileBytesMax } = world;
    if (bytes.byteLength > fileBytesMax)
      throw new RedmineProblem(422, [
        `This file cannot be uploaded because it exceeds the maximum allowed file size (${fileBytesMax})`,
      ]);
    const file: AttachmentRecord = {
      id: world.nextId('attachments'),
      digest: createHash('sha256').update(bytes).digest('hex'),
      authorId: context.var.user.id,
      createdAt: world.clock.now(),
      bytes,
      filename: context.req.query('filename') ?? 'file',
      contentType: 'text/plain',
    };
    world.uploads.set(file.id, file);
    return context.json({ upload: { id: file.id, token: tokenOf(file) } }, 201);
  });
  app.get('/attachments/download/:id', (context) => {
    const { attachment } = requireAttachment(world, context.var.user, context.req.param('id'));
    return new Response(Uint8Array.from(attachment.bytes), {
      headers: { 'Content-Type': attachment.contentType, 'Content-Length': String(attachment.bytes.byteLength) },
    });
  });
  app.delete('/attachments/:id{\\d+\\.json}', (context) => {
    const { user } = context.var;
    const { issue, attachment } = requireAttachment(world, user, numberIn(context.req.param('id')));
    if (!isAllowed(world, user, { projectId: issue.projectId, to: 'edit_issues' })) throw new RedmineProblem(403);
    removeAttachment(world, { issue, attachment, by: user.id });
    return context.body(null, 204);
  });
}

function requireAttachment(
  world: World,
  user: UserRecord,
  id: string,
): { readonly issue: IssueRecord; readonly attachment: AttachmentRecord } {
  for (const issue of world.issues.values()) {
    const attachment = issue.attachments.find((candidate) => candidate.id === Number(id));
    if (attachment === undefined) continue;
    if (!canSee(world, user, issue)) throw new RedmineProblem(403);
    return { issue, attachment };
  }
  throw new RedmineProblem(404);
}

export function registerProjects(app: Hono<RedmineEnvironment>, world: World): void {
  app.get('/projects/:id{[\\w-]+\\.json}', (context) => {
    const project = projectOf(world, numberIn(context.req.param('id')));
    if (project === undefined) throw new RedmineProblem(404);
    if (!canSeeProject(world, context.var.user, project)) throw new RedmineProblem(403);
    const { id, name, identifier, trackers } = project;
    return context.json({
      project: {
        id,
        name,
        identifier,
        description: null,
        homepage: '',
        status: 1,
        is_public: false,
        inherit_members: false,
        trackers,
        enabled_modules: [{ id, name: 'issue_tracking' }],
        created_on: timeText(world.clock.now()),
        updated_on: timeText(world.clock.now()),
      },
    });
  });
  app.get('/trackers.json', (context) => {
    const trackers = new Map([...world.projects.values()].flatMap((project) => project.trackers.map((one) => [one.id, one])));
    return context.json({
      trackers: [...trackers.values()].map(({ id, name }) => ({
        id,
        name,
        description: null,
        enabled_standard_fields: ['assigned_to_id', ...(world.withoutDescription.has(id) ? [] : ['description'])],
      })),
    });
  });
  app.get('/users/current.json', (context) => {
    const { id, login, firstname, lastname, isAdmin } = context.var.user;
    const memberships = world.members
      .filter((member) => member.userId === id)
      .map((member) => ({
        id: member.id,
        project: { id: member.projectId, name: world.projects.get(member.projectId)?.name },
        roles: [{ id: member.roleId, name: world.roles.get(member.roleId)?.name }],
      }));
    return context.json({ user: { id, login, admin: isAdmin, firstname, lastname, memberships } });
  });
  app.get('/roles/:id{\\d+\\.json}', (context) => {
    const role = world.roles.get(Number(numberIn(context.req.param('id'))));
    if (role === undefined) throw new RedmineProblem(404);
    const { id, name, permissions, issuesVisibility } = role;
    return context.json({
      role: {
        id,
        name,
        assignable: true,
        issues_visibility: issuesVisibility,
        permissions: [...permissions],
      },
    });
  });
}

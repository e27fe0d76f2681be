import type { AttachmentRecord, CommentRecord, IssueRecord, UserRecord, World } from './data.ts';
import { typeOf, userOf } from './data.ts';

/** Jira's form of a time: `2026-11-23T20:24:49.000+0000`. Most databases under a Data Center keep whole seconds. */
export function timeText(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\d{3}Z$/, '000+0000');
}

export function userView(world: World, key: string): Record<string, unknown> {
  const user: UserRecord = userOf(world, key);
  return {
    self: `${world.baseUrl}/rest/api/2/user?username=${encodeURIComponent(user.name)}`,
    name: user.name,
    key: user.key,
    displayName: user.displayName,
    active: true,
    timeZone: user.timeZone,
  };
}

export function commentView(
  world: World,
  issue: IssueRecord,
  shown: { readonly comment: CommentRecord; readonly withProperties: boolean },
): Record<string, unknown> {
  const { comment } = shown;
  return {
    self: `${world.baseUrl}/rest/api/2/issue/${issue.id}/comment/${comment.id}`,
    id: comment.id,
    author: userView(world, comment.authorKey),
    updateAuthor: userView(world, comment.authorKey),
    body: comment.body,
    created: timeText(comment.createdAt),
    updated: timeText(comment.updatedAt),
    ...(comment.visibility === undefined ? {} : { visibility: comment.visibility }),
    ...(shown.withProperties ? { properties: [...comment.properties].map(([key, value]) => ({ key, value })) } : {}),
  };
}

export function attachmentView(world: World, attachment: AttachmentRecord): Record<string, unknown> {
  return {
    self: `${world.baseUrl}/rest/api/2/attachment/${attachment.id}`,
    id: attachment.id,
    filename: attachment.name,
    author: userView(world, attachment.authorKey),
    created: timeText(attachment.createdAt),
    size: attachment.bytes.byteLength,
    mimeType: attachment.mediaType,
    content: `${world.baseUrl}/secure/attachment/${attachment.id}/${encodeURIComponent(attachment.name)}`,
  };
}

function fieldsView(world: World, issue: IssueRecord): Record<string, unknown> {
  const project = world.projects.get(issue.projectId);
  const type = typeOf(world, issue);
  return {
    summary: issue.summary,
    description: issue.description,
    issuetype: { id: type.id, name: type.name, subtask: type.subtask },
    labels: issue.labels,
    creator: userView(world, issue.creatorKey),
    created: timeText(issue.createdAt),
    updated: timeText(issue.updatedAt),
    project: { id: issue.projectId, key: project?.key, name: project?.name },
    attachment: issue.attachments.map((attachment) => attachmentView(world, attachment)),
    security: issue.security === undefined ? null : { id: '10', name: 'Internal' },
  };
}

/** An issue with the fields that are asked for; no field is left out where none is named. */
export function issueView(
  world: World,
  issue: IssueRecord,
  asked: { readonly fields: readonly string[]; readonly properties?: readonly string[]; readonly withChangelog?: boolean },
): Record<string, unknown> {
  const all = Object.entries(fieldsView(world, issue));
  const shown = asked.fields.length === 0 ? all : all.filter(([name]) => asked.fields.includes(name));
  const properties = (asked.properties ?? []).filter((key) => issue.properties.has(key));
  return {
    id: issue.id,
    key: issue.key,
    self: `${world.baseUrl}/rest/api/2/issue/${issue.id}`,
    fields: Object.fromEntries(shown),
    ...(asked.properties === undefined
      ? {}
      : { properties: Object.fromEntries(properties.map((key) => [key, issue.properties.get(key)])) }),
    ...(asked.withChangelog === true ? { changelog: changelogView(world, issue) } : {}),
  };
}

function changelogView(world: World, issue: IssueRecord): Record<string, unknown> {
  const histories = issue.changes.map((change) => ({
    id: change.id,
    author: userView(world, change.authorKey),
    created: timeText(change.createdAt),
    items: change.items.map((item) => ({ fieldtype: 'jira', from: null, to: null, ...item })),
  }));
  return { startAt: 0, maxResults: histories.length, total: histories.length, histories };
}

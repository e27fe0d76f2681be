import { documentOfText, mediaIdsOf } from './adf.ts';
import type { AdfDocument, AdfInput } from './adf.ts';
import { changeFields, createIssue, deleteIssue, moveIssue, setProperties, store } from './changes.ts';
import type { FieldChanges } from './changes.ts';
import { checkBody, checkProperty, checkSummary } from './content-check.ts';
import { findIssue, projectOf, typeOf } from './data.ts';
import type { CommentRecord, IssueRecord, IssueTypeRecord, ProjectRecord, SecurityRecord, World } from './data.ts';
import { addAttachment, addComment, deleteAttachment, deleteComment, editComment, findAttachment } from './item-changes.ts';
import type { AttachmentPlace, CommentContent } from './item-changes.ts';
import type { CommentInput, IssueData, NewIssue, People, Person } from './people.ts';
import { createPeopleSetup, personOf, requiredProject } from './people-setup.ts';
import { attachmentData, commentData, issueData } from './people-view.ts';

type IssueActs = Pick<
  People,
  | 'createIssue'
  | 'editIssue'
  | 'changeType'
  | 'addLabel'
  | 'removeLabel'
  | 'moveIssue'
  | 'cloneIssue'
  | 'deleteIssue'
  | 'setProperty'
  | 'setSecurity'
  | 'issues'
  | 'issue'
>;

type ItemActs = Omit<People, keyof IssueActs | keyof ReturnType<typeof createPeopleSetup>>;

/** Persons who act on the simulated site, and look at its data. */
export function createPeople(world: World, options: { readonly commentEditsTouchIssue: boolean }): People {
  return { ...createPeopleSetup(world), ...issueActs(world), ...itemActs(world, options) };
}

function issueActs(world: World): IssueActs {
  const change = (issue: string, by: Person, fields: FieldChanges): IssueData => {
    return issueData(world, changeFields(world, requiredIssue(world, issue), { by: personOf(world, by).accountId, fields }));
  };
  return {
    createIssue: (issue) => issueData(world, create(world, issue)),
    editIssue: (id, { as, summary, description, labels }) => {
      const issue = requiredIssue(world, id);
      return change(id, as, {
        ...(summary === undefined ? undefined : { summary: checkSummary(summary) }),
        ...(description === undefined ? undefined : { description: toDocument(world, description, issue) }),
        ...(labels === undefined ? undefined : { labels }),
      });
    },
    changeType: (id, { as, type }) => {
      return change(id, as, { typeId: typeNamed(projectOf(world, requiredIssue(world, id)), type).id });
    },
    addLabel: (id, label, as) => change(id, as, { labels: [...new Set([...requiredIssue(world, id).labels, label])] }),
    removeLabel: (id, label, as) =>
      change(id, as, { labels: requiredIssue(world, id).labels.filter((known) => known !== label) }),
    moveIssue: (id, { as, project }) => {
      const issue = requiredIssue(world, id);
      const to = requiredProject(world, project);
      const name = typeOf(projectOf(world, issue), issue.typeId).name;
      const typeId = (to.types.find((type) => type.name === name) ?? usualType(to)).id;
      return issueData(world, moveIssue(world, issue, { by: personOf(world, as).accountId, to, typeId }));
    },
    cloneIssue: (id, as) => {
      const { summary, projectId, ...rest } = requiredIssue(world, id);
      const project = requiredProject(world, projectId);
      return issueData(
        world,
        createIssue(world, { ...copied(rest), summary, project, creatorId: personOf(world, as).accountId }),
      );
    },
    deleteIssue: (id) => deleteIssue(world, requiredIssue(world, id)),
    setProperty: (id, key, value) => {
      checkProperty(key, value);
      setProperties(world, requiredIssue(world, id), new Map([[key, value]]));
    },
    setSecurity: (id, security) => void store(world, { ...requiredIssue(world, id), security: securityOf(world, security) }),
    issues: () => [...world.issues.values()].map((issue) => issueData(world, issue)),
    issue: (idOrKey) => {
      const issue = findIssue(world, idOrKey);
      return issue === undefined ? undefined : issueData(world, issue);
    },
  };
}

function itemActs(world: World, options: { readonly commentEditsTouchIssue: boolean }): ItemActs {
  return {
    addComment: (id, input) => commentData(comment(world, requiredIssue(world, id), input)),
    editComment: (id, commentId, change) => {
      const issue = requiredIssue(world, id);
      const before = requiredComment(issue, commentId);
      const content: CommentContent = {
        body: change.body === undefined ? before.body : commentBody(world, change.body, before.body),
        visibility: change.visibility === undefined ? before.visibility : (change.visibility ?? undefined),
        properties: before.properties,
      };
      const edit = { by: personOf(world, change.as).accountId, content, touchesIssue: options.commentEditsTouchIssue };
      return commentData(editComment(world, { issue, comment: before }, edit));
    },
    deleteComment: (id, commentId) => {
      const issue = requiredIssue(world, id);
      const removed = requiredComment(issue, commentId);
      deleteComment(world, { issue, comment: removed }, removed.authorId);
    },
    addAttachment: (id, { as, name, bytes, mediaType }) => {
      const content = { by: personOf(world, as).accountId, name, bytes, mediaType: mediaType ?? 'application/octet-stream' };
      return attachmentData(addAttachment(world, requiredIssue(world, id), content));
    },
    deleteAttachment: (attachmentId, as) => {
      const { issue, attachment } = requiredAttachment(world, attachmentId);
      deleteAttachment(world, { issue, attachment }, personOf(world, as).accountId);
    },
    mediaIdOf: (attachmentId) => requiredAttachment(world, attachmentId).attachment.mediaId,
  };
}

function create(world: World, input: NewIssue): IssueRecord {
  const project = requiredProject(world, input.project);
  const issue = createIssue(world, {
    project,
    typeId: (input.type === undefined ? usualType(project) : typeNamed(project, input.type)).id,
    summary: checkSummary(input.summary),
    description: toDocument(world, input.description ?? null, undefined),
    labels: [...(input.labels ?? [])],
    creatorId: personOf(world, input.as).accountId,
    parentId: input.parent === undefined ? undefined : requiredIssue(world, input.parent).id,
    security: securityOf(world, input.security),
    properties: new Map(Object.entries(input.properties ?? {})),
    customFields: new Map(),
  });
  for (const each of input.comments ?? []) comment(world, requiredIssue(world, issue.id), each);
  return requiredIssue(world, issue.id);
}

function securityOf(world: World, security: NewIssue['security']): SecurityRecord | undefined {
  if (security === undefined) return undefined;
  const members = new Set(security.members.map((person) => personOf(world, person).accountId));
  return { id: world.nextId('security'), name: security.name, members };
}

/** What a clone takes over from its model. */
function copied(
  issue: Omit<IssueRecord, 'summary' | 'projectId'>,
): Pick<IssueRecord, 'typeId' | 'description' | 'labels' | 'parentId' | 'security' | 'properties' | 'customFields'> {
  const { typeId, description, labels, parentId, security, properties, customFields } = issue;
  return { typeId, description, labels, parentId, security, properties, customFields };
}

function comment(world: World, issue: IssueRecord, input: CommentInput): CommentRecord {
  const internal: readonly [string, unknown][] = input.internal === true ? [['sd.public.comment', { internal: true }]] : [];
  const content = {
    by: personOf(world, input.as).accountId,
    body: commentBody(world, input.body, undefined),
    visibility: input.visibility,
    properties: new Map(internal),
  };
  return addComment(world, issue, content).comment;
}

function commentBody(world: World, input: AdfInput, before: AdfDocument | undefined): AdfDocument {
  const value = typeof input === 'string' ? documentOfText(input) : input;
  return checkBody(world, value, { field: 'comment', knownMedia: mediaIdsOf(before ?? null) });
}

function toDocument(world: World, input: AdfInput | null, issue: IssueRecord | undefined): AdfDocument | null {
  if (input === null || input === '') return null;
  const value = typeof input === 'string' ? documentOfText(input) : input;
  const document = checkBody(world, value, { field: 'description', knownMedia: mediaIdsOf(issue?.description ?? null) });
  return (document.content ?? []).length === 0 ? null : document;
}

function typeNamed(project: ProjectRecord, name: string): IssueTypeRecord {
  const type = project.types.find((candidate) => candidate.name === name);
  if (type === undefined) throw new Error(`Project ${project.key} has no issue type ${name}.`);
  return type;
}

function usualType(project: ProjectRecord): IssueTypeRecord {
  const configured = project.types.find((type) => type.id === project.defaultIssueTypeId);
  const type = configured ?? project.types.find((candidate) => candidate.name === 'Task') ?? project.types[0];
  if (type === undefined) throw new Error(`Project ${project.key} has no issue types.`);
  return type;
}

function requiredIssue(world: World, idOrKey: string): IssueRecord {
  const issue = findIssue(world, idOrKey);
  if (issue === undefined) throw new Error(`There is no issue ${idOrKey}.`);
  return issue;
}

function requiredComment(issue: IssueRecord, commentId: string): CommentRecord {
  const found = issue.comments.find((candidate) => candidate.id === commentId);
  if (found === undefined) throw new Error(`Issue ${issue.key} has no comment ${commentId}.`);
  return found;
}

function requiredAttachment(world: World, attachmentId: string): AttachmentPlace {
  const found = findAttachment(world, (attachment) => attachment.id === attachmentId);
  if (found === undefined) throw new Error(`There is no attachment ${attachmentId}.`);
  return found;
}

import { z } from 'zod';
import { editorFields, editorSchema } from './editor.ts';

/** Texts whose revisions one request asks for; each issue and each comment is one (I9). */
export const bodiesPerRequest = 50;

/** Revisions a text that the first request asks for, the newest: what one cycle replaced is nearly always among them. */
export const revisionsPerBody = 10;

/** Newest events an issue that the first request asks for. */
const eventsPerIssue = 50;

/** A part of a list whose newest entries are read first. */
export interface Page<T> {
  /** Newest first. */
  readonly nodes: readonly T[];
  /** The cursor of the page before in time; undefined where there is none. */
  readonly older: string | undefined;
}

const revisionSchema = z.object({
  id: z.string(),
  editedAt: z.string(),
  deletedAt: z.string().nullish(),
  diff: z.string().nullish(),
  editor: editorSchema,
});

const revisionsSchema = z.object({
  /** What GraphQL knows the text's issue or comment by. */
  id: z.string(),
  includesCreatedEdit: z.boolean(),
  userContentEdits: z
    .object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      nodes: z.array(revisionSchema.nullish()).nullish(),
    })
    .nullish()
    .transform(
      (list): Page<Revision> => ({
        nodes: (list?.nodes ?? []).flatMap((node) => node ?? []),
        older: list?.pageInfo.hasNextPage === true ? (list.pageInfo.endCursor ?? '') : undefined,
      }),
    ),
});

const eventSchema = z.object({
  __typename: z.string(),
  createdAt: z.string().optional(),
  actor: editorSchema,
  previousTitle: z.string().optional(),
  currentTitle: z.string().optional(),
  label: z.object({ name: z.string() }).optional(),
});

const eventsSchema = z
  .object({
    pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullish() }),
    nodes: z.array(eventSchema.nullish()).nullish(),
  })
  .transform(
    (list): Page<TimelineEvent> => ({
      nodes: (list.nodes ?? []).flatMap((node) => node ?? []).toReversed(),
      older: list.pageInfo.hasPreviousPage ? (list.pageInfo.startCursor ?? '') : undefined,
    }),
  );

const issueSchema = revisionsSchema.extend({ timelineItems: eventsSchema });

export const historySchema = z.object({
  data: z.object({
    repository: z.record(z.string(), issueSchema.nullish()).nullish(),
    nodes: z.array(revisionsSchema.nullish()).optional(),
  }),
});

/** Of the one text or issue that was asked for; none where it is gone. */
export const olderRevisionsSchema = z.object({ data: z.object({ nodes: z.array(revisionsSchema.nullish()) }) });
export const olderEventsSchema = z.object({
  data: z.object({ nodes: z.array(z.object({ timelineItems: eventsSchema }).nullish()) }),
});

export type Revision = z.infer<typeof revisionSchema>;
export type BodyRevisions = z.infer<typeof revisionsSchema>;
export type TimelineEvent = z.infer<typeof eventSchema>;
export type HistoryData = z.infer<typeof historySchema>['data'];

const editorFragment = `fragment editor on Actor {
  ${editorFields}
}`;

/** A text's revisions, newest first; `page` holds the arguments of the list. */
function revisionsFragment(page: string): string {
  return `fragment revisions on Comment {
  id
  includesCreatedEdit
  userContentEdits(${page}) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      editedAt
      deletedAt
      diff
      editor {
        ...editor
      }
    }
  }
}`;
}

const labelFields = `createdAt
      actor {
        ...editor
      }
      label {
        name
      }`;

/** An issue's events, in GitHub's order: oldest first; `page` holds the arguments of the list. */
function eventsField(page: string, withLabels: boolean): string {
  const itemTypes = ['RENAMED_TITLE_EVENT', ...(withLabels ? ['LABELED_EVENT', 'UNLABELED_EVENT'] : [])].join(', ');
  const labelEvents = `... on LabeledEvent { ${labelFields} } ... on UnlabeledEvent { ${labelFields} }`;
  return `timelineItems(${page}, itemTypes: [${itemTypes}]) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      nodes {
        __typename
        ... on RenamedTitleEvent {
          createdAt
          actor {
            ...editor
          }
          previousTitle
          currentTitle
        }
        ${withLabels ? labelEvents : ''}
      }
    }`;
}

/** The field of an issue in the answer: numbers alone are no names in GraphQL. */
export function fieldOf(issueId: string): string {
  return `issue${issueId}`;
}

/**
 * A query for issues by their numbers and comments by their node ids, at least one of either; variables `owner` and `name`
 * for issues, `ids` for comments. It asks for two connections an issue and one a comment, so GitHub counts one point of
 * 5,000 an hour up to a hundred connections, and with ten revisions and fifty events each 3,050 of 500,000 nodes.
 *
 * @param issueIds digits only
 */
export function historyQuery(asked: {
  readonly issueIds: readonly string[];
  readonly withComments: boolean;
  readonly withLabels: boolean;
}): string {
  const issueFields = `...revisions
    ${eventsField(`last: ${eventsPerIssue}`, asked.withLabels)}`;
  const issues = asked.issueIds.map((id) => `${fieldOf(id)}: issue(number: ${id}) { ${issueFields} }`).join('\n');
  const hasIssues = asked.issueIds.length > 0;
  const variables = [...(hasIssues ? ['$owner: String!, $name: String!'] : []), ...(asked.withComments ? ['$ids: [ID!]!'] : [])];
  return `query (${variables.join(', ')}) {
  ${hasIssues ? `repository(owner: $owner, name: $name) { ${issues} }` : ''}
  ${asked.withComments ? 'nodes(ids: $ids) { __typename ... on IssueComment { id ...revisions } }' : ''}
}
${revisionsFragment(`first: ${revisionsPerBody}`)}
${editorFragment}`;
}

/** The page of one text's revisions that goes before a cursor in time; variables `ids` (its node id alone), `first`, `after`. */
export const olderRevisionsQuery = `query ($ids: [ID!]!, $first: Int!, $after: String!) {
  nodes(ids: $ids) { __typename ...revisions }
}
${revisionsFragment('first: $first, after: $after')}
${editorFragment}`;

/** The page of one issue's events that goes before a cursor in time; variables `ids` (its node id alone), `before`. */
export function olderEventsQuery(withLabels: boolean): string {
  return `query ($ids: [ID!]!, $before: String!) {
  nodes(ids: $ids) { __typename ... on Issue { ${eventsField('last: 100, before: $before', withLabels)} } }
}
${editorFragment}`;
}

import { z } from 'zod';
import { editorFields, editorSchema } from './editor.ts';

/** Texts whose revisions one request asks for; each issue and each comment is one (I9). */
export const bodiesPerRequest = 50;

/** Revisions a text, the newest: what one cycle replaced is among them. Each is a whole text of up to 65,536 characters. */
const revisionsPerBody = 10;

/** Newest events an issue. */
const eventsPerIssue = 50;

const revisionsSchema = z.object({
  includesCreatedEdit: z.boolean(),
  userContentEdits: z
    .object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z
        .array(
          z
            .object({ editedAt: z.string(), deletedAt: z.string().nullish(), diff: z.string().nullish(), editor: editorSchema })
            .nullish(),
        )
        .nullish(),
    })
    .nullish(),
});

const eventSchema = z.object({
  __typename: z.string(),
  createdAt: z.string().optional(),
  actor: editorSchema,
  previousTitle: z.string().optional(),
  currentTitle: z.string().optional(),
  label: z.object({ name: z.string() }).optional(),
});

const issueSchema = revisionsSchema.extend({ timelineItems: z.object({ nodes: z.array(eventSchema.nullish()).nullish() }) });
const commentSchema = revisionsSchema.extend({ id: z.string() });

export const historySchema = z.object({
  data: z.object({
    repository: z.record(z.string(), issueSchema.nullish()).nullish(),
    nodes: z.array(commentSchema.nullish()).optional(),
  }),
});

export type BodyRevisions = z.infer<typeof revisionsSchema>;
export type TimelineEvent = z.infer<typeof eventSchema>;
export type HistoryData = z.infer<typeof historySchema>['data'];

const revisions = `fragment revisions on Comment {
  includesCreatedEdit
  userContentEdits(first: ${revisionsPerBody}) {
    pageInfo {
      hasNextPage
    }
    nodes {
      editedAt
      deletedAt
      diff
      editor {
        ...editor
      }
    }
  }
}
fragment editor on Actor {
  ${editorFields}
}`;

const labelFields = `createdAt
      actor {
        ...editor
      }
      label {
        name
      }`;

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
  const itemTypes = ['RENAMED_TITLE_EVENT', ...(asked.withLabels ? ['LABELED_EVENT', 'UNLABELED_EVENT'] : [])].join(', ');
  const labelEvents = `... on LabeledEvent { ${labelFields} } ... on UnlabeledEvent { ${labelFields} }`;
  const issueFields = `...revisions
    timelineItems(last: ${eventsPerIssue}, itemTypes: [${itemTypes}]) {
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
        ${asked.withLabels ? labelEvents : ''}
      }
    }`;
  const issues = asked.issueIds.map((id) => `${fieldOf(id)}: issue(number: ${id}) { ${issueFields} }`).join('\n');
  const hasIssues = asked.issueIds.length > 0;
  const variables = [...(hasIssues ? ['$owner: String!, $name: String!'] : []), ...(asked.withComments ? ['$ids: [ID!]!'] : [])];
  return `query (${variables.join(', ')}) {
  ${hasIssues ? `repository(owner: $owner, name: $name) { ${issues} }` : ''}
  ${asked.withComments ? 'nodes(ids: $ids) { __typename ... on IssueComment { id ...revisions } }' : ''}
}
${revisions}`;
}

/**
 * What Sallyport uses of REST version 2 of Jira Data Center 10.3, as an OpenAPI 3.0 document written for these tests from
 * the names and types that the interface has: requests and answers of the simulator are held against it.
 */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const truth: Schema = { type: 'boolean' };
const link: Schema = { type: 'string', format: 'uri' };
const moment: Schema = { type: 'string', format: 'date-time' };
const anything: Schema = {};
const nullable = (schema: Schema): Schema => ({ ...schema, nullable: true });
const oneOf = (...names: readonly string[]): Schema => ({ type: 'string', enum: names });
const list = (items: Schema): Schema => ({ type: 'array', items });
const mapOf = (values: Schema | true): Schema => ({ type: 'object', additionalProperties: values });
const shape = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const paged = (name: string, items: Schema): Schema =>
  shape({ startAt: whole, maxResults: whole, total: whole, [name]: list(items) });

const person = shape({
  self: text,
  key: text,
  name: text,
  displayName: text,
  emailAddress: text,
  avatarUrls: mapOf(text),
  active: truth,
  timeZone: text,
});
const account = shape({
  self: link,
  key: text,
  name: text,
  displayName: text,
  emailAddress: text,
  avatarUrls: mapOf(link),
  active: truth,
  deleted: truth,
  timeZone: text,
  locale: text,
  expand: text,
});
const property = shape({ key: text, value: anything });
const comment = shape({
  self: text,
  id: text,
  author: person,
  updateAuthor: person,
  body: text,
  created: text,
  updated: text,
  visibility: shape({ type: oneOf('group', 'role'), value: text }),
  properties: list(property),
});
const attachment = shape({
  self: text,
  id: text,
  filename: text,
  author: person,
  created: moment,
  size: whole,
  mimeType: text,
  content: text,
  thumbnail: text,
});
const change = shape({
  field: text,
  fieldtype: text,
  from: nullable(text),
  fromString: nullable(text),
  to: nullable(text),
  toString: nullable(text),
});
const changelog = paged('histories', shape({ id: text, author: person, created: moment, items: list(change) }));
/** Values of fields and properties may be of any type. */
const issue = shape({ self: link, id: text, key: text, fields: mapOf(true), properties: mapOf(true), changelog });
const issueInput = shape({ fields: mapOf(true), properties: list(property) });
const created = shape({ self: text, id: text, key: text });
const refusal = shape({
  status: whole,
  failedElementNumber: whole,
  elementErrors: shape({ errorMessages: list(text), errors: mapOf(text) }),
});
const issueType = shape({ self: text, id: text, name: text, description: text, iconUrl: text, avatarId: whole, subtask: truth });
const permission = shape({
  id: text,
  key: text,
  name: text,
  type: oneOf('GLOBAL', 'PROJECT'),
  description: text,
  havePermission: truth,
});

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });

interface Shown {
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: Schema;
  readonly bodyRequired?: boolean;
  readonly file?: boolean;
  /** The answer when all is well: its status, and what it holds. */
  readonly answer: readonly [status: number, schema?: Schema];
  /** Other statuses of the operation. */
  readonly refuses?: readonly number[];
}

function operation(path: string, shown: Shown): Schema {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text }));
  const inQuery = Object.entries(shown.query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }));
  const [status, schema] = shown.answer;
  const content =
    shown.file === true ? { content: { 'multipart/form-data': { schema: { type: 'string', format: 'binary' } } } } : undefined;
  const body = content ?? (shown.body === undefined ? undefined : json(shown.body));
  return {
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { ...body, ...(shown.bodyRequired === true ? { required: true } : {}) } }),
    responses: {
      [status]: schema === undefined ? {} : json(schema),
      ...Object.fromEntries((shown.refuses ?? []).map((refused) => [refused, {}])),
    },
  };
}

type Methods = Readonly<Partial<Record<'get' | 'post' | 'put' | 'delete', Shown>>>;

const operations: Readonly<Record<string, Methods>> = {
  '/api/2/myself': { get: { answer: [200, account], refuses: [401] } },
  '/api/2/user': { get: { query: { username: text, key: text }, answer: [200, account], refuses: [404] } },
  '/api/2/mypermissions': {
    get: {
      query: { projectKey: text, projectId: text, issueKey: text, issueId: text },
      answer: [200, shape({ permissions: mapOf(permission) })],
      refuses: [400, 401, 404],
    },
  },
  '/api/2/project/{projectIdOrKey}': {
    get: {
      query: { expand: text },
      answer: [
        200,
        shape({ self: link, id: text, key: text, name: text, description: text, archived: truth, avatarUrls: mapOf(text) }),
      ],
      refuses: [404],
    },
  },
  '/api/2/issue/createmeta/{projectIdOrKey}/issuetypes': {
    get: {
      query: { startAt: text, maxResults: text },
      answer: [
        200,
        shape({ startAt: whole, maxResults: whole, total: whole, isLast: truth, values: list(issueType) }, ['values']),
      ],
      refuses: [400],
    },
  },
  '/api/2/search': {
    post: {
      body: shape({
        jql: text,
        startAt: whole,
        maxResults: whole,
        fields: list(text),
        expand: list(text),
        validateQuery: truth,
      }),
      bodyRequired: true,
      answer: [
        200,
        shape({
          startAt: whole,
          maxResults: whole,
          total: whole,
          expand: text,
          issues: list(issue),
          warningMessages: list(text),
        }),
      ],
      refuses: [400],
    },
  },
  '/api/2/issue': { post: { query: { updateHistory: truth }, body: issueInput, answer: [201, created], refuses: [400] } },
  '/api/2/issue/bulk': {
    post: {
      body: shape({ issueUpdates: list(issueInput) }),
      answer: [201, shape({ issues: list(created), errors: list(refusal) })],
      refuses: [400],
    },
  },
  '/api/2/issue/{issueIdOrKey}': {
    get: {
      query: { fields: text, expand: text, properties: text, updateHistory: text },
      answer: [200, issue],
      refuses: [404],
    },
    put: { query: { notifyUsers: text }, body: issueInput, answer: [204], refuses: [400, 403] },
  },
  '/api/2/issue/{issueIdOrKey}/comment': {
    get: {
      query: { startAt: text, maxResults: text, orderBy: text, expand: text },
      answer: [200, paged('comments', comment)],
      refuses: [404],
    },
    post: { query: { expand: text }, body: comment, answer: [201, comment], refuses: [400] },
  },
  '/api/2/issue/{issueIdOrKey}/comment/{id}': {
    get: { query: { expand: text }, answer: [200, comment], refuses: [404] },
    put: { query: { expand: text }, body: comment, answer: [200, comment], refuses: [400] },
    delete: { answer: [204], refuses: [400] },
  },
  '/api/2/comment/{commentId}/properties/{propertyKey}': {
    get: { answer: [200, property], refuses: [400, 401, 403, 404] },
    delete: { answer: [204], refuses: [400, 401, 403, 404] },
  },
  '/api/2/issue/{issueIdOrKey}/properties': {
    get: { answer: [200, shape({ keys: list(shape({ key: text, self: text })) })], refuses: [400, 401, 403, 404] },
  },
  '/api/2/issue/{issueIdOrKey}/properties/{propertyKey}': {
    get: { answer: [200, property], refuses: [400, 401, 403, 404] },
    delete: { answer: [204], refuses: [400, 401, 403, 404] },
  },
  '/api/2/attachment/meta': { get: { answer: [200, shape({ enabled: truth, uploadLimit: whole })] } },
  '/api/2/attachment/{id}': {
    get: { answer: [200, anything], refuses: [403, 404] },
    delete: { answer: [204], refuses: [403] },
  },
  '/api/2/issue/{issueIdOrKey}/attachments': { post: { file: true, answer: [200, list(attachment)], refuses: [403, 404] } },
};

/** The document; the same object each time. */
export const jiraDataCenter: Schema = {
  openapi: '3.0.1',
  info: { title: 'What Sallyport uses of REST version 2 of Jira Data Center', version: '10.3' },
  paths: Object.fromEntries(
    Object.entries(operations).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, shown]) => [method, operation(path, shown)])),
    ]),
  ),
};

import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulators/simulator.ts';
import { readOpenApiDocument } from './openapi.ts';
import { validated } from './validate.ts';

const github = readOpenApiDocument('github-rest');
const jira = readOpenApiDocument('jira-cloud-v3');

const answering = (status: number, body?: unknown, contentType = 'application/json'): Simulator => ({
  hosts: ['api.github.com'],
  fetch: async () =>
    new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': contentType },
    }),
});

const label = {
  id: 1,
  node_id: 'x',
  url: 'https://api.github.com/l/1',
  name: 'bug',
  description: null,
  color: 'ff0000',
  default: true,
};

async function violationsOf(simulator: Simulator, request: Request, document: unknown = github): Promise<readonly string[]> {
  const wrapped = validated(simulator, document);
  await wrapped.fetch(request);
  return wrapped.violations;
}

const labelsRequest = (): Request => new Request('https://api.github.com/repos/o/r/labels');

const json = (method: string, url: string, body: unknown): Request =>
  new Request(url, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('validated', () => {
  it('lets a documented exchange pass, null where it is allowed included', async () => {
    const request = new Request('https://api.github.com/repos/o/r/labels?per_page=100&page=2');
    expect(await violationsOf(answering(200, [label]), request)).toEqual([]);
  });

  it('finds an answer that does not fit its schema', async () => {
    const request = new Request('https://api.github.com/repos/o/r/labels');
    const violations = await violationsOf(answering(200, [{ ...label, id: '1', name: null }]), request);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain('GET /repos/o/r/labels → 200: answer');
  });

  it('finds a body that does not fit, and hands the body on unread', async () => {
    const seen: string[] = [];
    const simulator: Simulator = {
      hosts: [],
      fetch: async (request) => {
        seen.push(await request.text());
        return Response.json(label, { status: 201 });
      },
    };
    const violations = await violationsOf(
      simulator,
      json('POST', 'https://api.github.com/repos/o/r/labels', { color: 'ff0000' }),
    );
    expect(violations).toEqual([expect.stringContaining("must have required property 'name'")]);
    expect(seen).toEqual(['{"color":"ff0000"}']);
  });

  it.each([
    ['https://api.github.com/repos/o/r/labels?since=2020', 'query parameter since is not documented'],
    ['https://api.github.com/repos/o/r/issues?per_page=many', 'query parameter per_page'],
    ['https://api.github.com/repos/o/r/issues?direction=up', 'query parameter direction'],
    ['https://api.github.com/repos/o/r/issues/twelve', 'path parameter issue_number'],
    ['https://api.github.com/repos/o/r/pulls', 'no such operation'],
  ])('finds what is wrong with %s', async (url, problem) => {
    expect((await violationsOf(answering(404, { message: 'Not Found' }), new Request(url))).join()).toContain(problem);
  });

  it('takes parameters that hold slashes, encoded or not, and prefers literal segments', async () => {
    for (const path of ['git/ref/heads%2Fsallyport%2F1', 'git/ref/heads/sallyport/1', 'contents/a/b.png', 'issues/comments/3']) {
      expect(
        await violationsOf(answering(404, { message: 'Not Found' }), new Request(`https://api.github.com/repos/o/r/${path}`)),
      ).toEqual([]);
    }
  });

  it('strips the base paths of GHES and of the Atlassian gateway', async () => {
    expect(await violationsOf(answering(200, [label]), new Request('https://ghes.test/api/v3/repos/o/r/labels'))).toEqual([]);
    const gateway = new Request('https://api.atlassian.com/ex/jira/0a-1/rest/api/3/serverInfo');
    expect(await violationsOf(answering(200, {}), gateway, jira)).toEqual([]);
  });

  it('finds a status that nothing documents, and lets the general ones pass', async () => {
    expect(await violationsOf(answering(418, {}), labelsRequest())).toEqual([
      'GET /repos/o/r/labels → 418: the status is not documented',
    ]);
    for (const status of [304, 401, 403, 429, 500, 503]) {
      expect(await violationsOf(answering(status, status === 304 ? undefined : {}), labelsRequest())).toEqual([]);
    }
  });

  it('finds HTML where a success should be JSON, not where a proxy reports an error', async () => {
    expect(await violationsOf(answering(200, '<html>', 'text/html'), labelsRequest())).toHaveLength(1);
    expect(await violationsOf(answering(404, '<html>', 'text/html'), labelsRequest())).toEqual([]);
  });

  it('checks JSON bodies of Jira and lets multipart bodies pass', async () => {
    const search = 'https://acme.atlassian.net/rest/api/3/search/jql';
    expect(
      await violationsOf(
        answering(200, { isLast: true, issues: [] }),
        json('POST', search, { jql: 'project = 1', fields: ['*all'] }),
        jira,
      ),
    ).toEqual([]);
    expect(await violationsOf(answering(200, { issues: 'none' }), json('POST', search, { jql: 1 }), jira)).toHaveLength(2);
    const form = new FormData();
    form.set('file', new Blob(['x']), 'x.txt');
    const upload = new Request('https://acme.atlassian.net/rest/api/3/issue/ABC-1/attachments', { method: 'POST', body: form });
    expect(await violationsOf(answering(200, []), upload, jira)).toEqual([]);
  });

  const editor = 'editor { __typename login ... on User { databaseId } }';
  const issueEdits = (fields: string): string =>
    `{ repository(owner: "o", name: "r") { issue(number: 1) { userContentEdits(first: 1) { nodes { ${fields} } } } } }`;
  const editsAnswer = (node: unknown) => ({ data: { repository: { issue: { userContentEdits: { nodes: [node] } } } } });
  const ada = { __typename: 'User', login: 'ada', databaseId: 7 };
  const graphQl = (query: string, host = 'https://api.github.com'): Request => json('POST', `${host}/graphql`, { query });

  it.each([
    ['https://api.github.com', editsAnswer({ editedAt: '2026-11-23T20:00:00Z', editor: ada })],
    ['https://ghes.test/api', editsAnswer({ editedAt: '2026-11-23T20:00:00Z', editor: null })],
    ['https://api.github.com', { data: { repository: null }, errors: [{ type: 'NOT_FOUND', message: 'no' }] }],
    ['https://api.github.com', { errors: [{ type: 'RATE_LIMITED', message: 'later' }] }],
  ])("lets an exchange of GraphQL pass that fits GitHub's schema, at %s: %j", async (host, answer) => {
    const request = graphQl(issueEdits(`editedAt ${editor}`), host);
    expect(await violationsOf(answering(200, answer), request)).toEqual([]);
  });

  it.each([
    ['a time with fractions', { editedAt: '2026-11-23T20:00:00.123Z', editor: ada }],
    ['a missing field', { editor: ada }],
    ['a field too many', { editedAt: '2026-11-23T20:00:00Z', editor: ada, diff: 'x' }],
    ['an id past 32 bits', { editedAt: '2026-11-23T20:00:00Z', editor: { ...ada, databaseId: 4_100_000_000 } }],
    ['a type that is no actor', { editedAt: '2026-11-23T20:00:00Z', editor: { ...ada, __typename: 'Issue' } }],
    ['null where there is always a value', { editedAt: null, editor: ada }],
  ])('finds %s in an answer of GraphQL', async (_name, node) => {
    const violations = await violationsOf(answering(200, editsAnswer(node)), graphQl(issueEdits(`editedAt ${editor}`)));
    expect(violations).toEqual([expect.stringContaining('POST /graphql → 200: answer')]);
  });

  it.each(['{ viewer { colour } }', '{ viewer', 'mutation { deleteIssue(input: { issueId: "1" }) { clientMutationId } }'])(
    'finds what is wrong with the query %s',
    async (query) => {
      const violations = await violationsOf(answering(200, { errors: [{ message: 'no' }] }), graphQl(query));
      expect(violations).toEqual([expect.stringContaining('POST /graphql: query')]);
    },
  );

  it('ignores what it is told to ignore, and throws where that is asked for', async () => {
    const ignoring = validated(answering(200), github, { ignore: [/^GET https:\/\/github\.com\//] });
    await ignoring.fetch(new Request('https://github.com/o/r/raw/b/x.png'));
    expect(ignoring.violations).toEqual([]);
    const throwing = validated(answering(200), github, { on: 'throw' });
    await expect(throwing.fetch(new Request('https://api.github.com/nothing'))).rejects.toThrow(
      'GET /nothing: the document has no such operation',
    );
  });
});

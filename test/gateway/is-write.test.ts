import { describe, expect, it } from 'vitest';
import type { HttpMethod } from '../../src/gateway/gateway.ts';
import { isWrite } from '../../src/gateway/is-write.ts';

const jira = 'https://acme.atlassian.net/rest/api/3';

describe('isWrite', () => {
  it.each<[HttpMethod, string, string | undefined, boolean]>([
    ['GET', `${jira}/issue/10001`, undefined, false],
    ['HEAD', `${jira}/issue/10001`, undefined, false],
    ['POST', `${jira}/issue`, '{}', true],
    ['POST', `${jira}/issue/bulk`, '{}', true],
    ['PUT', `${jira}/issue/10001`, '{}', true],
    ['DELETE', `${jira}/comment/1`, undefined, true],
    ['PATCH', 'https://api.github.com/repos/o/r/issues/1', '{}', true],
    ['POST', `${jira}/search/jql`, '{}', false],
    ['POST', `${jira}/search/jql?x=1`, '{}', false],
    ['POST', `${jira}/search/approximate-count`, '{}', false],
    ['POST', `${jira}/issue/bulkfetch`, '{}', false],
    ['POST', `${jira}/comment/list`, '{}', false],
    ['POST', `${jira}/changelog/bulkfetch`, '{}', false],
    ['POST', `${jira}/jql/parse`, '{}', false],
    ['POST', `https://api.atlassian.com/ex/jira/1/rest/api/3/search/jql`, '{}', false],
    ['POST', 'https://jira.internal/jira/rest/api/2/search', '{}', false],
    ['POST', `${jira}/issue/10001/comment`, '{}', true],
  ])('%s %s', (method, url, body, expected) => {
    expect(isWrite({ method, url, ...(body === undefined ? {} : { body }) })).toBe(expected);
  });

  it('takes a GraphQL body that cannot be read for a write, in time that does not explode', () => {
    const url = 'https://api.github.com/graphql';
    expect(isWrite({ method: 'POST', url, body: 'no json' })).toBe(true);
    expect(isWrite({ method: 'POST', url, body: new Uint8Array(2) })).toBe(true);
    const blanks = ' '.repeat(200_000);
    expect(isWrite({ method: 'POST', url, body: JSON.stringify({ query: `{ a ${blanks} }`, variables: { blanks } }) })).toBe(
      false,
    );
  });

  it.each<[string, boolean]>([
    ['query { viewer { login } }', false],
    ['{ viewer { login } }', false],
    ['query mutations { viewer { login } }', false],
    ['query($mutation: String) { search(query: $mutation) { issueCount } }', false],
    ['mutation { addComment(input: {}) { clientMutationId } }', true],
    ['\n  mutation Add($body: String!) { addComment(input: {body: $body}) { clientMutationId } }', true],
    ['fragment F on Issue { id }\nmutation($id: ID!) { x(id: $id) { id } }', true],
  ])('GraphQL: %s', (query, expected) => {
    const body = JSON.stringify({ query, variables: {} });
    expect(isWrite({ method: 'POST', url: 'https://api.github.com/graphql', body })).toBe(expected);
  });
});

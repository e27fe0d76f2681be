import { expect, it } from 'vitest';
import { pathPattern } from '../../src/gateway/path-pattern.ts';

it.each([
  ['/rest/api/3/issue/10001', '/rest/api/3/issue/{id}'],
  ['/rest/api/3/issue/ABC-12/comment/10023', '/rest/api/3/issue/{id}/comment/{id}'],
  ['/rest/api/2/search', '/rest/api/2/search'],
  ['/ex/jira/0b1f6d3e-7a44-4d0c-9f5e-2f7a1c3d9b10/rest/api/3/myself', '/ex/jira/{id}/rest/api/3/myself'],
  ['/rest/api/3/issue/10001/properties/sallyport.k7f2', '/rest/api/3/issue/{id}/properties/sallyport.{id}'],
  ['/rest/api/3/user/properties/sallyport.k7f2.lease.91ab', '/rest/api/3/user/properties/sallyport.{id}.lease'],
  ['/repos/acme/widget/issues/7/comments', '/repos/acme/widget/issues/{id}/comments'],
  ['/repos/acme/widget/git/commits/9fceb02d0ae598e95dc970b74767f19372d61af8', '/repos/acme/widget/git/commits/{id}'],
  ['/repos/acme/widget/contents/10001/10010/salaries.xlsx', '/repos/acme/widget/contents/{path}'],
  ['/secure/attachment/10010/plan%20b.pdf', '/secure/attachment/{id}/{name}'],
  ['/repos/acme/widget/issues/7/labels/type%3A%20Bug', '/repos/acme/widget/issues/{id}/labels/{name}'],
  ['/repos/acme/widget/issues/7/labels/sync', '/repos/acme/widget/issues/{id}/labels/{name}'],
  ['/repos/acme/labels/issues/7', '/repos/acme/labels/issues/{id}'],
  ['/api/v3/repos/acme/widget', '/api/v3/repos/acme/widget'],
  ['/', '/'],
])('%s → %s', (path, pattern) => {
  expect(pathPattern(new URL(`https://host.example${path}?token=abc&filename=x`))).toBe(pattern);
});

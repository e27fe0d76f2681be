import { describe, expect, it } from 'vitest';
import { call, setUp, startMs } from './setup.ts';
import type { Setup } from './setup.ts';

const place = { repository: 'acme/app', number: 1 };
const second = `${new Date(startMs).toISOString().slice(0, 19)}Z`;

interface Asked {
  readonly token?: string;
  readonly variables?: Record<string, unknown>;
  readonly line?: string;
  readonly origin?: string;
}

/** The answer's body, and what of the exchange GitHub's schema does not foresee. */
async function query(world: Setup, text: string, { token = 'ada-token', variables, line, origin }: Asked = {}) {
  const answer = await call(world.checked, line ?? 'POST /graphql', {
    token,
    body: { query: text, ...(variables === undefined ? {} : { variables }) },
    ...(origin === undefined ? {} : { origin }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json(), violations: world.checked.violations };
}

const issueQuery = (fields: string): string =>
  `query { repository(owner: "acme", name: "app") { issue(number: 1) { ${fields} } } }`;

const edits = `userContentEdits(first: 10) { totalCount pageInfo { hasNextPage endCursor }
  nodes { editedAt deletedAt diff editor { __typename login ... on User { databaseId } } } }`;

describe('the history of bodies', () => {
  it('holds whole texts, newest first, the text of the creation included once there was an edit', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One', body: 'first' });
    const fields = `lastEditedAt includesCreatedEdit ${edits}`;
    const before = await query(world, issueQuery(fields));
    expect(before.body.data.repository.issue).toMatchObject({
      lastEditedAt: null,
      includesCreatedEdit: false,
      userContentEdits: { totalCount: 0, nodes: [] },
    });
    world.clock.advance(60_000);
    await call(world.checked, 'PATCH /repos/acme/app/issues/1', { token: 'ada-token', body: { body: 'second' } });
    world.github.editIssue({ ...place, as: 'rae', body: 'third' });
    const { body, violations } = await query(world, issueQuery(fields));
    expect(body.data.repository.issue.userContentEdits.nodes).toMatchObject([
      { diff: 'third', editor: { login: 'rae' } },
      { diff: 'second', editor: { login: 'ada', databaseId: expect.any(Number) } },
      { diff: 'first', editor: { login: 'ada' }, editedAt: second },
    ]);
    expect(body.data.repository.issue.includesCreatedEdit).toBe(true);
    expect(violations).toEqual([]);
  });

  it('is kept of comments, found by their node ids', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One' });
    const { id } = world.github.addComment({ ...place, as: 'ada', body: 'yes' });
    world.github.editComment({ repository: 'acme/app', id, as: 'ada', body: 'no' });
    const comment = await (await call(world.checked, `GET /repos/acme/app/issues/comments/${id}`, { token: 'ada-token' })).json();
    const text = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on IssueComment { id fullDatabaseId databaseId ${edits} } } }`;
    const { body, violations } = await query(world, text, { variables: { ids: [comment.node_id, 'IC_none'] } });
    expect(body.data.nodes).toMatchObject([
      { fullDatabaseId: String(id), databaseId: null, userContentEdits: { nodes: [{ diff: 'no' }, { diff: 'yes' }] } },
      null,
    ]);
    expect(body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }]);
    expect(violations).toEqual([]);
  });

  it('loses the text of a revision that a person deletes, and never the newest', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One', body: 'secret' });
    world.github.editIssue({ ...place, as: 'ada', body: 'harmless' });
    world.github.deleteRevision({ ...place, revision: 0 });
    const { body, violations } = await query(world, issueQuery(edits));
    expect(body.data.repository.issue.userContentEdits.nodes).toMatchObject([
      { diff: 'harmless', deletedAt: null },
      { diff: null, deletedAt: second },
    ]);
    expect(() => world.github.deleteRevision({ ...place, revision: 1 })).toThrow('no past revision');
    expect(violations).toEqual([]);
  });

  it('comes in pages by cursors, and only with a bound from 1 to 100', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One', body: '0' });
    for (const text of ['1', '2']) world.github.editIssue({ ...place, as: 'ada', body: text });
    const page = (bound: string): string =>
      issueQuery(`userContentEdits(${bound}) { pageInfo { hasNextPage hasPreviousPage endCursor startCursor } nodes { diff } }`);
    const first = (await query(world, page('first: 2'))).body.data.repository.issue.userContentEdits;
    expect([first.nodes, first.pageInfo.hasNextPage]).toEqual([[{ diff: '2' }, { diff: '1' }], true]);
    const rest = (await query(world, page(`first: 2, after: "${first.pageInfo.endCursor}"`))).body.data.repository.issue;
    expect(rest.userContentEdits).toMatchObject({ nodes: [{ diff: '0' }], pageInfo: { hasNextPage: false } });
    const last = (await query(world, page('last: 1'))).body.data.repository.issue.userContentEdits;
    expect(last).toMatchObject({ nodes: [{ diff: '0' }], pageInfo: { hasPreviousPage: true } });
    for (const bound of ['first: 101', 'after: null']) {
      expect((await query(world, page(bound))).body.errors).toMatchObject([
        { path: ['repository', 'issue', 'userContentEdits'] },
      ]);
    }
    expect(world.checked.violations).toEqual([]);
  });
});

describe('the timeline', () => {
  it('tells titles and labels of the types asked for, oldest first, without the suffix of an app', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One', labels: ['old'] });
    world.github.editIssue({ ...place, as: 'ada', title: 'Two' });
    world.github.setLabels({ ...place, as: 'github-actions[bot]', labels: ['new'] });
    const label = 'actor { __typename login } label { name }';
    const items = (types: string): string => `timelineItems(last: 10, itemTypes: [${types}]) { nodes { __typename
      ... on RenamedTitleEvent { createdAt previousTitle currentTitle }
      ... on LabeledEvent { ${label} } ... on UnlabeledEvent { ${label} } } }`;
    const all = await query(world, issueQuery(items('RENAMED_TITLE_EVENT, LABELED_EVENT, UNLABELED_EVENT')));
    const bot = { __typename: 'Bot', login: 'github-actions' };
    expect(all.body.data.repository.issue.timelineItems.nodes).toMatchObject([
      { __typename: 'LabeledEvent', label: { name: 'old' } },
      { __typename: 'RenamedTitleEvent', createdAt: second, previousTitle: 'One', currentTitle: 'Two' },
      { __typename: 'LabeledEvent', actor: bot, label: { name: 'new' } },
      { __typename: 'UnlabeledEvent', actor: bot, label: { name: 'old' } },
    ]);
    const titles = await query(world, issueQuery(items('RENAMED_TITLE_EVENT')));
    expect(titles.body.data.repository.issue.timelineItems.nodes).toHaveLength(1);
    expect(world.checked.violations).toEqual([]);
  });
});

describe('GraphQL', () => {
  it('tells who asks, by aliases, fragments and variables, whatever the token', async () => {
    const world = setUp();
    const text = `# who
      query Who($owner: String!, $name: String!) { me: viewer { ...account } repository(owner: $owner, name: $name) { nameWithOwner } }
      fragment account on User { login databaseId }`;
    const variables = { owner: 'acme', name: 'app' };
    const ada = await query(world, text, { variables });
    expect(ada.body).toEqual({
      data: { me: { login: 'ada', databaseId: expect.any(Number) }, repository: { nameWithOwner: 'acme/app' } },
    });
    expect((await query(world, text, { variables, token: 'job-token' })).body.data.me.login).toBe('github-actions[bot]');
    expect(world.checked.violations).toEqual([]);
  });

  it('needs credentials and hides what these may not see', async () => {
    const world = setUp();
    world.github.addUser({ login: 'eve', token: 'eve-token', permission: 'none' });
    world.github.createIssue({ ...place, as: 'ada', title: 'One' });
    const anonymous = await call(world.checked, 'POST /graphql', { body: { query: '{ viewer { login } }' } });
    expect(anonymous.status).toBe(401);
    const hidden = await query(world, issueQuery('title'), { token: 'eve-token' });
    expect(hidden.body).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'] }] });
    const missing = await query(world, '{ repository(owner: "acme", name: "app") { issue(number: 7) { title } } }');
    expect(missing.body).toMatchObject({ data: { repository: { issue: null } }, errors: [{ type: 'NOT_FOUND' }] });
    expect(world.checked.violations).toEqual([]);
  });

  it('refuses a token without access to issues, and answers errors alone for an unknown field or a broken query', async () => {
    const world = setUp();
    world.github.createIssue({ ...place, as: 'ada', title: 'One' });
    world.github.addToken({ kind: 'fine-grained', token: 'narrow', login: 'ada', access: { issues: 'none' } });
    expect((await query(world, issueQuery('title'), { token: 'narrow' })).body.errors).toMatchObject([{ type: 'FORBIDDEN' }]);
    expect(world.checked.violations).toEqual([]);
    const unknown = await query(world, issueQuery('colour'));
    expect(unknown.body).toMatchObject({ errors: [{ extensions: { code: 'undefinedField' } }] });
    expect(unknown.body.data).toBeUndefined();
    expect((await query(world, '{ viewer ')).body.errors).toHaveLength(1);
    // The validator finds both requests wrong by itself.
    expect(world.checked.violations).toHaveLength(2);
  });

  it('has a budget of its own, and says with status 200 that it is used up', async () => {
    const world = setUp({ limits: { primaryPerHour: 2 } });
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await query(world, '{ viewer { login } }'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[1]?.headers.get('x-ratelimit-resource')).toBe('graphql');
    expect(answers[1]?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(answers[2]?.body).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
    expect((await call(world.checked, 'GET /user', { token: 'ada-token' })).status).toBe(200);
    expect(world.checked.violations).toEqual([]);
  });

  it('is at /api/graphql on a GHES', async () => {
    const world = setUp({ shape: 'ghes', apiHost: 'ghes.example', webHost: 'ghes.example' });
    const answer = await query(world, '{ viewer { login } }', { line: 'POST /api/graphql', origin: 'https://ghes.example' });
    expect(answer.body.data.viewer.login).toBe('ada');
    expect(answer.violations).toEqual([]);
  });
});

describe('GET /users/{username}', () => {
  it('tells accounts, also of apps, by their names in REST', async () => {
    const { checked } = setUp();
    const bot = await call(checked, 'GET /users/github-actions%5Bbot%5D', { token: 'ada-token' });
    expect(await bot.json()).toMatchObject({ login: 'github-actions[bot]', type: 'Bot' });
    expect((await call(checked, 'GET /users/nobody', { token: 'ada-token' })).status).toBe(404);
    expect(checked.violations).toEqual([]);
  });
});

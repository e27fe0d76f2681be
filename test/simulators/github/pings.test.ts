import { describe, expect, it } from 'vitest';
import { octokitFor, setUp } from './setup.ts';

/** What a body would ping, as `kind target`. */
function pingsOf(body: string): readonly string[] {
  const { github } = setUp();
  for (let count = 0; count < 2; count += 1) github.createIssue({ repository: 'acme/app', as: 'ada', title: 'earlier' });
  github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', body });
  return github.notifications.map(({ kind, target }) => `${kind} ${target}`);
}

describe('pings', () => {
  it.each([
    ['cc @rae', ['mention rae']],
    ['(@rae), @ada.', ['mention rae', 'mention ada']],
    ['@acme/devs please', ['team-mention acme/devs']],
    ['**@rae** and <b>@ada</b>', ['mention rae', 'mention ada']],
    [String.raw`an escape does not help: \@rae`, ['mention rae']],
    ['nor does a reference: &#64;rae &#x40;ada &commat;bob', ['mention rae', 'mention ada', 'mention bob']],
    ['fixes #1', ['cross-reference acme/app#1']],
    ['see GH-2 and acme/app#1', ['cross-reference acme/app#2', 'cross-reference acme/app#1']],
    ['https://github.com/acme/app/issues/1', ['cross-reference acme/app#1']],
    ['[link](https://github.com/other/repo/pull/7#x)', ['cross-reference other/repo#7']],
    ['> quoted @rae\n\n- item #1', ['mention rae', 'cross-reference acme/app#1']],
    ['a stray ` and @rae', ['mention rae']],
  ])('come from %j', (body, expected) => {
    expect(pingsOf(body)).toEqual(expected);
  });

  it.each([
    ['`@rae` and ``#1 ` @ada``'],
    ['```\n@rae #1\n```'],
    ['~~~~js\n@rae\n~~~\n#1\n~~~~'],
    ['> ```\n> @rae\n> ```'],
    ['<pre>@rae</pre> <code>#1</code>'],
    ['<!-- @rae #1 -->'],
    ['mail rae@example.org, foo/@rae'],
    ['@<!-- -->rae and @\u200Brae, #\u200B1'],
    ['@\u2060rae acme/app#\u20601 GH-\u20601'],
    ['[@rae](https://example.org) https://example.org/@rae#1'],
    ['page#1 and &#1;'],
    ['its own number: #3, https://github.com/acme/app/issues/3'],
    ['https://example.org/acme/app/issues/1'],
  ])('do not come from %j', (body) => {
    expect(pingsOf(body)).toEqual([]);
  });

  it('tell who exists', () => {
    const { github } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', body: '@rae @nobody #99' });
    expect(github.notifications.map(({ target, known }) => [target, known])).toEqual([
      ['rae', true],
      ['nobody', false],
      ['acme/app#99', false],
    ]);
  });

  it('come with an edit only for what is new in it, in comments too', async () => {
    const { github } = setUp();
    const { rest } = octokitFor(github, 'job-token');
    const repo = { owner: 'acme', repo: 'app' };
    await rest.issues.create({ ...repo, title: 'A', body: 'for @rae' });
    await rest.issues.update({ ...repo, issue_number: 1, body: 'now for @rae and @ada' });
    const comment = await rest.issues.createComment({ ...repo, issue_number: 1, body: 'quiet' });
    await rest.issues.updateComment({ ...repo, comment_id: comment.data.id, body: 'loud @rae' });
    expect(github.notifications).toMatchObject([
      { target: 'rae', by: 'github-actions[bot]', issueNumber: 1, commentId: undefined },
      { target: 'ada' },
      { target: 'rae', commentId: comment.data.id },
    ]);
  });
});

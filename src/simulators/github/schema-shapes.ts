import { isoTime, isoTimeOrNull } from './answers.ts';
import type { Caller } from './auth.ts';
import { effectivePermission } from './auth.ts';
import { atLeast, fullName, permissionOf } from './data.ts';
import type { App, Comment, Issue, IssueEvent, IssueType, Label, Repository, User, World } from './data.ts';

/** GitHub's JSON shapes, as its OpenAPI document has them. */

export function apiUrl(world: World, path: string): string {
  const { protocol, apiHost, shape } = world.settings;
  return `${protocol}://${apiHost}${shape === 'ghes' ? '/api/v3' : ''}${path}`;
}

export function webUrl(world: World, path: string): string {
  return `${world.settings.protocol}://${world.settings.webHost}${path}`;
}

export function repositoryUrl(world: World, repository: Repository): string {
  return apiUrl(world, `/repos/${fullName(repository)}`);
}

/** As `Link` headers and redirects name it. */
export function repositoryUrlById(world: World, repositoryId: number): string {
  return apiUrl(world, `/repositories/${repositoryId}`);
}

/** Opaque to clients; the prefix names the kind. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function userShape(world: World, user: User): Record<string, unknown> {
  const url = apiUrl(world, `/users/${encodeURIComponent(user.login)}`);
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: webUrl(world, `/avatars/u/${user.id}?v=4`),
    gravatar_id: '',
    url,
    html_url: webUrl(world, user.kind === 'Bot' ? `/apps/${user.login.replace('[bot]', '')}` : `/${user.login}`),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.kind,
    ...(world.settings.shape === 'ghes' ? {} : { user_view_type: 'public' }),
    site_admin: false,
  };
}

/** `GET /user` and `GET /users/{username}`. */
export function publicUserShape(world: World, user: User): Record<string, unknown> {
  return {
    ...userShape(world, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(user.createdAt),
  };
}

export function labelShape(world: World, repository: Repository, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function issueTypeShape(type: IssueType): Record<string, unknown> {
  return { id: type.id, node_id: nodeId('IT', type.id), name: type.name, description: null, color: 'blue', is_enabled: true };
}

function association(repository: Repository, user: User): string {
  if (user === repository.owner) return 'OWNER';
  if (user.kind === 'Bot' || !atLeast(permissionOf(repository, user), 'triage')) return 'NONE';
  return repository.owner.kind === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
}

function reactions(url: string): Record<string, unknown> {
  const none = { total_count: 0, '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, ...none };
}

/** Fields that GitHub Enterprise Server got late, or has not yet. */
function newerIssueFields(world: World): Record<string, unknown> {
  if (world.settings.shape === 'ghes') return {};
  return {
    sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
    issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
  };
}

export function issueShape(world: World, repository: Repository, issue: Issue): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const htmlUrl = issueHtmlUrl(world, repository, issue);
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: htmlUrl,
    id: issue.id,
    node_id: nodeId(issue.isPullRequest ? 'PR' : 'I', issue.id),
    number: issue.number,
    title: issue.title,
    user: userShape(world, issue.user),
    labels: issue.labels.map((label) => labelShape(world, repository, label)),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.commentIds.length,
    created_at: isoTime(issue.createdAt),
    updated_at: isoTime(issue.updatedAt),
    closed_at: isoTimeOrNull(issue.closedAt),
    author_association: association(repository, issue.user),
    // Only where the owner has issue types does the key exist at all.
    ...(issue.type
      ? { type: issueTypeShape(issue.type) }
      : world.issueTypes.has(repository.owner.login.toLowerCase())
        ? { type: null }
        : {}),
    active_lock_reason: null,
    ...newerIssueFields(world),
    body: issue.body,
    closed_by: issue.closedBy ? userShape(world, issue.closedBy) : null,
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: performedVia(world, issue.user),
    state_reason: issue.stateReason,
    ...(issue.isPullRequest ? { draft: false, pull_request: pullRequestLinks(world, repository, issue) } : {}),
  };
}

function pullRequestLinks(world: World, repository: Repository, issue: Issue): Record<string, unknown> {
  const htmlUrl = issueHtmlUrl(world, repository, issue);
  const url = `${repositoryUrl(world, repository)}/pulls/${issue.number}`;
  return { url, html_url: htmlUrl, diff_url: `${htmlUrl}.diff`, patch_url: `${htmlUrl}.patch`, merged_at: null };
}

export function issueHtmlUrl(world: World, repository: Repository, issue: Pick<Issue, 'number' | 'isPullRequest'>): string {
  return webUrl(world, `/${fullName(repository)}/${issue.isPullRequest ? 'pull' : 'issues'}/${issue.number}`);
}

export function commentShape(world: World, repository: Repository, comment: Comment): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
  const issue = repository.issues.get(comment.issueNumber);
  const place = issueHtmlUrl(world, repository, { number: comment.issueNumber, isPullRequest: issue?.isPullRequest ?? false });
  return {
    url,
    html_url: `${place}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${comment.issueNumber}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userShape(world, comment.user),
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
    author_association: association(repository, comment.user),
    body: comment.body,
    reactions: reactions(url),
    performed_via_github_app: performedVia(world, comment.user),
  };
}

function performedVia(world: World, user: User): Record<string, unknown> | null {
  const app = world.apps.find(({ bot }) => bot === user);
  return app ? appShape(world, app) : null;
}

export function appShape(world: World, app: App): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    client_id: `Iv23${app.id}`,
    owner: userShape(world, app.bot),
    name: app.slug,
    description: null,
    external_url: webUrl(world, `/apps/${app.slug}`),
    html_url: webUrl(world, `/apps/${app.slug}`),
    created_at: isoTime(app.createdAt),
    updated_at: isoTime(app.createdAt),
    permissions: appPermissions(app),
    events: [],
  };
}

export function appPermissions(app: App): Record<string, 'read' | 'write'> {
  const granted: Record<string, 'read' | 'write'> = { metadata: 'read' };
  for (const area of ['issues', 'contents', 'secrets'] as const) {
    const level = app.access[area];
    if (level !== 'none') granted[area] = level;
  }
  return granted;
}

export function eventShape(world: World, repository: Repository, event: IssueEvent): Record<string, unknown> {
  const { label, rename, issueType, previousType, stateReason } = event.detail;
  return {
    id: event.id,
    node_id: nodeId('EV', event.id),
    url: `${repositoryUrl(world, repository)}/issues/events/${event.id}`,
    actor: userShape(world, event.actor),
    event: event.event,
    commit_id: null,
    commit_url: null,
    created_at: isoTime(event.at),
    performed_via_github_app: performedVia(world, event.actor),
    ...(label === undefined ? {} : { label }),
    ...(rename === undefined ? {} : { rename }),
    ...(stateReason === undefined ? {} : { state_reason: stateReason }),
    ...(issueType === undefined ? {} : { issue_type: issueType }),
    ...(previousType === undefined ? {} : { prev_issue_type: previousType }),
  };
}

const repositoryLinks = [
  'assignees{/user}',
  'branches{/branch}',
  'collaborators{/collaborator}',
  'comments{/number}',
  'commits{/sha}',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'hooks',
  'keys{/key_id}',
  'labels{/name}',
  'languages',
  'merges',
  'milestones{/number}',
  'pulls{/number}',
  'releases{/id}',
  'stargazers',
  'statuses/{sha}',
  'subscribers',
  'subscription',
  'tags',
  'teams',
  'issues{/number}',
] as const;

function repositoryUrls(url: string): Record<string, string> {
  const simple = repositoryLinks.map((link): [string, string] => [`${/^[a-z]+/.exec(link)?.[0] ?? ''}_url`, `${url}/${link}`]);
  return {
    ...Object.fromEntries(simple),
    archive_url: `${url}/{archive_format}{/ref}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

/** `GET /repos/{owner}/{repo}`; `permissions` only for signed-in callers. */
export function repositoryShape(world: World, repository: Repository, caller: Caller): Record<string, unknown> {
  const html = webUrl(world, `/${fullName(repository)}`);
  const url = repositoryUrl(world, repository);
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  const counts = {
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    network_count: 0,
    subscribers_count: 0,
  };
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    owner: userShape(world, repository.owner),
    html_url: html,
    description: null,
    fork: false,
    url,
    ...repositoryUrls(url),
    created_at: isoTime(repository.createdAt),
    updated_at: isoTime(repository.createdAt),
    pushed_at: isoTime(repository.createdAt),
    git_url: `git://${world.settings.webHost}/${fullName(repository)}.git`,
    ssh_url: `git@${world.settings.webHost}:${fullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    mirror_url: null,
    archived: repository.isArchived,
    disabled: false,
    open_issues: open,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    topics: [],
    default_branch: repository.git.defaultBranch,
    ...counts,
    ...(caller.user === undefined ? {} : { permissions: permissionFlags(repository, caller) }),
    ...(repository.owner.kind === 'Organization' ? { organization: userShape(world, repository.owner) } : {}),
  };
}

function permissionFlags(repository: Repository, caller: Caller): Record<string, boolean> {
  const own = effectivePermission(repository, caller);
  return {
    admin: atLeast(own, 'admin'),
    maintain: atLeast(own, 'admin'),
    push: atLeast(own, 'write'),
    triage: atLeast(own, 'triage'),
    pull: atLeast(own, 'read'),
  };
}

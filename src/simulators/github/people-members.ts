import { fullName, nowSeconds } from './data.ts';
import type { Repository, Token, TokenAccess, User, World } from './data.ts';
import { buildTree, createGitStore, writeBlob, writeCommit } from './git.ts';
import { repositoryOf, userOf } from './people-lookup.ts';
import type { NewApp, NewRepository, NewToken, People } from './people.ts';

const defaultAccess: TokenAccess = { issues: 'write', contents: 'write', secrets: 'none' };

function ensureUser(world: World, login: string, user: Partial<Pick<User, 'name' | 'kind' | 'permission'>>): User {
  const known = world.users.get(login.toLowerCase());
  if (known) return known;
  const made: User = {
    id: world.nextUserId(),
    login,
    name: user.name ?? null,
    kind: user.kind ?? 'User',
    createdAt: nowSeconds(world),
    permission: user.permission ?? 'read',
  };
  world.users.set(login.toLowerCase(), made);
  return made;
}

function storeToken(
  world: World,
  token: Omit<Token, 'revoked' | 'access'> & { readonly access: Partial<TokenAccess> | undefined },
): void {
  const secrets = token.kind === 'job' ? { secrets: 'none' as const } : {};
  world.tokens.set(token.value, { ...token, access: { ...defaultAccess, ...token.access, ...secrets }, revoked: false });
}

export type Members = Pick<
  People,
  | 'addUser'
  | 'addToken'
  | 'addApp'
  | 'addRepository'
  | 'setPermissions'
  | 'revokeToken'
  | 'restoreToken'
  | 'renameRepository'
  | 'archive'
  | 'setHasIssues'
  | 'setIssueTypes'
  | 'refuseRefs'
>;

export function membersOf(world: World): Members {
  const setRevoked = (value: string, revoked: boolean): void => {
    const token = world.tokens.get(value);
    if (token === undefined) throw new Error('The simulator has no such token.');
    token.revoked = revoked;
  };
  return {
    addUser: (draft) => {
      const user = ensureUser(world, draft.login, {
        name: draft.name ?? null,
        kind: draft.isBot ? 'Bot' : 'User',
        permission: draft.permission ?? 'read',
      });
      user.permission = draft.permission ?? user.permission;
      if (draft.token !== undefined) {
        const kind = draft.tokenKind ?? 'classic';
        storeToken(world, {
          value: draft.token,
          kind,
          user,
          repositories: undefined,
          access: undefined,
          expiresAt: draft.tokenExpiresAt,
        });
      }
      return { id: user.id, login: user.login };
    },
    addToken: (draft) => addToken(world, draft),
    addApp: (draft) => addApp(world, draft),
    addRepository: (draft) => addRepository(world, draft),
    setPermissions: ({ repository, login, permission }) => {
      repositoryOf(world, repository).permissions.set(userOf(world, login).login.toLowerCase(), permission);
    },
    revokeToken: (token) => setRevoked(token, true),
    restoreToken: (token) => setRevoked(token, false),
    renameRepository: (name, newName) => {
      const repository = repositoryOf(world, name);
      world.repositories.delete(fullName(repository).toLowerCase());
      world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
      repository.name = newName;
      world.formerNames.delete(fullName(repository).toLowerCase());
      world.repositories.set(fullName(repository).toLowerCase(), repository);
    },
    archive: (name) => {
      repositoryOf(world, name).isArchived = true;
    },
    setHasIssues: (name, hasIssues) => {
      repositoryOf(world, name).hasIssues = hasIssues;
    },
    setIssueTypes: (organization, names) => setIssueTypes(world, organization, names),
    refuseRefs: (name, prefix) => {
      repositoryOf(world, name).refusedRefs.push(prefix);
    },
  };
}

function setIssueTypes(world: World, organization: string, names: readonly string[] | undefined): void {
  const known = world.issueTypes.get(organization.toLowerCase()) ?? [];
  if (names === undefined) world.issueTypes.delete(organization.toLowerCase());
  else {
    const types = names.map((name) => known.find((type) => type.name === name) ?? { id: world.nextId(), name });
    world.issueTypes.set(organization.toLowerCase(), types);
  }
}

function addToken(world: World, draft: NewToken): void {
  const repositories = draft.repositories?.map((name) => repositoryOf(world, name).id);
  if (draft.kind === 'job' && repositories?.length !== 1) throw new Error('A job token belongs to exactly one repository.');
  const user =
    draft.kind === 'job'
      ? ensureUser(world, 'github-actions[bot]', { kind: 'Bot', permission: 'write' })
      : userOf(world, draft.login ?? '');
  storeToken(world, {
    value: draft.token,
    kind: draft.kind,
    user,
    repositories,
    access: draft.access,
    expiresAt: draft.expiresAt,
  });
}

function addApp(world: World, draft: NewApp): { appId: number; installationId: number } {
  const bot = ensureUser(world, `${draft.slug}[bot]`, { kind: 'Bot', permission: 'write' });
  const app = {
    id: draft.appId ?? world.nextId(),
    installationId: world.nextId(),
    slug: draft.slug,
    bot,
    repositories: draft.repositories.map((name) => repositoryOf(world, name).id),
    access: { ...defaultAccess, ...draft.access },
    createdAt: nowSeconds(world),
  };
  world.apps.push(app);
  return { appId: app.id, installationId: app.installationId };
}

function addRepository(world: World, draft: NewRepository): { id: number; fullName: string } {
  const isOrganization = draft.ownerIsOrganization ?? draft.issueTypes !== undefined;
  const owner = ensureUser(world, draft.owner, { kind: isOrganization ? 'Organization' : 'User' });
  if (draft.issueTypes !== undefined) setIssueTypes(world, owner.login, draft.issueTypes);
  const repository: Repository = {
    id: world.nextId(),
    owner,
    name: draft.name,
    isPrivate: draft.private ?? false,
    hasIssues: draft.hasIssues ?? true,
    isArchived: false,
    createdAt: nowSeconds(world),
    permissions: new Map(),
    labels: new Map(),
    issues: new Map(),
    comments: new Map(),
    gone: new Map(),
    nextNumber: 1,
    git: createGitStore(),
    secrets: new Map(),
    refusedRefs: [],
  };
  world.repositories.set(fullName(repository).toLowerCase(), repository);
  if (draft.empty !== true) {
    const blob = writeBlob(repository.git, new Uint8Array(Buffer.from(`# ${draft.name}\n`)));
    const tree = buildTree(repository.git, new Map([['README.md', { mode: '100644', type: 'blob', sha: blob }]]));
    const person = { name: owner.login, email: `${owner.login}@example.org`, at: nowSeconds(world) };
    const commit = writeCommit(repository.git, {
      tree,
      parents: [],
      author: person,
      committer: person,
      message: 'Initial commit',
    });
    repository.git.refs.set('refs/heads/main', commit.sha);
  }
  return { id: repository.id, fullName: fullName(repository) };
}

import { z } from 'zod';
import { apiError, isoTime, json, notFound, readBody, validationFailed } from './answers.ts';
import { requireAccess } from './auth.ts';
import type { Caller } from './auth.ts';
import { fullName, nowSeconds } from './data.ts';
import type { Repository, User, World } from './data.ts';
import { changeTree, flatten, isAncestor, writeBlob, writeCommit } from './git.ts';
import type { Commit, Person, TreeEntry } from './git.ts';
import { enter } from './routing.ts';
import type { Api, RouteParts } from './routing.ts';
import { repositoryUrl, webUrl } from './schema-shapes.ts';

/** GitHub's limit for blobs. */
const blobBytesMax = 100 * 1024 * 1024;

const sha = z.string().regex(/^[\da-f]{40}$/);
const blobBody = z.object({ content: z.string(), encoding: z.string().optional() });
const treeBody = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).optional(),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});
const personBody = z.object({ name: z.string().optional(), email: z.string().optional(), date: z.string().optional() });
const commitBody = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(sha).optional(),
  author: personBody.optional(),
  committer: personBody.optional(),
});
const createRefBody = z.object({ ref: z.string(), sha: z.string() });
const updateRefBody = z.object({ sha: z.string(), force: z.boolean().optional() });

/** @throws ApiError 409 for a repository without any commit: GitHub's git endpoints refuse it whole */
export function requireContents(repository: Repository, caller: Caller, level: 'read' | 'write'): void {
  if (level === 'read' && caller.token === undefined && !repository.isPrivate) return requireCommits(repository);
  requireAccess(repository, caller, { area: 'contents', level, permission: level });
  requireCommits(repository);
}

function requireCommits(repository: Repository): void {
  if (repository.git.refs.size === 0) throw apiError(409, 'Git Repository is empty.');
}

export function addGitRoutes(api: Api, { world }: RouteParts): void {
  addRefRoutes(api, world);
  addObjectRoutes(api, world);
}

function addRefRoutes(api: Api, world: World): void {
  api.get('/repos/:owner/:repo/git/ref/:ref{.+}', (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'read');
    const ref = `refs/${context.req.param('ref')}`;
    if (!repository.git.refs.has(ref)) throw notFound();
    return json(refShape(world, repository, ref));
  });
  api.post('/repos/:owner/:repo/git/refs', async (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    const body = await readBody(context.req.raw, createRefBody);
    if (!/^refs\/[^/]+\/[^\s~^:?*[\\]+$/.test(body.ref) || /\.\.|\/\/|\.lock$|\/$|@\{/.test(body.ref)) {
      throw apiError(422, 'Reference name is not valid');
    }
    if (repository.git.refs.has(body.ref)) throw apiError(422, 'Reference already exists');
    // A branch and a directory of branches cannot have one name: git keeps refs as files.
    const clashes = [...repository.git.refs.keys()].some(
      (known) => known.startsWith(`${body.ref}/`) || body.ref.startsWith(`${known}/`),
    );
    if (clashes) throw apiError(422, 'Reference update failed');
    moveRef(repository, body.ref, body.sha);
    return json(refShape(world, repository, body.ref), 201);
  });
  api.patch('/repos/:owner/:repo/git/refs/:ref{.+}', async (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    const ref = `refs/${context.req.param('ref')}`;
    const body = await readBody(context.req.raw, updateRefBody);
    const current = repository.git.refs.get(ref);
    if (current === undefined) throw apiError(422, 'Reference does not exist');
    if (repository.git.commits.has(body.sha) && body.force !== true && !isAncestor(repository.git, current, body.sha)) {
      throw apiError(422, 'Update is not a fast forward');
    }
    moveRef(repository, ref, body.sha);
    return json(refShape(world, repository, ref));
  });
  api.delete('/repos/:owner/:repo/git/refs/:ref{.+}', (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    if (!repository.git.refs.delete(`refs/${context.req.param('ref')}`)) throw apiError(422, 'Reference does not exist');
    return new Response(null, { status: 204 });
  });
}

/** @throws ApiError 422 for an unknown commit, or a ruleset that refuses the branch */
function moveRef(repository: Repository, ref: string, commit: string): void {
  if (!repository.git.commits.has(commit)) throw apiError(422, 'Object does not exist');
  refuseByRuleset(repository, ref);
  repository.git.refs.set(ref, commit);
}

export function refuseByRuleset(repository: Repository, ref: string): void {
  if (!repository.refusedRefs.some((prefix) => ref.startsWith(prefix))) return;
  throw apiError(422, 'Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n');
}

function addObjectRoutes(api: Api, world: World): void {
  api.post('/repos/:owner/:repo/git/blobs', async (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    const body = await readBody(context.req.raw, blobBody);
    const encoding = body.encoding ?? 'utf-8';
    if (encoding !== 'utf-8' && encoding !== 'base64') {
      throw validationFailed({ resource: 'Blob', code: 'invalid', field: 'encoding' });
    }
    const bytes = new Uint8Array(Buffer.from(body.content, encoding));
    if (bytes.byteLength > blobBytesMax)
      throw validationFailed({ resource: 'Blob', code: 'custom', field: 'content', message: 'too large' });
    const id = writeBlob(repository.git, bytes);
    const url = `${repositoryUrl(world, repository)}/git/blobs/${id}`;
    return json({ sha: id, url }, 201, { location: url });
  });
  api.get('/repos/:owner/:repo/git/blobs/:sha', (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'read');
    const id = context.req.param('sha');
    const bytes = repository.git.blobs.get(id);
    if (bytes === undefined) throw notFound();
    const url = `${repositoryUrl(world, repository)}/git/blobs/${id}`;
    const content = Buffer.from(bytes).toString('base64').replaceAll(/.{60}/g, '$&\n');
    return json({ sha: id, node_id: `B_${id}`, size: bytes.byteLength, url, content, encoding: 'base64' });
  });
  api.post('/repos/:owner/:repo/git/trees', async (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    const id = createTree(repository, await readBody(context.req.raw, treeBody));
    const shape = treeShape(world, repository, { sha: id, recursive: false });
    return json(shape, 201);
  });
  api.get('/repos/:owner/:repo/git/trees/:sha{.+}', (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'read');
    const name = context.req.param('sha');
    const { git } = repository;
    const commit = git.commits.get(git.refs.get(`refs/heads/${name}`) ?? name);
    const id = commit?.tree ?? name;
    if (!git.trees.has(id)) throw notFound();
    // Any value at all means recursive, `0` and `false` included.
    return json(treeShape(world, repository, { sha: id, recursive: context.req.query('recursive') !== undefined }));
  });
  api.post('/repos/:owner/:repo/git/commits', async (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'write');
    const body = await readBody(context.req.raw, commitBody);
    const { git } = repository;
    if (!git.trees.has(body.tree)) throw apiError(422, 'Tree SHA does not exist');
    if ((body.parents ?? []).some((parent) => !git.commits.has(parent))) {
      throw apiError(422, 'Parent SHA does not exist or is not a commit object');
    }
    const author = personOf(world, caller.user, body.author);
    const committer = personOf(world, caller.user, body.committer ?? body.author);
    const commit = writeCommit(git, { tree: body.tree, parents: body.parents ?? [], author, committer, message: body.message });
    return json(commitShape(world, repository, commit), 201);
  });
  api.get('/repos/:owner/:repo/git/commits/:sha', (context) => {
    const { caller, repository } = enter(world, context);
    requireContents(repository, caller, 'read');
    const commit = repository.git.commits.get(context.req.param('sha'));
    if (commit === undefined) throw notFound();
    return json(commitShape(world, repository, commit));
  });
}

function createTree({ git }: Repository, body: z.infer<typeof treeBody>): string {
  const base = body.base_tree === undefined ? undefined : (git.commits.get(body.base_tree)?.tree ?? body.base_tree);
  if (base !== undefined && !git.trees.has(base)) throw notFound();
  if (body.tree.length === 0) throw apiError(422, 'Invalid tree info');
  const changes = body.tree.map((entry) => {
    const type = entry.type ?? 'blob';
    if (entry.sha === undefined && entry.content === undefined)
      throw apiError(422, 'Must supply either tree.sha or tree.content');
    const id = entry.content === undefined ? (entry.sha ?? null) : writeBlob(git, new Uint8Array(Buffer.from(entry.content)));
    const known = id === null || type === 'commit' || (type === 'tree' ? git.trees.has(id) : git.blobs.has(id));
    if (!known) throw apiError(422, `tree.sha ${id ?? ''} is not a valid ${type}`);
    return { path: entry.path, mode: entry.mode ?? '100644', type, sha: id };
  });
  return changeTree(git, base, changes);
}

/** Author and committer default to the token's user, now. */
export function personOf(world: World, user: User | undefined, given: z.infer<typeof personBody> | undefined): Person {
  const login = user?.login ?? 'ghost';
  const date = given?.date === undefined ? nowSeconds(world) : Date.parse(given.date);
  return {
    name: given?.name ?? user?.name ?? login,
    email: given?.email ?? `${user?.id ?? 0}+${login}@users.noreply.${world.settings.webHost.replace(/:\d+$/, '')}`,
    at: Number.isNaN(date) ? nowSeconds(world) : date,
  };
}

function refShape(world: World, repository: Repository, ref: string): Record<string, unknown> {
  const url = repositoryUrl(world, repository);
  const id = repository.git.refs.get(ref) ?? '';
  return {
    ref,
    node_id: `REF_${Buffer.from(ref).toString('base64url')}`,
    url: `${url}/git/${ref}`,
    object: { type: 'commit', sha: id, url: `${url}/git/commits/${id}` },
  };
}

function treeShape(world: World, repository: Repository, tree: { sha: string; recursive: boolean }): Record<string, unknown> {
  const { git } = repository;
  const url = `${repositoryUrl(world, repository)}/git`;
  const entries = tree.recursive
    ? flatten(git, tree.sha, { withTrees: true })
    : (git.trees.get(tree.sha) ?? new Map<string, TreeEntry>());
  const shown = [...entries].map(([path, { mode, type, sha: id }]) => {
    const size = git.blobs.get(id)?.byteLength;
    return { path, mode, type, sha: id, ...(size === undefined ? {} : { size }), url: `${url}/${type}s/${id}` };
  });
  return { sha: tree.sha, url: `${url}/trees/${tree.sha}`, tree: shown, truncated: false };
}

function dated({ name, email, at }: Person): Record<string, string> {
  return { name, email, date: isoTime(at) };
}

export function commitShape(world: World, repository: Repository, commit: Commit): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/git`;
  const html = webUrl(world, `/${fullName(repository)}/commit`);
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url: `${url}/commits/${commit.sha}`,
    html_url: `${html}/${commit.sha}`,
    author: dated(commit.author),
    committer: dated(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((id) => ({ sha: id, url: `${url}/commits/${id}`, html_url: `${html}/${id}` })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

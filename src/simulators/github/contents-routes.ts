import { z } from 'zod';
import { apiError, json, notFound, readBody } from './answers.ts';
import { requireAccess } from './auth.ts';
import { fullName } from './data.ts';
import type { Repository, World } from './data.ts';
import { changeTree, entryAt, resolveCommit, writeBlob, writeCommit } from './git.ts';
import type { Commit, TreeEntry } from './git.ts';
import { commitShape, personOf, refuseByRuleset, requireContents } from './git-routes.ts';
import { enter } from './routing.ts';
import type { Api, RouteContext, RouteParts } from './routing.ts';
import { repositoryUrl, webUrl } from './schema-shapes.ts';

/** Above this size the JSON form comes without content; the raw form goes on to 100 MB. */
const inlineBytesMax = 1024 * 1024;

const writeBodySchema = z.object({
  message: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
});

export function addContentsRoutes(api: Api, { world }: RouteParts): void {
  api.get('/repos/:owner/:repo/contents/:path{.*}', (context) => {
    const { caller, repository, url } = enter(world, context);
    if (repository.git.refs.size === 0) throw apiError(404, 'This repository is empty.');
    requireContents(repository, caller, 'read');
    const ref = url.searchParams.get('ref') ?? repository.git.defaultBranch;
    const commit = resolveCommit(repository.git, ref);
    if (commit === undefined) throw apiError(404, `No commit found for the ref ${ref}`);
    const path = context.req.param('path');
    const entry = entryAt(repository.git, commit, path);
    if (entry === undefined) throw notFound();
    const place = { path, ref, entry };
    const bytes = repository.git.blobs.get(entry.sha);
    if (entry.type !== 'tree' && bytes && /application\/vnd\.github\.(?:v3\.)?raw/.test(context.req.header('accept') ?? '')) {
      return new Response(bytes, { headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } });
    }
    return json(entry.type === 'tree' ? listing(world, repository, place) : fileShape(world, repository, place));
  });
  api.put('/repos/:owner/:repo/contents/:path{.+}', (context) => writeContents(world, context, 'put'));
  api.delete('/repos/:owner/:repo/contents/:path{.+}', (context) => writeContents(world, context, 'delete'));
}

interface Place {
  readonly path: string;
  readonly ref: string;
  readonly entry: TreeEntry;
}

function listing(world: World, repository: Repository, { path, ref, entry }: Place): readonly unknown[] {
  const children = repository.git.trees.get(entry.sha) ?? new Map<string, TreeEntry>();
  return [...children].map(([name, child]) => {
    const {
      content: _content,
      encoding: _encoding,
      ...shape
    } = fileShape(world, repository, {
      path: path === '' ? name : `${path}/${name}`,
      ref,
      entry: child,
    });
    return shape;
  });
}

function fileShape(world: World, repository: Repository, { path, ref, entry }: Place): Record<string, unknown> {
  const bytes = repository.git.blobs.get(entry.sha);
  const encodedPath = path.split('/').map(encodeURIComponent).join('/');
  const url = `${repositoryUrl(world, repository)}/contents/${encodedPath}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = `${repositoryUrl(world, repository)}/git/${entry.type}s/${entry.sha}`;
  const htmlUrl = webUrl(world, `/${fullName(repository)}/${entry.type}/${ref}/${encodedPath}`);
  const isFile = entry.type === 'blob';
  const inline = bytes !== undefined && bytes.byteLength <= inlineBytesMax;
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.sha,
    size: bytes?.byteLength ?? 0,
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url: isFile ? webUrl(world, `/${fullName(repository)}/raw/${ref}/${encodedPath}`) : null,
    type: isFile ? 'file' : 'dir',
    content: inline ? Buffer.from(bytes).toString('base64').replaceAll(/.{60}/g, '$&\n') : '',
    encoding: inline ? 'base64' : 'none',
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
}

/** Writes or removes one file as a commit of its own. */
async function writeContents(world: World, context: RouteContext, kind: 'put' | 'delete'): Promise<Response> {
  const { caller, repository } = enter(world, context);
  requireAccess(repository, caller, { area: 'contents', level: 'write', permission: 'write' });
  const body = await readBody(context.req.raw, writeBodySchema);
  const { git } = repository;
  const path = context.req.param('path') ?? '';
  const branch = body.branch ?? git.defaultBranch;
  const parent = resolveCommit(git, `refs/heads/${branch}`);
  // Only an empty repository gets its first branch by a write.
  if (parent === undefined && (git.refs.size > 0 || kind === 'delete')) throw apiError(404, `Branch ${branch} not found`);
  const current = parent && entryAt(git, parent, path);
  if (current && body.sha === undefined) throw apiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (current && body.sha !== current.sha) throw apiError(409, `${path} does not match ${body.sha ?? ''}`);
  if (kind === 'delete' && current === undefined) throw notFound();
  if (kind === 'put' && body.content === undefined) throw apiError(422, 'Invalid request.\n\n"content" wasn\'t supplied.');
  refuseByRuleset(repository, `refs/heads/${branch}`);
  const blob = kind === 'delete' ? null : writeBlob(git, new Uint8Array(Buffer.from(body.content ?? '', 'base64')));
  const tree = changeTree(git, parent?.tree, [{ path, mode: '100644', type: 'blob', sha: blob }]);
  const person = personOf(world, caller.user, undefined);
  const parents = parent === undefined ? [] : [parent.sha];
  const commit: Commit = writeCommit(git, { tree, parents, author: person, committer: person, message: body.message });
  git.refs.set(`refs/heads/${branch}`, commit.sha);
  const entry = entryAt(git, commit, path);
  const content = entry === undefined ? null : fileShape(world, repository, { path, ref: branch, entry });
  return json({ content, commit: commitShape(world, repository, commit) }, current || kind === 'delete' ? 200 : 201);
}

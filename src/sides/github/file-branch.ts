import type { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { messageIn } from './api-errors.ts';
import type { BlobBody } from './blob-body.ts';
import type { GitHubAnswer, GitHubApi } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { commitSchema, refSchema, shaSchema, treeSchema } from './schemas.ts';

/**
 * The orphan branch that holds copies of the other side's files: one commit without parents, replaced at each change, so
 * that removed files become unreachable. One writer: the holder of the lease.
 */
export interface FileBranch {
  /** Stores one file's bytes; they are in no branch yet. Returns the blob's id. */
  putBlob(body: BlobBody): Promise<string>;
  /** Paths of all files on the branch, none without a branch; undefined where GitHub does not list them whole. */
  paths(purpose: Purpose): Promise<readonly string[] | undefined>;
  /** Puts stored blobs at their paths and takes paths away, in one commit. Paths to take away may be missing. */
  commit(changes: { readonly put: readonly BlobEntry[]; readonly remove: readonly string[] }): Promise<void>;
}

export interface BlobEntry {
  readonly path: string;
  readonly sha: string;
}

/** A tree without entries cannot be made through the API, and a person who finds the branch should know what it is. */
const readme = [
  '# Files of a Sallyport connection',
  '',
  'Copies of files that are attached to the issues of the other side, shown in the issues of this repository.',
  'This branch is replaced at each change and belongs to no other. Deleting it removes the files from those issues.',
  '',
].join('\n');

export function createFileBranch(options: {
  readonly api: GitHubApi;
  readonly repository: RepositoryName;
  readonly branch: string;
}): FileBranch {
  const { repository, branch } = options;
  const place: Place = {
    api: options.api,
    path: pathOf(repository),
    ref: `heads/${branch}`,
    what: `the branch ${branch} of ${repository.owner}/${repository.name}`,
  };
  let last: Promise<void> = Promise.resolve();
  return {
    paths: async (purpose) => {
      const tree = await currentTree(place, purpose);
      return tree === undefined ? [] : pathsIn(place, tree, purpose);
    },
    putBlob: (body) => putBlob(place, body),
    commit: (changes) => {
      // Twins are settled side by side, and of two commits made from the same tree the second would undo the first.
      const turn = last.then(() => commitOnto(place, changes));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function commitOnto(place: Place, { put, remove }: Parameters<FileBranch['commit']>[0]): Promise<void> {
  const base = await currentTree(place, 'work');
  const gone = base === undefined ? [] : await existing(place, base, remove);
  if (put.length === 0 && gone.length === 0) return;
  const tree = await writeTree(place, base, { put, remove: gone });
  if (tree === base) return;
  await moveBranch(place, await writeCommit(place, tree), base !== undefined);
}

interface Place {
  readonly api: GitHubApi;
  readonly path: { readonly owner: string; readonly repo: string };
  /** Without `refs/`. */
  readonly ref: string;
  readonly what: string;
}

async function putBlob({ api, path, what }: Place, body: BlobBody): Promise<string> {
  const length = body.length === undefined ? {} : { 'content-length': String(body.length) };
  const answer = await api.send(
    'POST /repos/{owner}/{repo}/git/blobs',
    { ...path, content: '' },
    { purpose: 'work', what, stream: body.stream, headers: { 'content-type': 'application/json', ...length } },
  );
  return accepted({ api, what }, answer, shaSchema).sha;
}

/** The tree that the branch has now, undefined without a branch. */
async function currentTree({ api, path, ref, what }: Place, purpose: Purpose): Promise<string | undefined> {
  const answer = await api.send('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...path, ref }, { purpose, what });
  if (answer.status === 404) return undefined;
  const commit = await api.read(
    'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
    { ...path, commit_sha: accepted({ api, what }, answer, refSchema).object.sha },
    { purpose, what, schema: commitSchema },
  );
  return commit.tree.sha;
}

/** Of these paths, those that the tree has: GitHub refuses to take away what is not there. */
async function existing(place: Place, tree: string, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const listed = await pathsIn(place, tree, 'work');
  if (listed === undefined) return paths;
  const held = new Set(listed);
  return paths.filter((one) => held.has(one));
}

async function pathsIn({ api, path, what }: Place, tree: string, purpose: Purpose): Promise<readonly string[] | undefined> {
  const listing = await api.read(
    'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
    { ...path, tree_sha: tree, recursive: '1' },
    { purpose, what, schema: treeSchema },
  );
  return listing.truncated === true
    ? undefined
    : listing.tree.flatMap((entry) => (entry.type === 'tree' ? [] : (entry.path ?? [])));
}

async function writeTree(
  { api, path, what }: Place,
  base: string | undefined,
  changes: { readonly put: readonly BlobEntry[]; readonly remove: readonly string[] },
): Promise<string> {
  const mode = '100644' as const;
  const type = 'blob' as const;
  const tree = [
    ...(base === undefined ? [{ path: 'README.md', mode, type, content: readme }] : []),
    ...changes.put.map((entry) => ({ path: entry.path, mode, type, sha: entry.sha })),
    ...changes.remove.map((gone) => ({ path: gone, mode, type, sha: null })),
  ];
  const answer = await api.send(
    'POST /repos/{owner}/{repo}/git/trees',
    { ...path, tree, ...(base === undefined ? {} : { base_tree: base }) },
    // The same entries are the same tree.
    { purpose: 'work', what, retry: 'idempotent' },
  );
  return accepted({ api, what }, answer, shaSchema).sha;
}

async function writeCommit({ api, path, what }: Place, tree: string): Promise<string> {
  const answer = await api.send(
    'POST /repos/{owner}/{repo}/git/commits',
    { ...path, message: 'Files of a Sallyport connection [skip ci]', tree, parents: [] },
    // A commit that no branch names is nothing to anyone.
    { purpose: 'work', what, retry: 'idempotent' },
  );
  return accepted({ api, what }, answer, shaSchema).sha;
}

async function moveBranch(place: Place, sha: string, exists: boolean): Promise<void> {
  const { api, path, ref, what } = place;
  // The branch has one writer, and moving it to the same commit twice is moving it once.
  const options = { purpose: 'work', what, retry: 'idempotent' } as const;
  const move = () => api.send('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...path, ref, sha, force: true }, options);
  const create = () => api.send('POST /repos/{owner}/{repo}/git/refs', { ...path, ref: `refs/${ref}`, sha }, options);
  const answer = exists ? await move() : await create();
  // A first answer that was lost left the branch behind.
  const madeBefore = !exists && answer.status === 422 && /already exists/i.test(messageIn(answer));
  accepted(place, madeBefore ? await move() : answer, refSchema);
}

/** The data of a success; GitHub's refusals in words that say what to do. */
function accepted<T>(place: Pick<Place, 'api' | 'what'>, answer: GitHubAnswer, schema: z.ZodType<T>): T {
  const { what } = place;
  if (answer.status === 403 || answer.status === 409 || answer.status === 422) throw refusedBranch(answer, what);
  return parseAnswer(answer, schema, { what, host: new URL(place.api.addresses.apiUrl).host, isRead: false });
}

function refusedBranch(answer: GitHubAnswer, what: string): SallyportError {
  const { status } = answer;
  const message = messageIn(answer);
  const isRateLimited = status === 403 && /rate limit/i.test(message);
  if (isRateLimited) {
    return new SallyportError(`GitHub's rate limit stopped writing ${what}: ${message}. It may go through later.`, {
      kind: 'passing',
      status,
    });
  }
  if (status === 409 && /empty/i.test(message)) {
    return new SallyportError(
      `Files cannot be stored in ${what}: the repository has no commit yet. Make a first commit, or set attachments: list-only.`,
      { kind: 'refused', status },
    );
  }
  if (status === 403 && /resource not accessible/i.test(message)) {
    return new SallyportError(
      `Files cannot be stored in ${what}: the token may not write contents. Grant contents: write, or set attachments: list-only.`,
      { kind: 'permission', status },
    );
  }
  return new SallyportError(
    `AttachmentBranchRefused: GitHub refused to write ${what} (${status}: ${message}). A ruleset or branch protection seems to forbid it: exempt branches sallyport/**, or set attachments: list-only.`,
    { kind: 'refused', status },
  );
}

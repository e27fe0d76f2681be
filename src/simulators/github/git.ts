import { createHash } from 'node:crypto';
import { apiError } from './answers.ts';

/** A git object store in memory, with git's own object ids. */

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface GitStore {
  readonly defaultBranch: string;
  readonly blobs: Map<string, Uint8Array<ArrayBuffer>>;
  /** Entries by name, in the tree's order. */
  readonly trees: Map<string, ReadonlyMap<string, TreeEntry>>;
  readonly commits: Map<string, Commit>;
  /** `refs/heads/main` → commit. */
  readonly refs: Map<string, string>;
}

export function createGitStore(): GitStore {
  return { defaultBranch: 'main', blobs: new Map(), trees: new Map(), commits: new Map(), refs: new Map() };
}

function objectId(type: string, bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

export function writeBlob(store: GitStore, bytes: Uint8Array<ArrayBuffer>): string {
  const sha = objectId('blob', bytes);
  store.blobs.set(sha, bytes);
  return sha;
}

function signed({ name, email, at }: Person): string {
  return `${name} <${email}> ${Math.floor(at / 1000)} +0000`;
}

export function writeCommit(store: GitStore, draft: Omit<Commit, 'sha'>): Commit {
  const lines = [
    `tree ${draft.tree}`,
    ...draft.parents.map((parent) => `parent ${parent}`),
    `author ${signed(draft.author)}`,
    `committer ${signed(draft.committer)}`,
  ];
  const commit = { ...draft, sha: objectId('commit', Buffer.from(`${lines.join('\n')}\n\n${draft.message}`)) };
  store.commits.set(commit.sha, commit);
  return commit;
}

/** Git sorts directories as if their names ended with a slash. */
function sortKey([name, entry]: readonly [string, TreeEntry]): string {
  return entry.type === 'tree' ? `${name}/` : name;
}

function writeTree(store: GitStore, entries: ReadonlyMap<string, TreeEntry>): string {
  const sorted = [...entries].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const parts = sorted.map(([name, { mode, sha }]) =>
    Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(sha, 'hex')]),
  );
  const sha = objectId('tree', Buffer.concat(parts));
  store.trees.set(sha, new Map(sorted));
  return sha;
}

/** All entries below a tree by path; directories too where `withTrees`. */
export function flatten(store: GitStore, tree: string, options: { readonly withTrees?: boolean } = {}): Map<string, TreeEntry> {
  const found = new Map<string, TreeEntry>();
  const visit = (sha: string, prefix: string): void => {
    for (const [name, entry] of store.trees.get(sha) ?? []) {
      const path = `${prefix}${name}`;
      if (entry.type !== 'tree' || options.withTrees) found.set(path, entry);
      if (entry.type === 'tree') visit(entry.sha, `${path}/`);
    }
  };
  visit(tree, '');
  return found;
}

/** Builds the nested trees of flat paths; a tree given by its id keeps its place. */
export function buildTree(store: GitStore, entries: ReadonlyMap<string, TreeEntry>): string {
  const here = new Map<string, TreeEntry>();
  const below = new Map<string, Map<string, TreeEntry>>();
  for (const [path, entry] of entries) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      here.set(path, entry);
      continue;
    }
    const directory = path.slice(0, slash);
    const inside = below.get(directory) ?? new Map<string, TreeEntry>();
    below.set(directory, inside.set(path.slice(slash + 1), entry));
  }
  for (const [name, inside] of below) here.set(name, { mode: '040000', type: 'tree', sha: buildTree(store, inside) });
  return writeTree(store, here);
}

export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  /** Null removes the path. */
  readonly sha: string | null;
}

/** @throws ApiError 422 for a path that is malformed, or absent where it should be removed */
export function changeTree(store: GitStore, base: string | undefined, changes: readonly TreeChange[]): string {
  const entries = base === undefined ? new Map<string, TreeEntry>() : flatten(store, base);
  for (const { path, mode, type, sha } of changes) {
    if (
      path === '' ||
      path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')
    ) {
      throw apiError(422, 'tree.path contains a malformed path component');
    }
    const inside = [...entries.keys()].filter((known) => known.startsWith(`${path}/`));
    if (sha === null && !entries.has(path) && inside.length === 0) throw apiError(422, 'GitRPC::BadObjectState');
    for (const known of inside) entries.delete(known);
    if (sha === null) entries.delete(path);
    else if (type === 'tree') for (const [name, entry] of flatten(store, sha)) entries.set(`${path}/${name}`, entry);
    else entries.set(path, { mode, type, sha });
  }
  return buildTree(store, entries);
}

/** The commit that a branch name, a full ref or an id names. */
export function resolveCommit(store: GitStore, name: string): Commit | undefined {
  const sha = store.refs.get(name) ?? store.refs.get(`refs/heads/${name}`) ?? store.refs.get(`refs/tags/${name}`) ?? name;
  return store.commits.get(sha);
}

/** Whether `ancestor` can be reached from `sha`: a move from the one to the other is a fast forward. */
export function isAncestor(store: GitStore, ancestor: string, sha: string): boolean {
  const seen = new Set<string>();
  const open = [sha];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (current === ancestor) return true;
    if (seen.has(current)) continue;
    seen.add(current);
    open.push(...(store.commits.get(current)?.parents ?? []));
  }
  return false;
}

/** The entry at a path of a commit's tree; the tree itself for an empty path. */
export function entryAt(store: GitStore, commit: Commit, path: string): TreeEntry | undefined {
  let entry: TreeEntry = { mode: '040000', type: 'tree', sha: commit.tree };
  for (const part of path.split('/').filter((name) => name !== '')) {
    const next = entry.type === 'tree' ? store.trees.get(entry.sha)?.get(part) : undefined;
    if (next === undefined) return undefined;
    entry = next;
  }
  return entry;
}

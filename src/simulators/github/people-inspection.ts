import type { World } from './data.ts';
import { flatten, resolveCommit } from './git.ts';
import type { Authors } from './people-authors.ts';
import { repositoryOf, viewOf } from './people-lookup.ts';
import type { Members } from './people-members.ts';
import type { People } from './people.ts';
import { secretKeyOf } from './secrets.ts';

type Inspection = Omit<People, keyof Members | keyof Authors>;

export function inspectionOf(world: World): Inspection {
  return {
    issues: (name) => {
      const repository = repositoryOf(world, name);
      return [...repository.issues.values()].map((issue) => viewOf(repository, issue));
    },
    issue: (name, number) => {
      const repository = repositoryOf(world, name);
      const issue = repository.issues.get(number);
      return issue && viewOf(repository, issue);
    },
    labels: (name) => [...repositoryOf(world, name).labels.values()].map((label) => label.name),
    files: (name, branch) => {
      const { git } = repositoryOf(world, name);
      const commit = resolveCommit(git, `refs/heads/${branch}`);
      if (commit === undefined) return undefined;
      return new Map([...flatten(git, commit.tree)].map(([path, { sha }]) => [path, git.blobs.get(sha) ?? new Uint8Array()]));
    },
    commits: (name, branch) => {
      const { git } = repositoryOf(world, name);
      const found = [];
      for (let commit = resolveCommit(git, `refs/heads/${branch}`); commit; commit = git.commits.get(commit.parents[0] ?? '')) {
        found.push({ sha: commit.sha, message: commit.message, parents: commit.parents });
      }
      return found;
    },
    branches: (name) => [...repositoryOf(world, name).git.refs.keys()].map((ref) => ref.replace(/^refs\/heads\//, '')),
    secrets: (name) => {
      const repository = repositoryOf(world, name);
      const values = new Map([...repository.secrets].map(([key, { encryptedValue }]) => [key, encryptedValue]));
      return { key: secretKeyOf(repository), values };
    },
    requests: world.requests,
    notifications: world.notifications,
  };
}

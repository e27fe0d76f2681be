/** The repository whose issues are synced, as the configuration names it. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** Path parameters of octokit's routes. */
export function pathOf(repository: RepositoryName): { readonly owner: string; readonly repo: string } {
  return { owner: repository.owner, repo: repository.name };
}

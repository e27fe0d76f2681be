import { mkdir } from 'node:fs/promises';
import { chdir, cwd, env } from 'node:process';
import type { CachePort } from './actions-cache-store.ts';

/**
 * The cache client of GitHub Actions (`@actions/cache`), working in a directory of its own. It is imported at the first
 * call, because it costs a quarter of a second that most commands need not spend. It talks to the cache service by itself:
 * its are the only requests that do not pass the gateway (connection.md, "Egress").
 *
 * @param options.directory absolute; made if it is not there
 */
export function createActionsCacheClient(options: { readonly directory: string }): CachePort {
  const inDirectory = createDirectoryScope(options.directory);
  return {
    restore: (paths, primaryKey, restoreOptions) =>
      inDirectory(async () => {
        const { restoreCache } = await import('@actions/cache');
        return restoreCache([...paths], primaryKey, [], { lookupOnly: restoreOptions?.lookupOnly ?? false });
      }),
    save: (paths, key) =>
      inDirectory(async () => {
        const { saveCache } = await import('@actions/cache');
        return saveCache([...paths], key);
      }),
  };
}

/** Whether the environment offers a cache service at all: jobs do, a shell does not. */
export async function isActionsCacheAvailable(): Promise<boolean> {
  const { isFeatureAvailable } = await import('@actions/cache');
  return isFeatureAvailable();
}

/**
 * The client resolves paths to save against the process's directory, but packs and unpacks relative to GITHUB_WORKSPACE
 * (resolvePaths and getWorkingDirectory in its lib/internal). Both are set to one directory for as long as a call takes:
 * otherwise a step with a `working-directory` would save one file and restore another, and a state would lie in the
 * user's checkout. Calls wait for each other, so that none sees the other's change.
 */
function createDirectoryScope(directory: string): <T>(call: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const run = last.then(async () => {
      await mkdir(directory, { recursive: true });
      const before = { directory: cwd(), workspace: env['GITHUB_WORKSPACE'] };
      chdir(directory);
      env['GITHUB_WORKSPACE'] = directory;
      try {
        return await call();
      } finally {
        chdir(before.directory);
        if (before.workspace === undefined) delete env['GITHUB_WORKSPACE'];
        else env['GITHUB_WORKSPACE'] = before.workspace;
      }
    });
    last = run.catch(() => undefined);
    return run;
  };
}

import type { World } from './world.ts';

/** Jira's server makes something else of each text that is written to it. */
export function storedByJira(world: World, stored: (text: string) => string): void {
  world.rewrite = async (request) =>
    new URL(request.url).host === 'acme.atlassian.net' && request.headers.get('content-type')?.includes('json') === true
      ? new Request(request.url, {
          method: request.method,
          headers: request.headers,
          body: stored(await request.text()),
        })
      : request;
}

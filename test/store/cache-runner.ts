import { createActionsCacheClient } from '../../src/store/actions-cache-client.ts';
import { createActionsCacheStore } from '../../src/store/actions-cache-store.ts';

/**
 * A runner's process: the store on the real cache client, which takes its service from the environment. Operations come
 * and go over the process's channel, blobs as base64.
 */
export type RunnerCall =
  | { readonly operation: 'load'; readonly id: string }
  | { readonly operation: 'save'; readonly id: string; readonly blob: string };

const [connectionId = '', directory = ''] = process.argv.slice(2);
const store = createActionsCacheStore({ connectionId, directory, cache: createActionsCacheClient({ directory }) });

async function answer(call: RunnerCall): Promise<unknown> {
  if (call.operation === 'save') return store.save(call.id, Buffer.from(call.blob, 'base64'));
  const blob = await store.load(call.id);
  return blob === undefined ? null : Buffer.from(blob).toString('base64');
}

process.on('message', (call) => {
  void answer(call as RunnerCall).then((result) =>
    process.send?.({ result, workingDirectory: process.cwd(), workspace: process.env['GITHUB_WORKSPACE'] }),
  );
});

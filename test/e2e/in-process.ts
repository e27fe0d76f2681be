import { randomBytes } from 'node:crypto';
import { parseConfig } from '../../src/config/config.ts';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { Transport } from '../../src/gateway/gateway.ts';
import { perform } from '../../src/operations/perform.ts';
import type { Runtime } from '../../src/operations/runtime.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { createDirectoryStore } from '../../src/store/directory-store.ts';
import type { Rig } from './rig.ts';
import { initiateInputs, secrets } from './rig.ts';

/**
 * Runs an operation in this process on a rig's trackers, without HTTP, and with waits that pass at once: for what happens
 * before the runs that a test is about, which are spawned.
 */
export function performHere(rig: Rig, raw: RawInputs): Promise<Outcome> {
  const config = parseConfig(raw, { serverUrl: 'https://github.com', repository: rig.repository, token: '' });
  return perform(config, runtimeOf(rig));
}

/** The inputs of a connection that was initiated and accepted in this process, its state in the rig's directory. */
export async function connectHere(rig: Rig, state: string): Promise<RawInputs> {
  const { passphrase: _, ...inputs } = initiateInputs(rig);
  const outcome = await performHere(rig, { ...inputs, unsealed: 'true' });
  if (outcome.kind !== 'initiated' || outcome.code === undefined) throw new Error('the connection was not initiated');
  const connection = {
    'invitation-code': outcome.code,
    'tracker-url': rig.trackerUrl,
    'tracker-token': secrets.githubToken,
    state,
  };
  await performHere(rig, { operation: 'accept', ...connection });
  return connection;
}

function runtimeOf(rig: Rig): Runtime {
  const transport: Transport = (request) => {
    const host = new URL(request.url).host;
    const simulator = [rig.jira, rig.github].find((candidate) => candidate.hosts.includes(host));
    if (simulator === undefined) throw new Error(`no simulator answers for ${host}`);
    return simulator.fetch(request);
  };
  return {
    transport: () => transport,
    clock: {
      monotonicMs: () => rig.clock.now(),
      wait: (durationMs) => Promise.resolve(rig.clock.advance(durationMs)),
      random: () => 0.5,
    },
    randomBytes: (count) => randomBytes(count),
    log: { info: () => undefined, warn: () => undefined, debug: () => undefined },
    mask: () => undefined,
    readFile: (path) => Promise.reject(new Error(`no file is read here, ${path} neither`)),
    writeFile: () => Promise.reject(new Error('nothing is written here')),
    pathOf: (name) => name,
    store: (state) => createDirectoryStore(state),
    version: '0.1.0',
    inWorkflow: false,
  };
}

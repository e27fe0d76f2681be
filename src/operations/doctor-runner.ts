import type { Config } from '../config/config.ts';
import type { Check } from '../core/result.ts';
import { messageOf } from '../errors.ts';
import { readCa } from './connect.ts';
import type { Machine, Runtime } from './runtime.ts';

export function passed(name: string, detail: string): Check {
  return { name, outcome: 'passed', detail, next: undefined };
}

export function warned(name: string, detail: string, next: string): Check {
  return { name, outcome: 'warning', detail, next };
}

/** Messages of errors say what to do next by themselves. */
export function failed(name: string, error: unknown): Check {
  return { name, outcome: 'failed', detail: messageOf(error), next: undefined };
}

/** `1 twin`, `2 twins`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** What the machine itself has to offer. Writes a probe where the state rests and removes it, but not under `dry-run`. */
export async function runnerChecks(config: Config, runtime: Runtime, machine: Machine): Promise<readonly Check[]> {
  return [
    nodeCheck(machine.nodeVersion),
    ...(await programChecks(config, machine)),
    ...(await caCheck(config, runtime)),
    await stateCheck(config, runtime, machine),
  ];
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return passed('node', `${version}; the action brings Node 24 with its runner`);
  return {
    name: 'node',
    outcome: 'failed',
    detail: `${version} is too old`,
    next: 'Install Node 20.19 or newer, or run the action, which brings its own.',
  };
}

/** Only the Actions cache packs and unpacks. */
async function programChecks(config: Config, machine: Machine): Promise<readonly Check[]> {
  if (config.sync.state !== 'cache') return [];
  const [tar, zstd] = [await machine.programVersion('tar'), await machine.programVersion('zstd')];
  return [
    tar === undefined
      ? {
          name: 'tar',
          outcome: 'failed',
          detail: 'is not there, and the Actions cache needs it',
          next: 'Install tar, or give a directory as state.',
        }
      : passed('tar', tar),
    zstd === undefined
      ? warned(
          'zstd',
          'is not there: the Actions cache packs with gzip instead, and runners with zstd do not find its entries',
          'Install zstd on all runners of this connection, or on none.',
        )
      : passed('zstd', zstd),
  ];
}

async function caCheck(config: Config, runtime: Runtime): Promise<readonly Check[]> {
  if (config.caFile === '') return [];
  try {
    const text = await readCa(config.caFile, runtime);
    runtime.transport(text);
    const count = text.split('-----BEGIN CERTIFICATE-----').length - 1;
    return [passed('ca-file', `${config.caFile}: ${counted(count, 'certificate')}`)];
  } catch (error) {
    return [failed('ca-file', error)];
  }
}

async function stateCheck(config: Config, runtime: Runtime, machine: Machine): Promise<Check> {
  const { state, dryRun } = config.sync;
  const name = 'state';
  if (dryRun) return warned(name, 'was not tried, because dry-run writes nothing', 'Run doctor without dry-run.');
  if (state !== 'cache') {
    try {
      await machine.probeDirectory(state);
      return passed(name, `the directory ${state} can be written and read`);
    } catch (error) {
      return {
        name,
        outcome: 'failed',
        detail: `the directory ${state} cannot be used: ${messageOf(error)}`,
        next: 'Give its owner to the account that runs Sallyport, or give another directory as state.',
      };
    }
  }
  if (!runtime.inWorkflow)
    return warned(name, 'there is no Actions cache outside of a workflow', 'Give a directory, such as --state .sallyport.');
  return cacheCheck(runtime);
}

/** An entry of a few bytes, which GitHub drops after a week. */
async function cacheCheck(runtime: Runtime): Promise<Check> {
  const name = 'state';
  const store = runtime.store('cache', 'doctor');
  const id = Buffer.from(runtime.randomBytes(12)).toString('hex');
  const probe = runtime.randomBytes(16);
  const saved = await store.save(id, probe);
  const next = 'Nothing is lost without it, but each run rebuilds its state. Grant actions: write, or give a directory as state.';
  if (saved.kind === 'failed') return warned(name, `the Actions cache cannot be written: ${saved.reason}`, next);
  const read = await store.load(id);
  if (read === undefined || !Buffer.from(read).equals(probe))
    return warned(name, 'the Actions cache took an entry and did not give it back', next);
  return passed(name, 'the Actions cache can be written and read');
}

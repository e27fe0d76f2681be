import type { Config } from '../config/config.ts';
import { SallyportError } from '../errors.ts';
import type { Outcome } from '../report/outcome.ts';
import { cleanUp } from './clean-up.ts';
import { accept } from './accept.ts';
import { configure } from './configure.ts';
import { doctor } from './doctor.ts';
import { initiate } from './initiate.ts';
import { reissue } from './reissue.ts';
import { revoke } from './revoke.ts';
import { rules } from './rules.ts';
import type { Runtime } from './runtime.ts';
import { status } from './status.ts';
import { switchConnection } from './switch.ts';
import { sync } from './sync.ts';

type Operation = (config: Config, runtime: Runtime) => Promise<Outcome>;

const operations: Readonly<Record<Config['operation'], Operation>> = {
  sync,
  initiate,
  configure,
  accept,
  status,
  doctor,
  rules: () => Promise.resolve(rules()),
  activate: (config, runtime) => switchConnection(config, runtime, { paused: false }),
  deactivate: (config, runtime) => switchConnection(config, runtime, { paused: true }),
  push: sync,
  connect: sync,
  unlink: sync,
  retry: sync,
  'clean-up': cleanUp,
  revoke,
  reissue,
};

/**
 * Runs the operation that the configuration names.
 *
 * @throws SallyportError as the operation does; of the kind `permission` with the operation to be run again once the
 * permission is there, which the parts that met the refusal do not know.
 */
export async function perform(config: Config, runtime: Runtime): Promise<Outcome> {
  try {
    return await operations[config.operation](config, runtime);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.kind !== 'permission') throw error;
    const { kind, status, outcomeUnknown } = error;
    throw new SallyportError(`${error.message.replace(/\.?$/, '.')} Then run ${config.operation} again.`, {
      kind,
      cause: error,
      outcomeUnknown,
      ...(status === undefined ? {} : { status }),
    });
  }
}

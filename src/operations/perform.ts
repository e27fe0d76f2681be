import type { Config } from '../config/config.ts';
import type { Outcome } from '../report/outcome.ts';
import { accept } from './accept.ts';
import { initiate } from './initiate.ts';
import { rules } from './rules.ts';
import type { Runtime } from './runtime.ts';
import { status } from './status.ts';
import { switchConnection } from './switch.ts';
import { sync } from './sync.ts';

type Operation = (config: Config, runtime: Runtime) => Promise<Outcome>;

const operations: Readonly<Record<Config['operation'], Operation>> = {
  sync,
  initiate,
  accept,
  status,
  rules: () => Promise.resolve(rules()),
  activate: (config, runtime) => switchConnection(config, runtime, { paused: false }),
  deactivate: (config, runtime) => switchConnection(config, runtime, { paused: true }),
};

/** Runs the operation that the configuration names. */
export function perform(config: Config, runtime: Runtime): Promise<Outcome> {
  return operations[config.operation](config, runtime);
}

import { parseConfig } from '../config/config.ts';
import type { Config, PlatformDefaults } from '../config/config.ts';
import type { RawInputs } from '../config/inputs.ts';
import { inputs } from '../config/inputs.ts';
import { perform } from '../operations/perform.ts';
import type { Runtime } from '../operations/runtime.ts';
import type { Outcome } from '../report/outcome.ts';
import type { Access } from './access.ts';
import type { Held } from './held.ts';
import type { WorkList } from './work.ts';

/** Style, script and icon, as they are served. */
export interface Assets {
  readonly style: string;
  readonly script: string;
}

/** What the composition root gives. */
export interface ConsoleParts {
  /** Flags and SALLYPORT_ variables: what every operation is given besides. */
  readonly given: RawInputs;
  readonly platform: PlatformDefaults;
  readonly runtime: (log: (line: string) => void) => Runtime;
  /** Hides the secrets known so far (I8). */
  readonly redact: (text: string) => string;
  readonly mask: (secret: string) => void;
  readonly assets: Assets;
  /** Of this machine; times that count come from the Jira site. */
  readonly now: () => number;
}

/** The same with what one console remembers. */
export interface Console extends ConsoleParts {
  readonly access: Access;
  readonly held: Held;
  readonly works: WorkList;
}

/** Where a console keeps the state of cycles that it runs itself, unless told otherwise: there is no Actions cache here. */
const stateDefault = '.sallyport';

/**
 * Raw inputs → configuration, with what the console was started with below them, but for code and passphrase: those are of
 * one connection, and come with its own inputs once a form has taken them. Everything secret is masked first.
 *
 * @throws SallyportError as `parseConfig` does.
 */
export function configure(console: ConsoleParts, raw: RawInputs): Config {
  const { 'invitation-code': _, passphrase: __, ...given } = console.given;
  const merged: RawInputs = { state: stateDefault, ...given, ...raw };
  for (const spec of inputs) if ('secret' in spec) console.mask(merged[spec.name] ?? '');
  return parseConfig(merged, console.platform);
}

/** One operation as the CLI would run it. */
export function run(console: ConsoleParts, raw: RawInputs, log: (line: string) => void = () => undefined): Promise<Outcome> {
  return perform(configure(console, raw), console.runtime(log));
}

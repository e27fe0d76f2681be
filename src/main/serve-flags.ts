import { parseDuration } from '../config/values.ts';
import { SallyportError } from '../errors.ts';

/** Flags of the commands that serve a page. */
export interface ServeFlags {
  readonly open: boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly idleMs: number;
}

export const idleDefault = '30m';

/**
 * `--no-open`, `--port N` and `--idle DURATION`, and the words that are left.
 *
 * @throws SallyportError `configuration` for a port or a duration that is none.
 */
export function readServeFlags(
  argv: readonly string[],
  command: string,
): { readonly flags: ServeFlags; readonly rest: readonly string[] } {
  const rest: string[] = [];
  let [open, port, idle] = [true, '0', idleDefault];
  const words = argv.values();
  for (const word of words) {
    const [name = '', inline] = word.split(/=(.*)/s);
    const value = (): string => inline ?? words.next().value ?? '';
    if (word === '--no-open') open = false;
    else if (name === '--port') port = value();
    else if (name === '--idle') idle = value();
    else rest.push(word);
  }
  const idleMs = parseDuration(idle);
  const problem = (flag: string, given: string, wanted: string): SallyportError =>
    new SallyportError(`${command}: ${flag} "${given.slice(0, 80)}" is not ${wanted}`, { kind: 'configuration' });
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw problem('--port', port, 'a port such as 8080');
  if (idleMs === undefined || idleMs <= 0 || idleMs > 2 ** 31 - 1) throw problem('--idle', idle, 'a duration such as 30m');
  return { flags: { open, port: Number(port), idleMs }, rest };
}

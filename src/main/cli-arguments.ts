import { rulesFixed, rulesInputs } from '../config/health.ts';
import { directedOperations, inputs, operationNames, specOf, variableOf } from '../config/inputs.ts';
import type { InputName, RawInputs } from '../config/inputs.ts';
import { SallyportError } from '../errors.ts';
import type { CommandName } from './command-help.ts';
import { commandNames, isCommand, isSwitch } from './command-help.ts';

/** What the command line asks for. */
export interface CliArguments {
  readonly command: CommandName;
  readonly raw: RawInputs;
  readonly json: boolean;
}

/** A request for help, whatever else stands beside it; `command` undefined: for all of it. */
export function helpAsked(argv: readonly string[]): { readonly command: CommandName | undefined } | undefined {
  const [first = '', second = ''] = argv;
  const wanted = first === 'help' ? second : first;
  if (first !== 'help' && !argv.includes('--help') && !argv.includes('-h')) return undefined;
  return { command: isCommand(wanted) ? wanted : undefined };
}

/**
 * `sallyport <command> [--name value | --name=value | --switch [true|false]] [--json]`; every input is also read from
 * `SALLYPORT_NAME`. Blank words and blank values are as good as none, as those of a workflow are.
 *
 * @throws SallyportError `configuration` for a command or flag that does not exist.
 */
export function parseArguments(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): CliArguments {
  const raw: Partial<Record<InputName, string>> = {};
  for (const { name } of inputs) {
    const value = environment[variableOf(name)];
    if (value !== undefined && value.trim() !== '') raw[name] = value;
  }
  let command: string | undefined;
  let json = false;
  const words = [...argv];
  /** The switch that stands last, where it has no value. */
  let bare: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--json') json = true;
    else if (word === '--yes') raw.confirm = 'true';
    else if (word.startsWith('--')) {
      const [flag = '', inline] = split(word.slice(2));
      const name = nameOf(flag);
      const isAlone = inline === undefined && isSwitch(specOf(name));
      bare = isAlone ? word : undefined;
      raw[name] = inline ?? (isAlone ? switchAfter(words) : valueAfter(words, name));
    } else if (word.trim() === '') continue;
    else if (command === undefined) command = word;
    else if (directedOperations.some((name) => name === command)) raw.issues = `${raw.issues ?? ''} ${word}`;
    else throw tooMany(word, bare);
  }
  const chosen = command ?? raw.operation?.trim();
  if (chosen === undefined)
    throw new SallyportError(`Which command? One of ${commandNames.join(', ')}; see --help.`, { kind: 'configuration' });
  if (!isCommand(chosen)) {
    throw new SallyportError(`There is no command "${chosen.slice(0, 80)}"; the commands are ${commandNames.join(', ')}.`, {
      kind: 'configuration',
    });
  }
  const isOperation = operationNames.some((name) => name === chosen);
  return { command: chosen, raw: isOperation ? { ...raw, operation: chosen } : raw, json };
}

function tooMany(word: string, bare: string | undefined): SallyportError {
  const shown = word.slice(0, 80);
  const message =
    bare !== undefined
      ? `${bare}: "${shown}" is not true or false`
      : `"${shown}" is one word too many; only push, connect, unlink and retry take words (issues), see --help.`;
  return new SallyportError(message, { kind: 'configuration' });
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function nameOf(flag: string): InputName {
  const spec = inputs.find((candidate) => candidate.name === flag);
  if (spec !== undefined) return spec.name;
  if (rulesInputs.has(flag)) throw new SallyportError(rulesFixed, { kind: 'configuration' });
  throw new SallyportError(`There is no flag --${flag.slice(0, 80)}; see --help.`, { kind: 'configuration' });
}

/** `--dry-run true` as well as `--dry-run`. Numbers are left alone: behind a switch of `push` one is an issue. */
function switchAfter(words: string[]): string {
  const [next] = words;
  if (next === undefined || !/^\s*(?:true|false|yes|no|on|off|)\s*$/i.test(next)) return 'true';
  words.shift();
  return next;
}

function valueAfter(words: string[], name: InputName): string {
  const next = words.shift();
  if (next === undefined) throw new SallyportError(`--${name} wants a value after it.`, { kind: 'configuration' });
  // A variable of the shell that is empty and stands without quotes lets the next flag slip into its place.
  if (/^--[a-z]/.test(next))
    throw new SallyportError(
      `--${name} wants a value after it, and ${(next.split('=')[0] ?? '').slice(0, 80)} follows; write --${name}=… if a value is meant that begins so.`,
      { kind: 'configuration' },
    );
  return next;
}

import { formatNames } from '../operations/convert-formats.ts';
import { rulesFixed, rulesInputs } from '../config/health.ts';
import { directedOperations, inputs, operationNames } from '../config/inputs.ts';
import type { InputName, RawInputs } from '../config/inputs.ts';
import { SallyportError } from '../errors.ts';

/** What the command line asks for. */
export interface CliArguments {
  readonly command: string;
  readonly raw: RawInputs;
  readonly json: boolean;
  readonly help: boolean;
}

/** Commands that are not operations of the action. */
export const cliCommands = ['demo', 'convert'] as const;

/**
 * `sallyport <command> [--name value | --name=value | --flag] [--json]`; every input is also read from `SALLYPORT_NAME`.
 *
 * @throws SallyportError `configuration` for a command or flag that does not exist.
 */
export function parseArguments(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): CliArguments {
  const raw: Partial<Record<InputName, string>> = {};
  for (const { name } of inputs) {
    const value = environment[`SALLYPORT_${name.toUpperCase().replaceAll('-', '_')}`];
    if (value !== undefined && value.trim() !== '') raw[name] = value;
  }
  let command: string | undefined;
  let json = false;
  let help = false;
  const words = argv.values();
  for (const word of words) {
    if (word === '--json') json = true;
    else if (word === '--help' || word === '-h') help = true;
    else if (word === '--yes') raw.confirm = 'true';
    else if (word.startsWith('--')) {
      const [flag = '', inline] = split(word.slice(2));
      const name = nameOf(flag);
      raw[name] = inline ?? (isSwitch(name) ? 'true' : valueAfter(words, name));
    } else if (command === undefined) command = word;
    else if (directedOperations.some((name) => name === command)) raw.issues = `${raw.issues ?? ''} ${word}`;
    else
      throw new SallyportError(
        `"${word.slice(0, 80)}" is one word too many; only push, connect, unlink and retry take words (issues), see --help.`,
        {
          kind: 'configuration',
        },
      );
  }
  const chosen = command ?? raw.operation ?? (help ? 'help' : undefined);
  if (chosen === undefined)
    throw new SallyportError(`Which command? One of ${commandList()}; see --help.`, { kind: 'configuration' });
  if (!help && !commandList().split(', ').includes(chosen)) {
    throw new SallyportError(`There is no command "${chosen.slice(0, 80)}"; the commands are ${commandList()}.`, {
      kind: 'configuration',
    });
  }
  const isOperation = operationNames.some((name) => name === chosen);
  return { command: chosen, raw: isOperation ? { ...raw, operation: chosen } : raw, json, help };
}

export function commandList(): string {
  return [...operationNames, ...cliCommands].join(', ');
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

function isSwitch(name: InputName): boolean {
  const value = inputs.find((candidate) => candidate.name === name)?.default;
  return value === 'false';
}

function valueAfter(words: ArrayIterator<string>, name: InputName): string {
  const next = words.next();
  if (next.done === true) throw new SallyportError(`--${name} wants a value after it.`, { kind: 'configuration' });
  return next.value;
}

/** The text of `--help`. */
export function helpText(): string {
  const width = Math.max(...inputs.map((spec) => spec.name.length)) + 4;
  const flags = inputs
    .filter((spec) => spec.name !== 'operation')
    .map(
      (spec) =>
        `  ${`--${spec.name}`.padEnd(width)}${spec.description}${spec.default === '' || spec.default === 'false' ? '' : ` (default: ${spec.default})`}`,
    );
  return [
    'Sallyport keeps a Jira Cloud project in step with a tracker inside a private network, by outbound requests alone.',
    '',
    'Usage: node dist/cli.js <command> [--name value] [--json]',
    "       node dist/cli.js push|connect|unlink|retry ABC-12 '#34' … [--name value] [--json]",
    '',
    `Commands: ${commandList()}`,
    '  demo [--private github|jira-dc|redmine] runs everything on built-in simulators; nothing leaves this machine. With',
    '    --private redmine --redmine-url URL --redmine-key KEY --redmine-project IDENTIFIER [--text-format textile|commonmark] it',
    '    runs against a real Redmine and leaves its issues there: use a project made for it.',
    '  convert --from FORM --to FORM [--onto FILE] shows what a text from standard input becomes; FILE is a native text of the',
    '    form --to to apply it to. convert --check [--from FORM] FILE… tells whether files survive the way there and back.',
    `    Forms: ${formatNames.join(', ')}.`,
    '',
    'Flags (also read from SALLYPORT_… variables, such as SALLYPORT_INVITATION_CODE; better for secrets):',
    ...flags,
    `  ${'--yes'.padEnd(width)}the same as --confirm`,
    `  ${'--json'.padEnd(width)}one JSON document on standard output; logs go to standard error`,
    '',
    'Exit codes: 0 done; 1 failed items; 2 configuration or invitation; 3 the guard stopped removals; 4 not active, or another runner holds the lease.',
  ].join('\n');
}

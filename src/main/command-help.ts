import { specOf, inputs, operationNames, variableOf } from '../config/inputs.ts';
import type { InputName, InputSpec, OperationName } from '../config/inputs.ts';
import { formatNames } from '../operations/convert-formats.ts';

/** Commands that are not operations of the action. */
export const cliCommands = ['demo', 'console', 'convert'] as const;

export type CommandName = OperationName | (typeof cliCommands)[number];

export const commandNames: readonly CommandName[] = [...operationNames, ...cliCommands];

interface Command {
  /** One sentence. */
  readonly does: string;
  /** What stands behind the name of the command. */
  readonly words?: string;
  readonly inputs: readonly InputName[];
  /** Flags that are no inputs: as they are written, and what they do. */
  readonly flags?: readonly (readonly [flag: string, does: string])[];
}

const code = ['invitation-code', 'passphrase', 'jira-email', 'jira-token'] as const;
const account = [...code, 'jira-url', 'connection'] as const;
const place = ['ca-file', 'log-level'] as const;
const tracker = [
  'tracker',
  'tracker-url',
  'project',
  'tracker-token',
  'app-id',
  'app-private-key',
  'text-format',
  'allow-public',
] as const;
const triggers = ['public-trigger', 'private-trigger'] as const;
const files = ['attachments', 'attachments-repository'] as const;
const cycle = [
  ...code,
  ...tracker,
  ...triggers,
  'backfill',
  'restricted-comments',
  ...files,
  'dry-run',
  'audit-period',
  'audit',
  'max-changes',
  'max-removals',
  'time-budget',
  'state',
  'fail-on',
  'report-detail',
  'audit-log',
  'notify',
  'default-issue-type',
  'jira-token-expires',
  'tracker-token-expires',
  ...place,
] as const;
const serving = [
  ['--no-open', 'open no browser'],
  ['--port N', 'the port (default: any free one)'],
  ['--idle 30m', 'end after this long without a request'],
] as const;

const commands: Readonly<Record<CommandName, Command>> = {
  sync: {
    does: 'Runs one sync cycle, or cycles for --run-for. A Pending connection is accepted first.',
    inputs: [...cycle, 'run-for', 'poll'],
  },
  initiate: {
    does: "Initiates a connection as the public side's admin, and shows its invitation code.",
    inputs: [
      'jira-url',
      'jira-project',
      'jira-email',
      'jira-token',
      'jira-token-expires',
      'connection-name',
      'trigger',
      'default-issue-type',
      'mode',
      'passphrase',
      'unsealed',
      'without-credentials',
      'save-secret',
      'dry-run',
      'tracker-url',
      'project',
      'tracker-token',
      ...place,
    ],
  },
  accept: {
    does: "Accepts an invitation as the private side's admin: checks the destination and makes the connection Active.",
    inputs: [...code, ...tracker, ...triggers, ...files, 'save-secret', 'dry-run', ...place],
  },
  status: {
    does: 'Shows how a connection stands: twins, what waits, open problems, the last cycles. Writes nothing.',
    inputs: [...account, 'max-age', 'state', 'report-detail', ...tracker, ...place],
  },
  rules: { does: 'Shows the Basic rules, which are fixed.', inputs: [] },
  activate: {
    does: 'Resumes a connection that this side has paused.',
    inputs: [...account, 'side', 'dry-run', ...place],
  },
  deactivate: {
    does: 'Pauses a connection. What changes meanwhile is synced afterwards.',
    inputs: [...account, 'side', 'dry-run', ...place],
  },
  push: {
    does: 'Puts single issues under sync, whatever the triggers say.',
    words: "ABC-12 '#34' …",
    inputs: ['issues', ...cycle],
  },
  connect: { does: 'Makes two existing issues twins, one of each side.', words: "ABC-12 '#34'", inputs: ['issues', ...cycle] },
  unlink: {
    does: 'Ends twins: both issues stay, nothing crosses any more.',
    words: "ABC-12 '#34' …",
    inputs: ['issues', ...cycle],
  },
  retry: {
    does: 'Tries what waits, and what was refused for good, again now; without issues everything.',
    words: "[ABC-12 '#34' …]",
    inputs: ['issues', ...cycle],
  },
  'clean-up': {
    does: "Ends a connection for good: all stamps off both sides, the map of all twins as CSV, the record last. By the public side's account, without a code, it removes the record of a Revoked or Pending one.",
    inputs: ['confirm', 'twin-map', ...account, ...tracker, ...files, 'dry-run', 'time-budget', 'state', 'audit-log', ...place],
    flags: [['--yes', 'the same as --confirm']],
  },
  configure: {
    does: 'Changes name, trigger and default issue type of a connection, and its project while it is Pending.',
    inputs: [
      ...account,
      'connection-name',
      'trigger',
      'jira-project',
      'default-issue-type',
      'mode',
      'jira-token-expires',
      'dry-run',
      ...place,
    ],
  },
  doctor: {
    does: 'Checks both sides and this machine, a line each with what to do; --audit full compares all twins; --hosts is for a firewall.',
    inputs: [
      'hosts',
      'audit',
      ...account,
      'jira-project',
      'trigger',
      ...tracker,
      ...triggers,
      ...files,
      'default-issue-type',
      'jira-token-expires',
      'tracker-token-expires',
      'state',
      'dry-run',
      ...place,
    ],
  },
  revoke: {
    does: 'Ends a connection from the public side alone: no code of it is good any more. It cannot be undone.',
    inputs: [...account, 'dry-run', ...place],
  },
  reissue: {
    does: 'Makes a new invitation code with a new key; --finish signs all stamps anew with it.',
    inputs: ['finish', ...cycle, 'unsealed', 'save-secret'],
  },
  demo: {
    does: "Plays a connection's life on built-in simulators; nothing leaves this machine.",
    inputs: [],
    flags: [
      ['--private KIND', 'the private side: github (default), jira-dc or redmine'],
      ['--redmine-url URL', 'a real Redmine; the issues stay there, so use a project made for it'],
      ['--redmine-key KEY', 'its API key; better in SALLYPORT_TRACKER_TOKEN'],
      ['--redmine-project ID', 'the identifier of that project'],
      ['--text-format FORM', 'how its texts are written: textile (default) or commonmark'],
      ['--serve', 'a page with both trackers to write in, run cycles and break things, with these flags:'],
      ...serving,
    ],
  },
  console: {
    does: 'Serves a page on this machine alone to initiate, accept and look after connections. It prints an address that works once.',
    inputs: [...account, ...tracker, ...triggers, 'state', ...place],
    flags: serving,
  },
  convert: {
    does: 'Shows what a text becomes on the other side, or whether files survive the way there and back.',
    words: '[FILE…]',
    inputs: [],
    flags: [
      ['--from FORM', `the form of the text from standard input: ${formatNames.join(', ')}`],
      ['--to FORM', 'the form that it shall become'],
      ['--onto FILE', 'a native text of the form --to to apply it to, as an edit is'],
      ['--check', 'takes the files there and back, and shows the first difference'],
    ],
  },
};

const exitCodeTexts = {
  0: 'done',
  1: 'failed items, or a host, a permission or an answer',
  2: 'configuration or invitation',
  3: 'the guard stopped removals',
  4: 'not active, or another runner holds the lease',
} as const;

const jsonFlag = ['--json', 'one JSON document on standard output, also for an error; logs go to standard error'] as const;
const helpFlag = ['--help', 'this; with --json as one JSON document'] as const;

export function isCommand(name: string): name is CommandName {
  return commandNames.some((command) => command === name);
}

function specsOf(command: CommandName | undefined): readonly InputSpec[] {
  if (command === undefined) return inputs.filter((spec) => spec.name !== 'operation');
  return [...new Set(commands[command].inputs)].flatMap((name) => specOf(name) ?? []);
}

function flagsOf(command: CommandName | undefined): readonly (readonly [string, string])[] {
  return [...(command === undefined ? [] : (commands[command].flags ?? [])), jsonFlag, helpFlag];
}

function usageOf(command: CommandName | undefined): string {
  if (command === undefined) return 'node dist/cli.js <command> [--name value] [--json]';
  return ['node dist/cli.js', command, commands[command].words ?? '', '[--name value]', '[--json]'].filter(Boolean).join(' ');
}

/** A switch needs no value: given alone it is true. */
export function isSwitch(spec: InputSpec | undefined): boolean {
  return spec?.default === 'false';
}

function list(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`);
}

function inputRow(spec: InputSpec): readonly [string, string] {
  const isDefaultShown = spec.default !== '' && !isSwitch(spec);
  return [`--${spec.name}`, `${spec.description}${isDefaultShown ? ` (default: ${spec.default})` : ''}`];
}

/** The text of `--help`, of one command or of all. */
export function helpText(command?: CommandName): string {
  const specs = specsOf(command);
  const intro =
    command === undefined
      ? 'Sallyport keeps a Jira Cloud project in step with a tracker inside a private network, by outbound requests alone.'
      : commands[command].does;
  const overview = [
    'Commands:',
    ...list(commandNames.map((name) => [name, commands[name].does])),
    '',
    'Of one command: node dist/cli.js <command> --help',
    '',
  ];
  const shown = [
    'Inputs, as flags or SALLYPORT_… variables such as SALLYPORT_INVITATION_CODE, which are better for secrets. A blank value',
    'stands for the default; a switch without a value for true.',
    ...list(specs.map(inputRow)),
    '',
  ];
  return [
    intro,
    '',
    `Usage: ${usageOf(command)}`,
    '',
    ...(command === undefined ? overview : []),
    ...(specs.length === 0 ? [] : shown),
    'Flags:',
    ...list(flagsOf(command)),
    '',
    `Exit codes: ${Object.entries(exitCodeTexts)
      .map(([number, text]) => `${number} ${text}`)
      .join('; ')}.`,
  ].join('\n');
}

/** The same for programs. */
export function helpJson(command?: CommandName): object {
  return {
    ...(command === undefined
      ? { commands: commandNames.map((name) => ({ name, does: commands[name].does })) }
      : { command, does: commands[command].does }),
    usage: usageOf(command),
    inputs: specsOf(command).map((spec) => ({
      name: spec.name,
      flag: `--${spec.name}`,
      variable: variableOf(spec.name),
      description: spec.description,
      default: spec.default,
      isSwitch: isSwitch(spec),
      isSecret: spec.secret === true,
      ...(spec.values === undefined ? {} : { values: spec.values }),
    })),
    flags: flagsOf(command).map(([flag, does]) => ({ flag, does })),
    exitCodes: exitCodeTexts,
  };
}

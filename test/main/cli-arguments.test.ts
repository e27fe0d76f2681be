import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { inputs, operationNames } from '../../src/config/inputs.ts';
import { SallyportError } from '../../src/errors.ts';
import { helpAsked, parseArguments } from '../../src/main/cli-arguments.ts';
import { cliCommands, commandNames, helpJson, helpText } from '../../src/main/command-help.ts';

describe('the command line', () => {
  test('takes values after a space or an equals sign, and switches without one', () => {
    const { command, raw, json } = parseArguments(
      ['sync', '--project', 'acme/app', '--max-changes=5', '--dry-run', '--json'],
      {},
    );
    expect({ command, json }).toEqual({ command: 'sync', json: true });
    expect(raw).toEqual({ operation: 'sync', project: 'acme/app', 'max-changes': '5', 'dry-run': 'true' });
  });

  test('takes a switch that is turned off, values with equals signs in them, and empty ones', () => {
    const { raw } = parseArguments(['initiate', '--unsealed=false', '--trigger=labels = sync', '--passphrase='], {});
    expect(raw).toEqual({ operation: 'initiate', unsealed: 'false', trigger: 'labels = sync', passphrase: '' });
  });

  test('reads every input from its variable, and a flag before the variable', () => {
    const environment = Object.fromEntries(
      inputs.map(({ name }) => [`SALLYPORT_${name.toUpperCase().replaceAll('-', '_')}`, `value of ${name}`]),
    );
    const { raw } = parseArguments(['status', '--project', 'acme/app'], environment);
    const expected = Object.fromEntries(inputs.map(({ name }) => [name, `value of ${name}`]));
    expect(raw).toEqual({ ...expected, operation: 'status', project: 'acme/app' });
  });

  test('takes the command from SALLYPORT_OPERATION where none is given, and no blank variable', () => {
    expect(parseArguments([], { SALLYPORT_OPERATION: 'rules', SALLYPORT_PROJECT: '  ' })).toMatchObject({
      command: 'rules',
      raw: { operation: 'rules' },
    });
    expect(parseArguments([], { SALLYPORT_OPERATION: 'rules', SALLYPORT_PROJECT: '  ' }).raw).not.toHaveProperty('project');
  });

  test('knows the demo, which is no operation of the action', () => {
    expect(parseArguments(['demo'], {})).toEqual({ command: 'demo', raw: {}, json: false });
  });

  test('takes issues as words after the commands that are about issues', () => {
    expect(parseArguments(['connect', 'ACME-1', '#2', '--dry-run'], {}).raw).toMatchObject({
      operation: 'connect',
      issues: expect.stringMatching(/^\s*ACME-1 #2$/),
      'dry-run': 'true',
    });
  });

  test.each([
    { argv: [], message: /^Which command\? One of sync, initiate/ },
    { argv: ['synchronise'], message: /no command "synchronise"; the commands are sync, initiate/ },
    { argv: ['sync', 'again'], message: /"again" is one word too many/ },
    { argv: ['sync', '--dry-run', 'maybe'], message: /^--dry-run: "maybe" is not true or false$/ },
    { argv: ['sync', '--project', 'acme/app', 'maybe'], message: /one word too many/ },
    { argv: ['sync', '--colour', 'red'], message: /no flag --colour; see --help/ },
    { argv: ['sync', '--project'], message: /--project wants a value/ },
    { argv: ['sync', '--passphrase', '--json'], message: /^--passphrase wants a value after it, and --json follows/ },
  ])('refuses $argv with an error of its own', ({ argv, message }) => {
    let thrown: unknown;
    try {
      parseArguments(argv, {});
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SallyportError);
    expect(thrown).toMatchObject({ kind: 'configuration', message: expect.stringMatching(message) });
  });

  test.each(['', ' ', 'true', 'TRUE', 'false', 'no'])(
    'takes "%s" behind a switch as its value, and a blank one as none',
    (value) => {
      const { raw } = parseArguments(['sync', '--dry-run', value, '--passphrase', '', '--max-changes', '5'], {});
      expect(raw).toEqual({ operation: 'sync', 'dry-run': value, passphrase: '', 'max-changes': '5' });
      const platform = { serverUrl: 'https://github.com', repository: 'acme/app', token: 'a-token' };
      const config = parseConfig({ ...raw, 'invitation-code': 'x' }, platform);
      expect(config.sync).toMatchObject({ dryRun: /true/i.test(value), maxChanges: 5 });
    },
  );

  test('leaves the issues behind a switch alone, and passes over blank words', () => {
    const { raw } = parseArguments(['push', '--dry-run', '1', '', '#2', '--dry-run', 'true', 'ACME-3'], {});
    expect(raw).toMatchObject({ 'dry-run': 'true', issues: expect.stringMatching(/^\s*1 #2 ACME-3$/) });
    expect(parseArguments(['', 'sync', ''], {}).command).toBe('sync');
  });

  test('takes a private key, which begins with dashes, as a value', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----';
    expect(parseArguments(['sync', '--app-private-key', key], {}).raw).toMatchObject({ 'app-private-key': key });
  });

  test.each([
    { argv: ['--help'], command: undefined },
    { argv: ['-h'], command: undefined },
    { argv: ['help'], command: undefined },
    { argv: ['help', 'accept'], command: 'accept' },
    { argv: ['sync', '--help'], command: 'sync' },
    { argv: ['sync', '--colour', '--help', '--json'], command: 'sync' },
    { argv: ['console', '-h'], command: 'console' },
    { argv: ['nonsense', '--help'], command: undefined },
  ])('shows its help instead of an error for $argv', ({ argv, command }) => {
    expect(helpAsked(argv)).toEqual({ command });
  });

  test('is not asked for help by anything else', () => {
    expect(helpAsked(['sync', '--json'])).toBeUndefined();
  });

  test('names every command, flag and exit code in its help', () => {
    const help = helpText();
    for (const name of [...operationNames, ...cliCommands]) expect(help).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    for (const { name, description } of inputs.filter((spec) => spec.name !== 'operation')) {
      expect(help).toContain(`--${name}`);
      expect(help).toContain(description);
    }
    expect(help).toMatch(/Exit codes: 0 .*1 .*2 .*3 .*4 /);
  });

  test.each(commandNames)('tells of %s alone what it takes', (command) => {
    const help = helpText(command);
    expect(help).toContain(`Usage: node dist/cli.js ${command} `);
    expect(help.split('\n')[0]).toMatch(/^\S.*\.$/);
    const { inputs: told } = JSON.parse(JSON.stringify(helpJson(command))) as { inputs: { name: string; variable: string }[] };
    for (const { name } of told) expect(help).toContain(`  --${name} `);
    expect(told.map(({ name }) => name)).not.toContain('job-token');
    if (told.length > 0) expect(told[0]?.variable).toMatch(/^SALLYPORT_[A-Z_]+$/);
  });

  test('leaves no input out that some command takes', () => {
    const told = commandNames.flatMap((command) => (helpJson(command) as { inputs: { name: string }[] }).inputs);
    const names = new Set(told.map(({ name }) => name));
    expect(inputs.map(({ name }) => name).filter((name) => !names.has(name))).toEqual(['operation', 'job-token']);
    expect(helpText('sync')).not.toContain('--jira-project');
    expect(helpText('rules')).not.toContain('--project');
  });
});

import { describe, expect, test } from 'vitest';
import { inputs, operationNames } from '../../src/config/inputs.ts';
import { SallyportError } from '../../src/errors.ts';
import { commandList, helpText, parseArguments } from '../../src/main/cli-arguments.ts';

describe('the command line', () => {
  test('takes values after a space or an equals sign, and switches without one', () => {
    const { command, raw, json, help } = parseArguments(
      ['sync', '--project', 'acme/app', '--max-changes=5', '--dry-run', '--json'],
      {},
    );
    expect({ command, json, help }).toEqual({ command: 'sync', json: true, help: false });
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
    expect(parseArguments(['demo'], {})).toEqual({ command: 'demo', raw: {}, json: false, help: false });
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
    { argv: ['sync', '--colour', 'red'], message: /no flag --colour; see --help/ },
    { argv: ['sync', '--project'], message: /--project wants a value/ },
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

  test.each([['--help'], ['-h'], ['sync', '--help'], ['nonsense', '--help']])(
    'shows its help instead of an error for %j',
    (...argv) => {
      expect(parseArguments(argv, {}).help).toBe(true);
    },
  );

  test('names every command, flag and exit code in its help', () => {
    const help = helpText();
    for (const name of operationNames) expect(commandList()).toContain(name);
    for (const { name, description } of inputs.filter((spec) => spec.name !== 'operation')) {
      expect(help).toContain(`--${name}`);
      expect(help).toContain(description);
    }
    expect(help).toMatch(/Exit codes: 0 .*1 .*2 .*3 .*4 /);
  });
});

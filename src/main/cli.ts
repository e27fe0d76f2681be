import { parseConfig } from '../config/config.ts';
import { inputs, usesState } from '../config/inputs.ts';
import { isByAccount } from '../config/needs.ts';
import { SallyportError, exitCodes, kindOf, messageOf } from '../errors.ts';
import { invitationProblem } from '../invitation/decode-invitation.ts';
import { perform } from '../operations/perform.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import { showsCode } from '../report/outcome.ts';
import { reportJson } from '../report/report-json.ts';
import { summaryText } from '../report/summary-text.ts';
import type { CliArguments } from './cli-arguments.ts';
import { helpAsked, parseArguments } from './cli-arguments.ts';
import { helpJson, helpText } from './command-help.ts';
import { createRedactor } from './redactor.ts';
import { processRuntime } from './runtime.ts';

/** The command-line entry: results to standard output, logs to standard error. */
async function main(): Promise<number> {
  const redactor = createRedactor();
  const wantsJson = process.argv.includes('--json');
  try {
    const [command, ...rest] = process.argv.slice(2);
    const help = helpAsked(process.argv.slice(2));
    if (help !== undefined) {
      await print(wantsJson ? JSON.stringify(helpJson(help.command)) : helpText(help.command));
      return 0;
    }
    if (command === 'convert') {
      const { convertCommand } = await import('./convert-command.ts');
      return await convertCommand(rest, print);
    }
    if (command === 'console' || (command === 'demo' && rest.includes('--serve'))) {
      const { consoleCommand, playgroundCommand } = await import('./console-command.ts');
      return await (command === 'console' ? consoleCommand : playgroundCommand)(rest, {
        environment: process.env,
        redactor,
        print,
        assets: new URL('assets/', import.meta.url),
      });
    }
    if (command === 'demo') {
      const { demoCommand } = await import('./demo-command.ts');
      return await demoCommand(rest, { print, environment: process.env, hide: (secret) => redactor.add(secret) });
    }
    const args = parseArguments(process.argv.slice(2), process.env);
    for (const spec of inputs) if ('secret' in spec) redactor.add(args.raw[spec.name] ?? '');
    return await run(args, redactor);
  } catch (error) {
    const message = redactor.apply(error instanceof SallyportError ? error.message : messageOf(error));
    // Said once: to a program in its one document, to a person among the logs.
    if (wantsJson) await print(JSON.stringify({ error: { kind: kindOf(error), message } }));
    else process.stderr.write(`${message}\n`);
    return exitCodes[kindOf(error)];
  }
}

async function run(args: CliArguments, redactor: ReturnType<typeof createRedactor>): Promise<number> {
  const config = parseConfig(args.raw, {
    serverUrl: process.env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    repository: process.env['GITHUB_REPOSITORY'] ?? '',
    token: process.env['GITHUB_TOKEN'] ?? '',
    codeProblem: invitationProblem,
  });
  const write = (line: string): void => void process.stderr.write(`${redactor.apply(line)}\n`);
  const log = { info: write, warn: write, debug: config.debug ? write : () => undefined };
  // There is no cache outside a workflow; and its client writes to standard output, which belongs to the one JSON document.
  const inWorkflow = process.env['GITHUB_ACTIONS'] === 'true';
  if (
    (usesState(config.operation) || config.finish) &&
    !isByAccount(config) &&
    config.sync.state === 'cache' &&
    (args.json || !inWorkflow) &&
    !config.sync.dryRun
  ) {
    throw new SallyportError('state: the Actions cache is for workflows; give a directory, such as --state .sallyport.', {
      kind: 'configuration',
    });
  }
  const runtime = processRuntime({
    environment: process.env,
    log,
    mask: (secret) => redactor.add(secret),
    inWorkflow,
  });
  const outcome = await perform(config, runtime);
  // The code is shown once, to the person who initiated (I8).
  const reveal = showsCode(outcome) ? (text: string): string => text : redactor.apply;
  await print(reveal(args.json ? JSON.stringify(reportJson(outcome)) : summaryText(outcome)));
  return exitCodeOf(outcome, config.sync.failOn);
}

/** Resolves when the text is handed over, so that nothing is lost where the output is a pipe. */
function print(text: string, end = '\n'): Promise<void> {
  return new Promise((done) => process.stdout.write(`${text}${end}`, () => done()));
}

process.exitCode = await main();

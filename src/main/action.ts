import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { parseConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { inputs } from '../config/inputs.ts';
import type { InputName, RawInputs } from '../config/inputs.ts';
import { exitCodes, kindOf, messageOf } from '../errors.ts';
import { invitationProblem } from '../invitation/decode-invitation.ts';
import { perform } from '../operations/perform.ts';
import { annotations } from '../report/annotations.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import { showsCode } from '../report/outcome.ts';
import type { Outcome } from '../report/outcome.ts';
import { outputsOf } from '../report/outputs.ts';
import { reportJson } from '../report/report-json.ts';
import { summaryMarkdown } from '../report/summary-markdown.ts';
import { createRedactor, harmless } from './redactor.ts';
import { processRuntime } from './runtime.ts';

/** The action's entry: inputs from INPUT_*, results to outputs, job summary, annotations and a report file. */
async function main(): Promise<number> {
  const redactor = createRedactor();
  const clean = (text: string): string => harmless(redactor.apply(text));
  const mask = (secret: string): void => {
    redactor.add(secret);
    for (const line of secret.split(/\r?\n/)) if (line.trim() !== '') core.setSecret(line.trim());
  };
  try {
    const config = readConfig(mask);
    const log = {
      info: (line: string) => core.info(clean(line)),
      warn: (line: string) => core.warning(redactor.apply(line)),
      debug: (line: string) => (config.debug ? core.info(clean(line)) : core.debug(redactor.apply(line))),
    };
    const runtime = processRuntime({ environment: process.env, log, mask, inWorkflow: true });
    const outcome = await core.group(`Sallyport ${config.operation}`, () => perform(config, runtime));
    await report(outcome, redactor.apply);
    return exitCodeOf(outcome, config.sync.failOn);
  } catch (error) {
    const message = redactor.apply(messageOf(error));
    core.error(message, { title: 'Sallyport' });
    await appendSummary(`## Sallyport\n\n> [!CAUTION]\n> ${message.replaceAll(/[<>|`*_[\]@#\\]/g, '\\$&')}\n`);
    return exitCodes[kindOf(error)];
  }
}

function readConfig(mask: (secret: string) => void): Config {
  const raw: Partial<Record<InputName, string>> = {};
  for (const spec of inputs) {
    const value = core.getInput(spec.name);
    if (value === '') continue;
    // I8: masked before anything that could print it runs.
    if ('secret' in spec) mask(value);
    raw[spec.name] = value;
  }
  const given: RawInputs = raw;
  return parseConfig(given, {
    serverUrl: context.serverUrl,
    repository: process.env['GITHUB_REPOSITORY'] ?? '',
    token: process.env['GITHUB_TOKEN'] ?? '',
    codeProblem: invitationProblem,
  });
}

async function report(outcome: Outcome, redact: (text: string) => string): Promise<void> {
  for (const { level, title, message } of annotations(outcome)) {
    const properties = { title: redact(title) };
    if (level === 'error') core.error(redact(message), properties);
    else if (level === 'warning') core.warning(redact(message), properties);
    else core.notice(redact(message), properties);
  }
  // The code of a workflow's initiate is sealed, and meant to be shown: it alone passes the redactor.
  await appendSummary(showsCode(outcome) ? summaryMarkdown(outcome) : summaryMarkdown(outcome, redact));
  const path = join(process.env['RUNNER_TEMP'] ?? '.', 'sallyport-report.json');
  await writeFile(path, redact(`${JSON.stringify(reportJson(outcome), undefined, 2)}\n`), { mode: 0o600 });
  for (const [name, value] of Object.entries(outputsOf(outcome))) core.setOutput(name, redact(value));
  core.setOutput('report-path', path);
  const isPlan = outcome.kind === 'synced' && outcome.cycles.some((cycle) => cycle.result.dryRun);
  if (isPlan) core.setOutput('plan-path', path);
}

/** Appended as it is: the summary API of the toolkit keeps no more of Markdown than this does. */
async function appendSummary(text: string): Promise<void> {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file !== undefined && file !== '') await appendFile(file, text, 'utf8');
}

process.exitCode = await main();

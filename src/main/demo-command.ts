import { parseArgs } from 'node:util';
import { SallyportError, messageOf } from '../errors.ts';
import type { DemoOptions, DemoPrivate } from '../operations/demo.ts';
import { demo, demoPrivates } from '../operations/demo.ts';

export interface DemoCommandOptions {
  readonly print: (text: string) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with what no output may show. */
  readonly hide: (secret: string) => void;
}

/**
 * `demo [--private KIND] [--redmine-url URL …] [--json]`. Returns the exit code.
 *
 * @throws SallyportError `configuration` for wrong flags, all told at once
 */
export async function demoCommand(words: readonly string[], options: DemoCommandOptions): Promise<number> {
  const { json, private: tracker, redmine } = read(words, options.environment);
  if (redmine !== undefined) options.hide(redmine.apiKey);
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  return demo({ json, private: tracker, redmine, print: options.print, log });
}

function read(
  words: readonly string[],
  environment: DemoCommandOptions['environment'],
): Pick<DemoOptions, 'json' | 'private' | 'redmine'> {
  const values = parse(words);
  const tracker = demoPrivates.find((name) => name === (values.private ?? 'github'));
  const problems = tracker === undefined ? [`--private wants one of ${demoPrivates.join(', ')}, not "${values.private}".`] : [];
  const redmine = readRedmine(values, { environment, problems, tracker });
  if (tracker === undefined || problems.length > 0)
    throw new SallyportError(`demo: ${problems.join(' ')}`, { kind: 'configuration' });
  return { json: values.json ?? false, private: tracker, redmine };
}

function readRedmine(
  values: ReturnType<typeof parse>,
  given: {
    readonly environment: DemoCommandOptions['environment'];
    readonly problems: string[];
    readonly tracker: DemoPrivate | undefined;
  },
): DemoOptions['redmine'] {
  const url = values['redmine-url']?.replace(/\/+$/, '');
  if (url === undefined) return undefined;
  const { environment, problems, tracker } = given;
  const apiKey = values['redmine-key'] ?? environment['SALLYPORT_TRACKER_TOKEN'] ?? '';
  const project = values['redmine-project'] ?? '';
  const textFormat = values['text-format'] ?? 'textile';
  if (tracker !== undefined && tracker !== 'redmine') problems.push('--redmine-url goes with --private redmine.');
  if (!URL.canParse(url)) problems.push(`--redmine-url wants an address, not "${url}".`);
  if (apiKey === '') problems.push('--redmine-url needs --redmine-key, or SALLYPORT_TRACKER_TOKEN.');
  if (project === '')
    problems.push('--redmine-url needs --redmine-project, the identifier of a project made for the demonstration.');
  if (textFormat !== 'textile' && textFormat !== 'commonmark') {
    problems.push(`--text-format wants textile or commonmark, not "${textFormat}".`);
    return undefined;
  }
  return { url, apiKey, project, textFormat };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        json: { type: 'boolean' },
        private: { type: 'string' },
        'redmine-url': { type: 'string' },
        'redmine-key': { type: 'string' },
        'redmine-project': { type: 'string' },
        'text-format': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new SallyportError(`demo: ${messageOf(error)}`, { kind: 'configuration', cause: error });
  }
}

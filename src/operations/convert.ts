import { canonicalText } from '../content/canonical.ts';
import { restoreLowered } from '../content/markup/restore-lowered.ts';
import type { Neutral } from '../content/neutral.ts';
import { SallyportError } from '../errors.ts';
import { plainLine } from '../report/plain-line.ts';
import type { FormatName } from './convert-formats.ts';
import { formatNames, formats } from './convert-formats.ts';

/** What the command line asks of `convert`. */
export interface ConvertRequest {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The path of a native text of `to` to apply the input to. */
  readonly onto: string | undefined;
  readonly check: boolean;
  /** Files to check. */
  readonly files: readonly string[];
}

/** What it reads from and writes to. */
export interface ConvertPorts {
  readonly readInput: () => Promise<Uint8Array>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
}

/** Whether a text comes back from the other side as what it was. */
export interface RoundTrip {
  readonly path: string;
  /** The forms that were asked for, or told by the name; undefined where neither did. */
  readonly from: FormatName | undefined;
  readonly through: FormatName | undefined;
  /** The first line in which the canonical texts differ; undefined where they do not. */
  readonly difference: { readonly line: number; readonly before: string; readonly after: string } | undefined;
  /** Why it was not tried; undefined where it was. */
  readonly problem: string | undefined;
}

export type Converted =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'checks'; readonly checks: readonly RoundTrip[] };

/**
 * Shows what becomes of a text on the other side: from standard input in one form to another, onto a native text that stands
 * there already, or there and back.
 *
 * @throws SallyportError `configuration` for what cannot be converted
 */
export async function convert(request: ConvertRequest, ports: ConvertPorts): Promise<Converted> {
  if (request.check) return { kind: 'checks', checks: await checkAll(request, ports) };
  const [stray] = request.files;
  if (stray !== undefined)
    throw complaint(`"${stray.slice(0, 200)}" is one word too many: without --check the text comes from standard input.`);
  const from = formatOf('from', request.from);
  const to = formatOf('to', request.to);
  const native = request.onto === undefined ? undefined : await fileAt(request.onto, ports);
  const input = textOf(await ports.readInput(), 'the text from standard input').replace(/^\ufeff/, '');
  const root = named('the text from standard input', () => formats[from].decode(input));
  if (native === undefined) return { kind: 'text', text: formats[to].encode(root) };
  return { kind: 'text', text: named(request.onto ?? '', () => applied(root, { native, from, to })) };
}

/** What reading gives; which text it is stands before what is wrong with it. @throws SallyportError */
function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    throw new SallyportError(`convert: ${name}: ${error.message}`, { kind: 'configuration', cause: error });
  }
}

/** What `from` cannot say of the native text is no edit of it. */
function applied(edited: Neutral, onto: { readonly native: string; readonly from: FormatName; readonly to: FormatName }): string {
  const { decode, encode } = formats[onto.from];
  const { root: original, patch } = formats[onto.to].open(onto.native);
  return patch(restoreLowered(original, edited, (root) => decode(encode(root))));
}

async function checkAll(request: ConvertRequest, ports: ConvertPorts): Promise<readonly RoundTrip[]> {
  if (request.files.length === 0) throw complaint('--check wants the files to check after it.');
  if (request.onto !== undefined) throw complaint('--onto and --check do not go together.');
  const from = request.from === undefined ? undefined : formatOf('from', request.from);
  const to = request.to === undefined ? undefined : formatOf('to', request.to);
  const checks: RoundTrip[] = [];
  for (const path of request.files) checks.push(await checkOne(path, { from, to }, ports));
  return checks;
}

/** What is wrong with one file hides nothing of the others. */
async function checkOne(
  path: string,
  asked: { readonly from: FormatName | undefined; readonly to: FormatName | undefined },
  ports: ConvertPorts,
): Promise<RoundTrip> {
  try {
    const from = asked.from ?? formatByName(path);
    const through = asked.to ?? (from === 'adf' ? 'github' : 'adf');
    const difference = roundTrip(await fileAt(path, ports), { from, through });
    return { path, from, through, difference, problem: undefined };
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    return { path, from: asked.from, through: asked.to, difference: undefined, problem: error.message };
  }
}

/** The text is taken to the other form and back, as an issue is that nobody edits meanwhile. */
function roundTrip(native: string, way: { readonly from: FormatName; readonly through: FormatName }): RoundTrip['difference'] {
  const { decode, encode } = formats[way.from];
  const there = formats[way.through];
  const before = canonicalText(decode(native)).split('\n');
  const after = canonicalText(decode(encode(there.decode(there.encode(decode(native)))))).split('\n');
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index += 1) {
    if (before[index] !== after[index]) return { line: index + 1, before: before[index] ?? '', after: after[index] ?? '' };
  }
  return undefined;
}

const formatsByExtension: Readonly<Record<string, FormatName>> = {
  md: 'github',
  markdown: 'github',
  json: 'adf',
  wiki: 'wiki',
  jira: 'wiki',
  textile: 'textile',
};

function formatByName(path: string): FormatName {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = formatsByExtension[extension];
  if (format !== undefined) return format;
  throw complaint(`${path}: its name does not tell its form; say --from ${formatNames.join('|')}.`);
}

function formatOf(flag: 'from' | 'to', name: string | undefined): FormatName {
  const format = formatNames.find((known) => known === name);
  if (format !== undefined) return format;
  const given = name === undefined ? 'is missing' : `"${name.slice(0, 80)}" is no form of texts`;
  throw complaint(`--${flag} ${given}; it is one of ${formatNames.join(', ')}.`);
}

async function fileAt(path: string, ports: ConvertPorts): Promise<string> {
  if (path === '') throw complaint('a path is empty; name a file.');
  let bytes: Uint8Array;
  try {
    bytes = await ports.readFile(path);
  } catch (error) {
    throw new SallyportError(`convert: ${path} cannot be read; check the path.`, { kind: 'configuration', cause: error });
  }
  return textOf(bytes, path);
}

/** Other bytes than UTF-8 would be read as replacement characters, which survive everything. @throws SallyportError */
function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new SallyportError(`convert: ${name} is no UTF-8; convert it first.`, { kind: 'configuration', cause: error });
  }
}

function complaint(text: string): SallyportError {
  return new SallyportError(`convert: ${text} See --help.`, { kind: 'configuration' });
}

const pathLengthMax = 4_096;

/** The lines of a check for people. */
export function checkLines(checks: readonly RoundTrip[]): readonly string[] {
  return checks.flatMap(({ path: given, from, through, difference, problem }) => {
    // A name with a line break in it shall begin no line of its own.
    const path = plainLine(given, pathLengthMax);
    if (problem !== undefined) return [`unread    ${path}: ${problem}`];
    if (difference === undefined) return [`survives  ${path} (${from}, ${through}, ${from})`];
    return [
      `differs   ${path} (${from}, ${through}, ${from}), first in line ${difference.line} of its canonical form:`,
      `  before: ${difference.before}`,
      `  after:  ${difference.after}`,
    ];
  });
}

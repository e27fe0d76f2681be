import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { SallyportError } from '../errors.ts';
import type { ConvertRequest } from '../operations/convert.ts';
import { checkLines, convert } from '../operations/convert.ts';

/** The `convert` command: its own flags, standard input in, standard output out. Returns the exit code. */
export async function convertCommand(
  argv: readonly string[],
  print: (text: string, end?: string) => Promise<void>,
): Promise<number> {
  const { request, json } = parse(argv);
  const converted = await convert(request, {
    readInput: () => {
      if (process.stdin.isTTY)
        throw new SallyportError('convert: there is no input; pipe a text into it, as in: node dist/cli.js convert … < text.md', {
          kind: 'configuration',
        });
      return buffer(process.stdin);
    },
    readFile: (path) => readFile(path),
  });
  if (converted.kind === 'text') {
    if (json) await print(JSON.stringify({ text: converted.text }));
    // A native text ends as it ended before.
    else await print(converted.text, request.onto === undefined ? '\n' : '');
    return 0;
  }
  await print(json ? JSON.stringify({ checks: converted.checks }) : checkLines(converted.checks).join('\n'));
  return converted.checks.every(({ difference, problem }) => difference === undefined && problem === undefined) ? 0 : 1;
}

function parse(argv: readonly string[]): { readonly request: ConvertRequest; readonly json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        onto: { type: 'string' },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { from, to, onto, check, json } = values;
    return { request: { from, to, onto, check, files: positionals }, json };
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\.?\s.*$/s, (rest) => rest.split('. ')[0] ?? '') : '';
    throw new SallyportError(`convert: ${said}. Its flags are --from, --to, --onto FILE, --check and --json; see --help.`, {
      kind: 'configuration',
      cause: error,
    });
  }
}

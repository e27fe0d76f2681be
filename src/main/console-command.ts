import { readFile } from 'node:fs/promises';
import { createAccess } from '../console/access.ts';
import type { Access } from '../console/access.ts';
import { createConsole } from '../console/console.ts';
import type { Application } from '../console/console.ts';
import { openLoopback } from '../console/http-server.ts';
import { createPlaygroundPage } from '../console/playground.ts';
import { openBrowser } from '../console/open-browser.ts';
import type { Assets } from '../console/parts.ts';
import { invitationProblem } from '../invitation/decode-invitation.ts';
import { parseArguments } from './cli-arguments.ts';
import { inputs } from '../config/inputs.ts';
import { createPlayground } from '../operations/playground.ts';
import type { createRedactor } from './redactor.ts';
import { processRuntime } from './runtime.ts';
import type { ServeFlags } from './serve-flags.ts';
import { readServeFlags } from './serve-flags.ts';

export interface CommandParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly redactor: ReturnType<typeof createRedactor>;
  readonly print: (text: string) => Promise<void>;
  /** The folder of console.css and console.js beside the bundle. */
  readonly assets: URL;
}

/** The `console` command: serves until it is idle or interrupted. Returns the exit code. */
export async function consoleCommand(argv: readonly string[], parts: CommandParts): Promise<number> {
  const { flags, rest } = readServeFlags(argv, 'console');
  const { raw, json } = parseArguments(['console', ...rest], parts.environment);
  for (const spec of inputs) if ('secret' in spec) parts.redactor.add(raw[spec.name] ?? '');
  const assets = await readAssets(parts.assets);
  await serveUntilClosed({ ...flags, json }, parts, (access) =>
    createConsole(
      {
        given: raw,
        platform: {
          serverUrl: parts.environment['GITHUB_SERVER_URL'] ?? 'https://github.com',
          repository: '',
          token: '',
          codeProblem: invitationProblem,
        },
        runtime: (log) => {
          const line = (text: string): void => log(parts.redactor.apply(text));
          return processRuntime({
            environment: parts.environment,
            log: { info: line, warn: line, debug: raw['log-level'] === 'debug' ? line : () => undefined },
            mask: parts.redactor.add,
            inWorkflow: false,
          });
        },
        redact: parts.redactor.apply,
        mask: parts.redactor.add,
        assets,
        now: () => Date.now(),
      },
      access,
    ),
  );
  return 0;
}

/** `demo --serve`: the playground, until it is idle or interrupted. Returns the exit code. */
export async function playgroundCommand(argv: readonly string[], parts: CommandParts): Promise<number> {
  const { flags, rest } = readServeFlags(
    argv.filter((word) => word !== '--serve'),
    'demo --serve',
  );
  const { json } = parseArguments(['demo', ...rest], {});
  const assets = await readAssets(parts.assets);
  const playground = await createPlayground();
  try {
    await serveUntilClosed({ ...flags, json }, parts, (access) => createPlaygroundPage({ playground, assets }, access));
  } finally {
    await playground.close();
  }
  return 0;
}

async function readAssets(folder: URL): Promise<Assets> {
  const read = (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8');
  return { style: await read('console.css'), script: await read('console.js') };
}

/** Opens the port, tells the address, answers, and resolves when it is over. */
async function serveUntilClosed(
  flags: ServeFlags & { readonly json: boolean },
  parts: Pick<CommandParts, 'environment' | 'print'>,
  create: (access: Access) => Application | Promise<Application>,
): Promise<void> {
  let application: Application | undefined;
  const server = await openLoopback({
    port: flags.port,
    idleMsMax: flags.idleMs,
    isBusy: () => application?.isBusy() ?? false,
  });
  const access = createAccess(server);
  const stop = (): void => server.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    application = await create(access);
    server.start(application.fetch);
    await announce(flags, parts, `${server.origin}${access.entryPath}`);
    await server.closed;
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    server.close();
  }
}

async function announce(
  flags: ServeFlags & { readonly json: boolean },
  { environment, print }: Pick<CommandParts, 'environment' | 'print'>,
  address: string,
): Promise<void> {
  await print(
    flags.json ? JSON.stringify({ address }) : `Open this address in a browser on this machine; it works once:\n\n  ${address}\n`,
  );
  if (!flags.open) return;
  const isOpened = await openBrowser(address, { platform: process.platform, environment });
  if (!isOpened && !flags.json)
    await print(
      'There is no browser to be opened here: copy the address. From elsewhere, forward this port to the same port with ssh -L.\n',
    );
}

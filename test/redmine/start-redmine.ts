import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Debian's package; `scripts/install-redmine.sh` installs it. */
const installed = '/usr/share/redmine';
/** WEBrick is no gem of Redmine's, so that its bundle does not put it on the path. */
const webrick = '/usr/share/rubygems-integration/all/gems';

const databaseFile = 'redmine.sqlite3';

export interface RedmineServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** API keys by log-in: admin, ada, ben, dana. */
  readonly keys: Readonly<Record<string, string>>;
  /** The yes or no field "Sync" of every issue. */
  readonly syncField: number;
  /** Runs Ruby within this Redmine, for what its REST interface does not offer. */
  run(ruby: string): Promise<string>;
  /** Sets back when an issue was created and last changed: the server's own clock cannot be moved. */
  backdate(issueId: string, seconds: number): void;
  close(): Promise<void>;
}

export interface RedmineServerOptions {
  readonly textFormat: 'textile' | 'commonmark';
  /** Whether an administrator made the custom field for stamps. */
  readonly hasMarkField: boolean;
  /** KiB of a file at most. Default 2 GiB. */
  readonly fileKibMax?: number;
}

const seededSchema = z.object({ keys: z.record(z.string(), z.string()), syncField: z.number() });

/**
 * A fresh Redmine of Debian's package on a free port of loopback, with an SQLite database and files of its own in a new
 * directory. Its public project `demo` has the trackers Bug, Feature, Support and Task.
 */
export async function startRedmine(options: RedmineServerOptions): Promise<RedmineServer> {
  if (!existsSync(installed)) throw new Error(`There is no Redmine in ${installed}: run scripts/install-redmine.sh as root.`);
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-redmine-'));
  const environment = await instance(directory);
  const run = (ruby: string, more: NodeJS.ProcessEnv = {}): Promise<string> => runRuby(ruby, { ...environment, ...more });
  const printed = await run(join(import.meta.dirname, 'seed.rb'), {
    SEED_TEXT_FORMAT: options.textFormat,
    SEED_MARK_FIELD: String(options.hasMarkField),
    SEED_FILE_KIB: String(options.fileKibMax ?? 2 * 1024 * 1024),
  });
  const seeded = seededSchema.parse(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
  const { child, url } = await serve(environment);
  return {
    url,
    ...seeded,
    run: (ruby) => run(ruby),
    backdate: (issueId, seconds) => {
      const database = new DatabaseSync(join(directory, databaseFile));
      const back = `-${seconds} seconds`;
      database
        .prepare('UPDATE issues SET created_on = datetime(created_on, ?), updated_on = datetime(updated_on, ?) WHERE id = ?')
        .run(back, back, Number(issueId));
      database.close();
    },
    close: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An instance of Debian's package is a folder; its name may lead anywhere, so that no root is needed. */
async function instance(directory: string): Promise<NodeJS.ProcessEnv> {
  for (const folder of ['config', 'files', 'log', 'tmp', 'public/plugin_assets'])
    await mkdir(join(directory, folder), { recursive: true });
  await writeFile(
    join(directory, 'config/database.yml'),
    `production:\n  adapter: sqlite3\n  database: ${join(directory, databaseFile)}\n  encoding: utf8\n  timeout: 10000\n`,
  );
  await writeFile(join(directory, 'config/secret_key.txt'), randomBytes(16).toString('hex'));
  return {
    ...process.env,
    REDMINE_INSTANCE: relative(join(installed, 'instances'), directory),
    RAILS_ENV: 'production',
    // What a migration writes down would else go to the package's own folder.
    SCHEMA: join(directory, 'schema.rb'),
    RUBYLIB: join(webrick, await webrickFolder(), 'lib'),
  };
}

async function webrickFolder(): Promise<string> {
  const found = (await readdir(webrick)).find((name) => name.startsWith('webrick-'));
  if (found === undefined) throw new Error(`There is no WEBrick in ${webrick}: install Debian's ruby-webrick.`);
  return found;
}

async function runRuby(ruby: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('bundle', ['exec', 'rails', 'runner', ruby], {
    cwd: installed,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`Redmine ended with ${String(code)}: ${err().slice(-2_000)}${out().slice(-500)}`);
  return out();
}

function collected(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Resolves once the server says on which port it listens. */
async function serve(environment: NodeJS.ProcessEnv): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn('bundle', ['exec', 'rackup', '-s', 'webrick', '-o', '127.0.0.1', '-p', '0'], {
    cwd: installed,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const port = /HTTPServer#start: pid=\d+ port=(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    // Read on, or the server would stop at a full pipe.
    child.stderr.resume();
    return { child, url: `http://127.0.0.1:${port}` };
  }
  throw new Error(`Redmine did not start: ${lines.join('\n').slice(-2_000)}`);
}

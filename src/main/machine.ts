import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chooseProxy } from '../gateway/proxy-choice.ts';
import type { Environment } from '../gateway/proxy-choice.ts';
import type { Machine } from '../operations/runtime.ts';
import { makeDirectory } from '../store/make-directory.ts';

const programTimeoutMs = 10_000;

/** What `doctor` looks at on the machine that it runs on. */
export function processMachine(environment: Environment): Machine {
  return {
    nodeVersion: process.version,
    programVersion: (name) =>
      new Promise((done) => {
        execFile(name, ['--version'], { timeout: programTimeoutMs, windowsHide: true }, (error, stdout) =>
          done(error === null ? (stdout.split('\n')[0]?.trim() ?? '') : undefined),
        );
      }),
    proxyFor: (url) => chooseProxy(url, environment)?.url.origin,
    wallTimeMs: () => Date.now(),
    probeDirectory: async (path) => {
      const directory = resolve(path);
      await makeDirectory(directory);
      await access(directory, constants.R_OK | constants.W_OK);
      const [file, content] = [join(directory, `.doctor.${randomBytes(6).toString('hex')}`), randomBytes(16).toString('hex')];
      try {
        await writeFile(file, content, { mode: 0o600, flag: 'wx' });
        if ((await readFile(file, 'utf8')) !== content) throw new Error('what was written reads differently');
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SallyportError, messageOf } from '../errors.ts';
import type { AppendLog } from '../operations/runtime.ts';

/**
 * A file that lines are added to, readable by its owner alone. Each `append` is one write at the end, flushed to the disk
 * before it resolves, so that a power cut loses no line that was told of. A line that a dead process left unfinished is
 * ended first.
 *
 * @throws SallyportError `configuration` if it cannot be opened, is no file, or a line cannot be written.
 */
export async function openAppendLog(path: string): Promise<AppendLog> {
  const file = resolve(path);
  const handle = await open(file, 'a+', 0o600).catch((error: unknown) => {
    throw refused(path, error);
  });
  try {
    await prepare(handle);
  } catch (error) {
    await handle.close();
    throw refused(path, error);
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    append: (text) => {
      const run = last.then(() => write(handle, text));
      last = run.catch(() => undefined);
      return run.catch((error: unknown) => {
        throw refused(path, error);
      });
    },
    close: () => last.then(() => handle.close()),
  };
}

async function prepare(handle: FileHandle): Promise<void> {
  const found = await handle.stat();
  const { size, mode } = found;
  if (!found.isFile()) throw new Error('it is no file');
  if ((mode & 0o077) !== 0) await handle.chmod(0o600);
  if (size === 0) return;
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 });
  if (buffer.toString() !== '\n') await write(handle, '\n');
}

async function write(handle: FileHandle, text: string): Promise<void> {
  await handle.appendFile(text, 'utf8');
  await handle.datasync();
}

function refused(path: string, error: unknown): SallyportError {
  return new SallyportError(
    `audit-log: ${path} cannot be written (${messageOf(error)}). Give a file in a directory that is there and that the account of the runner may write.`,
    { kind: 'configuration', cause: error },
  );
}

import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { makeDirectory } from './make-directory.ts';
import { isStateId } from './state-id.ts';
import type { SaveOutcome, StateStore } from './store.ts';

const suffix = '.state';
/** The committed state, its parent, and one that a cycle saved but died before committing. */
const statesKept = 3;

/**
 * A store of one file per state in a directory that is made when first needed, readable by its owner alone. A file
 * appears whole or not at all; the newest three are kept.
 *
 * @param path the directory; the operator sees to it that only one connection uses it
 */
export function createDirectoryStore(path: string): StateStore {
  return {
    load: (id) => load(path, id),
    save: (id, blob) => save(path, id, blob),
  };
}

async function load(path: string, id: string): Promise<Uint8Array | undefined> {
  if (!isStateId(id)) return undefined;
  try {
    return new Uint8Array(await readFile(join(path, `${id}${suffix}`)));
  } catch {
    // Not there and not readable mean the same to the caller: rebuild.
    return undefined;
  }
}

async function save(path: string, id: string, blob: Uint8Array): Promise<SaveOutcome> {
  if (!isStateId(id)) return { kind: 'failed', reason: `"${id}" is not a state id (1 to 64 of a-z, 0-9 and -)` };
  const target = join(path, `${id}${suffix}`);
  const temporary = join(path, `.${id}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await makeDirectory(path);
    await writeDurably(temporary, blob);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return { kind: 'failed', reason: `cannot write to the state directory ${path}: ${messageOf(error)}` };
  }
  // The state is saved already: what hinders the removal of older ones is no reason to rebuild the next time.
  await removeOlder(path, `${id}${suffix}`).catch(() => undefined);
  return { kind: 'saved' };
}

/** Flushed before the rename, so that a power cut leaves the older state rather than an empty file of the new name. */
async function writeDurably(file: string, blob: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(blob);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOlder(path: string, newest: string): Promise<void> {
  const others = (await readdir(path)).filter((name) => name.endsWith(suffix) && name !== newest);
  const dated = await Promise.all(others.map(async (name) => ({ name, writtenMs: (await stat(join(path, name))).mtimeMs })));
  dated.sort((left, right) => right.writtenMs - left.writtenMs);
  await Promise.all(dated.slice(statesKept - 1).map(({ name }) => rm(join(path, name), { force: true })));
}

/** Makes a folder of the cache in a place beside it, by one process at a time, and renames it into place when it is complete. */

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { makeFolder } from '../files/write-whole.js';
import { isAbandoned, takeLock } from './build-lock.js';

interface Place {
  folder: string;
  /** Whether a whole one lies at the folder. */
  isReady: () => Promise<boolean>;
  onWaiting?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

const BUILDING = '.building-';

/**
 * `make` works in an empty folder and returns the one in it that is to be moved. Leaves a whole folder, or nothing. True
 * when we made it, false when another process did meanwhile. Throws CANCELLED.
 */
export async function makeOnce(place: Place, make: (work: string) => Promise<string>): Promise<boolean> {
  const { folder, isReady, onWaiting, signal } = place;
  await makeFolder(path.dirname(folder));
  const release = await takeLock(`${folder}.lock`, { isDone: isReady, onWaiting, signal });
  if (release === undefined) {
    throwIfCancelled(signal);
    return false;
  }
  try {
    throwIfCancelled(signal);
    // Another process may have finished between our look and the lock.
    if (await isReady()) return false;
    await makeHere(place, make);
    return true;
  } finally {
    await release();
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PredictableError('CANCELLED', 'Setting up was cancelled.');
}

async function makeHere(place: Place, make: (work: string) => Promise<string>): Promise<void> {
  const parent = path.dirname(place.folder);
  const prefix = `${BUILDING}${path.basename(place.folder)}-`;
  await removeLeftovers(parent, prefix);
  const work = await mkdtemp(path.join(parent, prefix));
  try {
    await moveIntoPlace(await make(work), place);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function moveIntoPlace(made: string, { folder, isReady }: Place): Promise<void> {
  try {
    await rename(made, folder);
  } catch (error) {
    // Something is there already: a builder that was faster, or remains that are damaged.
    if (await isReady()) return;
    if (!existsSync(folder)) throw error;
    await rename(folder, `${made}-damaged`);
    await rename(made, folder);
  }
}

/** Folders of builds that were killed: ours, since we hold the lock, and those that nobody who lives holds a lock for. */
async function removeLeftovers(parent: string, own: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(BUILDING));
  await Promise.all(
    names.map(async (name) => {
      const lock = `${name.slice(BUILDING.length).replace(/-[^-]*$/, '')}.lock`;
      if (!name.startsWith(own) && !(await isAbandoned(path.join(parent, lock)))) return;
      await rm(path.join(parent, name), { recursive: true, force: true });
    }),
  );
}

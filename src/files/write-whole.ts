/** Writes a file so that a reader sees the old one or the new one, never half of it. */

import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileError, PredictableError } from '../errors.js';
import { draftBeside, forgetDraft } from './draft.js';
import { mustNotBeSpecial } from './ordinary.js';

export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  await replaceWhole(file, (temporary) => writeFile(temporary, content));
}

/**
 * `make` writes a temporary file, which takes the place of `file` when it is complete. Throws, with that name, DISK_FULL,
 * PERMISSION_DENIED or FILE_NOT_FOUND, and USAGE for what is no file; then what was there before is as it was.
 */
export async function replaceWhole(file: string, make: (temporary: string) => Promise<unknown>): Promise<void> {
  const temporary = draftBeside(file);
  try {
    await mustNotBeSpecial(file, 'written');
    if (/[\\/]$/.test(file)) throw new PredictableError('USAGE', `${file} is a folder`, { hint: 'Name a file.' });
    await make(temporary);
    await rename(temporary, file);
  } catch (error) {
    throw (await withoutFolder(error, file)) ?? fileError(error, file) ?? error;
  } finally {
    await rm(temporary, { force: true }).catch(() => {
      // The error of writing it says more; what cannot be removed was most likely never made.
    });
    forgetDraft(temporary);
  }
}

/** Makes a folder, and those that lead to it. Throws as `replaceWhole`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    // Node says ENOENT of a folder that may not be made: the system's own word comes from making the first that is missing.
    const missing = await firstMissing(folder);
    const refused: unknown =
      missing === undefined
        ? error
        : await mkdir(missing).then(
            () => error,
            (reason) => reason,
          );
    throw fileError(refused, folder) ?? error;
  }
}

async function withoutFolder(error: unknown, file: string): Promise<PredictableError | undefined> {
  if (error instanceof PredictableError) return undefined;
  const folder = path.dirname(file);
  if ((await firstMissing(folder)) === undefined) return undefined;
  return new PredictableError('FILE_NOT_FOUND', `${file} cannot be written: there is no folder ${folder}`, {
    hint: 'Make the folder first, or name another place.',
    cause: error,
  });
}

/** Of a folder and those that lead to it, the outermost that is not there. */
async function firstMissing(folder: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const there = await stat(at).catch((error: NodeJS.ErrnoException) => error.code !== 'ENOENT');
    if (there !== false || at === path.dirname(at)) return missing;
    missing = at;
  }
}

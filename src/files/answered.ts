/** Files that another process says it wrote: they are read only where it was to write, since it may be another's by now. */

import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../errors.js';

/** Throws CONVERTER_FAILED for what is no plain file within one of the folders; `who` said so. */
export async function mustLieWithin(who: string, files: string[], folders: string[]): Promise<void> {
  const places = await Promise.all(folders.map((folder) => realpath(folder)));
  for (const file of files) {
    const found = await realpath(file).catch(() => null);
    const within = found !== null && places.some((place) => found.startsWith(place + path.sep));
    if (within && (await lstat(found)).isFile()) continue;
    throw new PredictableError('CONVERTER_FAILED', `${who} answered with a file that is none of its own: ${file}`, {
      hint: 'Its code runs in the process that answers, and may have changed what that says: look into the model.',
    });
  }
}

/** Only files and folders are read and replaced: a pipe or a device may never end, and is gone when a file takes its place. */

import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileError, PredictableError } from '../errors.js';

/**
 * What the system knows of a file or folder that is to be read; nothing is opened, since opening a pipe waits for its other end.
 * Throws FILE_NOT_FOUND with the hint, PERMISSION_DENIED, and USAGE for a pipe, a socket or a device.
 */
export async function ordinary(file: string, hint = 'Check the path.'): Promise<Stats> {
  const status = await stat(file).catch((cause: unknown) => {
    const refused = fileError(cause, file);
    if (refused?.code !== 'FILE_NOT_FOUND') throw refused ?? cause;
    throw new PredictableError('FILE_NOT_FOUND', `there is no file or folder ${file}`, { hint, cause });
  });
  if (!status.isFile() && !status.isDirectory()) throw special(file, status, 'read');
  return status;
}

/** Throws USAGE for a pipe, a socket or a device that is to be read, or written; says nothing of what is not there. */
export async function mustNotBeSpecial(file: string, use: 'read' | 'written' = 'read'): Promise<void> {
  const status = await stat(file).catch(() => null);
  if (status !== null && !status.isFile() && !status.isDirectory()) throw special(file, status, use);
}

function special(file: string, status: Stats, use: 'read' | 'written'): PredictableError {
  const kind = status.isFIFO() ? 'a named pipe' : status.isSocket() ? 'a socket' : 'a device';
  return new PredictableError('USAGE', `${file} is ${kind}, and only files and folders are read or written`, {
    hint: use === 'written' ? 'Name a file.' : 'Write what comes out of it into a file first, and give that.',
  });
}

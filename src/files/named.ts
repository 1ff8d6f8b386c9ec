/** Errors of files with the path that the user knows. */

import { fileError } from '../errors.js';

/** Runs what writes or reads `file`; what the system refuses on the way is thrown with that name. */
export async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, file) ?? error;
  }
}

/** What is read is never what is written, whatever it is called and however many links lead to it. */

import { stat } from 'node:fs/promises';
import { PredictableError } from '../errors.js';

/** Throws USAGE when one of the outputs is one of the inputs. What is not there is neither. */
export async function mustNotBeInputs(outputs: string[], inputs: string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    const identity = await identityOf(input);
    if (identity !== null) read.set(identity, input);
  }
  for (const output of outputs) {
    const identity = await identityOf(output);
    const input = identity === null ? undefined : read.get(identity);
    if (input === undefined) continue;
    const which = input === output ? `${output} is read` : `${output} is the same file as ${input}, which is read`;
    throw new PredictableError('USAGE', `${which}, so it cannot be written`, {
      hint: 'Nothing was changed. Name another file for the output.',
      details: { output, input },
    });
  }
}

/** Through links, and alike for hard ones; on Windows too, where numbers of files need all their bits. */
async function identityOf(file: string): Promise<string | null> {
  const status = await stat(file, { bigint: true }).catch(() => null);
  return status === null || status.isDirectory() ? null : `${status.dev}:${status.ino}`;
}

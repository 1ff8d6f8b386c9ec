/** How a call fails while its interpreter lives, or because we ended it. */

import { PredictableError } from '../errors.js';
import { missingWalls, type Sandbox } from './sandbox.js';

export function cancelled(subject: string): PredictableError {
  return new PredictableError('CANCELLED', `${subject} was cancelled.`);
}

/** Throws SANDBOX_UNAVAILABLE where a wall is missing; an interpreter that has ended has none to ask for. */
export function mustStand(subject: string, sandbox: Sandbox | undefined): void {
  const missing = sandbox === undefined ? [] : missingWalls(sandbox);
  if (missing.length === 0) return;
  throw new PredictableError(
    'SANDBOX_UNAVAILABLE',
    `${subject} was not loaded: not in force here: ${missing.join(', ')}`,
    {
      hint: 'predictable doctor says what this machine lacks. Without --require-sandbox it is loaded all the same.',
      details: { sandbox },
    },
  );
}

export function outOfMemory(subject: string, held: number, allowed: number, log: string[]): PredictableError {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return new PredictableError(
    'OUT_OF_MEMORY',
    `${subject} held ${gigabytes(held)} of memory, where ${gigabytes(allowed)} are allowed, and was ended.`,
    { hint: 'Allow more with --memory, with fewer --jobs beside it.', details: { held, allowed, log } },
  );
}

export function timedOut(subject: string, timeout: number, log: string[]): PredictableError {
  return new PredictableError('CONVERTER_TIMEOUT', `${subject} took longer than ${timeout / 1000} s and was ended.`, {
    hint: 'Allow more time with --timeout SECONDS.',
    details: { timeout, log },
  });
}

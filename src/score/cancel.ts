/** How a run of scoring is watched and ended from outside: rows are told to whoever wants to know, a signal stops it. */

import { PredictableError } from '../errors.js';

export interface Watching {
  /** Called after each batch, with the rows so far. */
  onProgress?: ((progress: { rows: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Throws CANCELLED once the signal is given. */
export function mustGoOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new PredictableError('CANCELLED', 'scoring was interrupted; nothing was written', {
    hint: 'Run it again to score all rows.',
  });
}

/** What is called with the rows that were read so far: tells them, and throws CANCELLED once the signal is given. */
export function readingProgress({ onProgress, signal }: Watching): (rows: number) => void {
  return (rows) => {
    mustGoOn(signal);
    onProgress?.({ rows });
  };
}

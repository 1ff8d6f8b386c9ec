/** Rows that are being read, told to whoever wants to know; the signal ends the reading. */

import { mustGoOn } from './here/predict-rows.js';
import type { ScoreOptions } from './score.js';

export function readingProgress({
  onProgress,
  signal,
}: Pick<ScoreOptions, 'onProgress' | 'signal'>): (rows: number) => void {
  return (rows) => {
    mustGoOn(signal);
    onProgress?.({ rows });
  };
}

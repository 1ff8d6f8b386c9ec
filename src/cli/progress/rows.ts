/** Rows scored so far, on a terminal. */

import type { Output } from '../output.js';
import { count } from '../output.js';

interface RowProgress {
  rows(rows: number): void;
  end(): void;
}

/** A line is drawn at most this often. */
const REDRAW_MS = 100;

export function rowProgress(output: Output): RowProgress {
  if (!process.stderr.isTTY || output.options.quiet) return { rows: () => {}, end: () => {} };
  const started = performance.now();
  let drawn = started;
  return {
    rows: (rows) => {
      const now = performance.now();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      process.stderr.write(`\r\x1b[2K${count(rows)} rows, ${count(rows / ((now - started) / 1000))} rows/s`);
    },
    end: () => process.stderr.write('\r\x1b[2K'),
  };
}

/** How often a policy was needed: counted in the arrays on their way to the model, which is cheaper than a second query. */

import { NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../signature.js';
import type { NumericArray } from './batches.js';
import type { InputSql } from './input-sql.js';

/** By column of the data; columns without any are left out. */
export interface PolicyCounts {
  nulls: Record<string, number>;
  unknown: Record<string, number>;
}

/** Counts the sentinels and codes in `rows` rows from `start` on. */
export function countMarks(
  columns: NumericArray[],
  start: number,
  rows: number,
  inputs: InputSql[],
  counts: PolicyCounts,
): void {
  for (const [index, { binding }] of inputs.entries()) {
    const { column, input } = binding;
    const values = columns[index];
    if (values instanceof BigInt64Array && input.categories !== undefined) {
      // Codes are small: their low 32 bits say it all, and are far quicker to look at than bigints.
      const words = new Int32Array(values.buffer, values.byteOffset + start * 8, rows * 2);
      if (input.nulls === 'nan') addCount(counts.nulls, column, countCode(words, NULL_CODE));
      if ((input.unknown ?? 'error') !== 'error') addCount(counts.unknown, column, countCode(words, UNKNOWN_CODE));
    } else if (input.nulls === 'nan' && (values instanceof Float32Array || values instanceof Float64Array)) {
      addCount(counts.nulls, column, countSentinels(values, start, rows));
    }
  }
}

export function addCount(counts: Record<string, number>, column: string, found: number): void {
  if (found > 0) counts[column] = (counts[column] ?? 0) + found;
}

function countCode(words: Int32Array, code: number): number {
  let found = 0;
  for (let index = 0; index < words.length; index += 2) if (words[index] === code) found++;
  return found;
}

function countSentinels(values: Float32Array | Float64Array, start: number, rows: number): number {
  let found = 0;
  for (let row = start; row < start + rows; row++) if (values[row] === NAN_SENTINEL) found++;
  return found;
}

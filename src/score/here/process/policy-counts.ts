/** How often a policy was needed: counted in the arrays on their way to the model, which is cheaper than a second query. */

import { addCount } from '../../../counts.js';
import { NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../../../signature.js';
import type { ReadInput } from '../reading.js';
import type { NumericArray } from './vectors.js';

/** By column of the data; columns without any are left out. */
export interface PolicyCounts {
  nulls: Record<string, number>;
  unknown: Record<string, number>;
}

/** Adds up the counts of several parts of the data. */
export function sumCounts(parts: PolicyCounts[]): PolicyCounts {
  const total: PolicyCounts = { nulls: {}, unknown: {} };
  for (const part of parts) {
    for (const [column, found] of Object.entries(part.nulls)) addCount(total.nulls, column, found);
    for (const [column, found] of Object.entries(part.unknown)) addCount(total.unknown, column, found);
  }
  return total;
}

/** Counts, among values that DuckDB worked out, those that stand for no value or for one that the model does not know. */
export function countMarks(values: NumericArray, input: ReadInput, counts: PolicyCounts): void {
  const { column, nulls, codes, countUnknown } = input;
  if (values instanceof BigInt64Array && codes) {
    // Codes are small: their low 32 bits say it all, and are far quicker to look at than bigints.
    const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    if (nulls === 'nan') addCount(counts.nulls, column, countCode(words, NULL_CODE));
    if (countUnknown) addCount(counts.unknown, column, countCode(words, UNKNOWN_CODE));
  } else if (nulls === 'nan' && (values instanceof Float32Array || values instanceof Float64Array)) {
    addCount(counts.nulls, column, countSentinels(values));
  }
}

function countCode(words: Int32Array, code: number): number {
  let found = 0;
  for (let index = 0; index < words.length; index += 2) if (words[index] === code) found++;
  return found;
}

function countSentinels(values: Float32Array | Float64Array): number {
  let found = 0;
  for (const value of values) if (value === NAN_SENTINEL) found++;
  return found;
}

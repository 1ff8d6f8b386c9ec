/** A column of the data as it is, copied into the model's type: casts, the NULL policy, and what is refused. */

import { NAN_SENTINEL, type NullPolicy } from '../../../signature.js';
import type { NumericArray } from './vectors.js';

/** How many values were missing and taken care of, or `refused`: a missing one, one out of range, the sentinel. */
type Copied = number | 'refused';

/**
 * Copies `from` to `target` from `at` on. `valid`: one bit a value, null when there is no NULL. `nulls`: the policy, or
 * null for values that DuckDB checked already. The same rules as input-sql.ts has in SQL. Most vectors have nothing to
 * look for, so each is first asked as a whole.
 */
export function copyChecked(
  target: NumericArray,
  at: number,
  from: NumericArray,
  valid: Uint8Array | null,
  nulls: NullPolicy | null,
): Copied {
  if (target instanceof Int32Array && from instanceof Int32Array) target.set(from, at);
  else if (target instanceof BigInt64Array && from instanceof BigInt64Array) target.set(from, at);
  else if (isReal(target) && isReal(from)) return copyReals(target, at, from, valid, nulls);
  else throw new Error('DuckDB gave a vector of another type than the one selected');
  return valid === null ? 0 : 'refused';
}

type Reals = Float32Array | Float64Array;

function copyReals(target: Reals, at: number, from: Reals, valid: Uint8Array | null, nulls: NullPolicy | null): Copied {
  target.set(from, at);
  if (nulls === null) return 0;
  const end = at + from.length;
  if (valid === null && allFinite(target, at, end) && (nulls !== 'nan' || !hasSentinel(target, at, end))) return 0;
  const marker = nulls === 'error' ? null : nulls === 'nan' ? NAN_SENTINEL : nulls;
  let missing = 0;
  for (let row = 0; row < from.length; row++) {
    const value = from[row] ?? Number.NaN;
    if (!isValid(valid, row) || Number.isNaN(value)) {
      if (marker === null) return 'refused';
      target[at + row] = marker;
      missing++;
      continue;
    }
    const copied = target[at + row] ?? Number.NaN;
    if (!Number.isFinite(copied) && Number.isFinite(value)) return 'refused';
    if (nulls === 'nan' && copied === NAN_SENTINEL) return 'refused';
  }
  return missing;
}

/** 0 times NaN or an infinity is NaN, and stays so in a sum: no branch for each value. */
function allFinite(values: Reals, start: number, end: number): boolean {
  let sum = 0;
  for (let index = start; index < end; index++) sum += (values[index] ?? 0) * 0;
  return sum === 0;
}

function hasSentinel(values: Reals, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (values[index] === NAN_SENTINEL) return true;
  return false;
}

function isValid(valid: Uint8Array | null, row: number): boolean {
  return valid === null || (((valid[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function isReal(values: NumericArray): values is Reals {
  return values instanceof Float32Array || values instanceof Float64Array;
}

/** Columns of a sample that real does not hold as they are. */

import { column, type Frame } from '../rows/frame.js';
import type { Signature } from '../signature.js';

/** By name: columns of real in which some number is rounded; first those where that is most against the column's spread. */
export function roundedColumns(rows: Frame, { inputs }: Signature): string[] {
  return inputs
    .filter(({ type }) => type === 'float')
    .map(({ name }) => ({ name, coarseness: coarseness(column(rows, name)?.values ?? []) }))
    .filter(({ coarseness }) => coarseness > 0)
    .toSorted((one, other) => other.coarseness - one.coarseness)
    .map(({ name }) => name);
}

/** The largest error as a part of the range of the values: 6e-8 as a rule, and more for a date in seconds or a number of an order. */
function coarseness(values: ArrayLike<unknown>): number {
  let [low, high, error] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value !== 'number' && typeof value !== 'bigint') continue;
    const number = Number(value);
    if (!Number.isFinite(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
    error = Math.max(error, Math.abs(number - Math.fround(number)));
  }
  return error === 0 ? 0 : error / Math.max(high - low, Number.MIN_VALUE);
}

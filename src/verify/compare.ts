/** Predictions against expected ones, number by number, label by label. */

import type { NumericValues } from '../inference/feeds.js';
import type { Frame, FrameColumn } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';

export interface Tolerance {
  rtol: number;
  atol: number;
}

export interface ColumnDifference {
  maxAbsDiff: number;
  /** Over values whose magnitude is above atol: below, the absolute difference is what counts. */
  maxRelDiff: number;
  labelMismatches: number;
  /** Rows outside the tolerance, with how far outside they are, worst first. */
  outside: { row: number; excess: number }[];
}

const NOTHING: ColumnDifference = { maxAbsDiff: 0, maxRelDiff: 0, labelMismatches: 0, outside: [] };

/**
 * Compares the first rows of `expected` with `got`, leaving out the rows that `skip` marks. Of the rows from `measured` on,
 * differences are told only where they are outside: there numbers may be of any size.
 */
export function compareColumn(
  output: OutputColumn,
  expected: FrameColumn,
  got: NumericValues,
  tolerance: Tolerance,
  skip: Uint8Array,
  measured = got.length,
): ColumnDifference {
  return output.role === 'label'
    ? compareLabels(output, expected, got, skip)
    : compareNumbers(expected, got, tolerance, skip, measured);
}

/** A value as a report shows it: the label's text, the number, or the name of a number that JSON cannot hold. */
export function shownValue(
  values: FrameColumn['values'] | NumericValues,
  row: number,
  labels?: string[],
): string | number | null {
  const value = values[row];
  if (value === undefined || value === null || typeof value === 'string') return value ?? null;
  const number = Number(value);
  return labels?.[number] ?? (Number.isFinite(number) ? number : String(number));
}

/** The expected column of an output. */
export function expectedColumn(expected: Frame, output: OutputColumn): FrameColumn | undefined {
  return expected.columns.find(({ name }) => name === output.name);
}

function compareLabels(
  { labels }: OutputColumn,
  expected: FrameColumn,
  got: NumericValues,
  skip: Uint8Array,
): ColumnDifference {
  const outside: ColumnDifference['outside'] = [];
  for (let row = 0; row < got.length; row++) {
    if (skip[row] === 1) continue;
    const same =
      labels === undefined
        ? Number(expected.values[row]) === Number(got[row])
        : String(expected.values[row]) === labels[Number(got[row])];
    if (!same) outside.push({ row, excess: Number.POSITIVE_INFINITY });
  }
  return { ...NOTHING, labelMismatches: outside.length, outside };
}

function compareNumbers(
  expected: FrameColumn,
  got: NumericValues,
  { rtol, atol }: Tolerance,
  skip: Uint8Array,
  measured: number,
): ColumnDifference {
  let maxAbsDiff = 0;
  let maxRelDiff = 0;
  const outside: ColumnDifference['outside'] = [];
  for (let row = 0; row < got.length; row++) {
    if (skip[row] === 1) continue;
    const wanted = Number(expected.values[row]);
    const actual = Number(got[row]);
    if (Object.is(wanted, actual) || wanted === actual) continue;
    const difference = Math.abs(wanted - actual);
    // NaN against a number, or infinity against anything else, can never be within a tolerance.
    const excess = Number.isFinite(difference)
      ? difference - (atol + rtol * Math.abs(wanted))
      : Number.POSITIVE_INFINITY;
    if (excess > 0) outside.push({ row, excess });
    else if (row >= measured) continue;
    maxAbsDiff = Math.max(maxAbsDiff, Number.isFinite(difference) ? difference : Number.MAX_VALUE);
    if (Math.abs(wanted) > atol)
      maxRelDiff = Math.max(maxRelDiff, Math.min(difference / Math.abs(wanted), Number.MAX_VALUE));
  }
  outside.sort((a, b) => b.excess - a.excess);
  return { maxAbsDiff, maxRelDiff, labelMismatches: 0, outside };
}

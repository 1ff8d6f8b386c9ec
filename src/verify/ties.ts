/** Rows of which an original that computes in float32 does not decide the label: its two largest scores are all but equal. */

import type { Frame } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';
import { type ColumnDifference, expectedColumn } from './compare.js';

/** A few units in the last place of a probability: as far as another order of adding moves it. */
const NEAR = 2e-6;

/** `difference` without the rows whose label may change places with another; they are added to `tied`. */
export function withoutTies(
  difference: ColumnDifference,
  output: OutputColumn,
  outputs: OutputColumn[],
  expected: Frame,
  tied: Set<number>,
): ColumnDifference {
  if (output.role !== 'label' || difference.outside.length === 0) return difference;
  const scores = outputs.filter(({ role }) => role === 'probability' || role === 'score');
  const labels = outputs.filter(({ role }) => role === 'label');
  const columns = scores.map((score) => expectedColumn(expected, score)?.values);
  const outside = difference.outside.filter(({ row }) => {
    const values = columns.map((each) => Number(each?.[row])).sort((a, b) => b - a);
    if (labels.length !== 1 || !(gap(values, scores[0]?.role) <= NEAR)) return true;
    tied.add(row);
    return false;
  });
  return { ...difference, labelMismatches: outside.length, outside };
}

/** Of `values` in descending order; a lone probability is that of one of two classes, a lone score is above or below zero. */
function gap([first = Number.NaN, second]: number[], role: OutputColumn['role'] | undefined): number {
  if (second !== undefined) return first - second;
  return Math.abs(role === 'probability' ? 2 * first - 1 : first);
}

/**
 * The cheap way to put columns side by side: Concat(axis 0) copies each column once, Reshape is free, and one Transpose beats
 * thousands of 4-byte copies of Concat(axis 1) (10,000 × 30: 0.37 ms against 0.67 ms with a linear model behind).
 */

import { constant, emit } from '../build.js';
import { int, int64Tensor, ints } from '../codec/tensors.js';
import type { Draft } from '../draft.js';

/** Tensors [N,1] of one type as one [N,F]. */
export function stack(draft: Draft, columns: readonly string[]): string {
  const concatenated = emit(draft, 'Concat', columns, { axis: int(0) });
  const stacked = emit(draft, 'Reshape', [concatenated, constant(draft, int64Tensor([columns.length, -1]))]);
  const tensor = emit(draft, 'Transpose', [stacked], { perm: ints([1, 0]) });
  draft.joins.push({ columns: [...columns], concatenated, stacked, tensor });
  return tensor;
}

/** What a rule on stacked columns is told, and what it answers. */

import { constant } from '../../build.js';
import { numberTensor } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import type { Inferred } from '../../facts/facts.js';

export interface Stacked {
  /** The tensor [K,N]. */
  name: string;
  /** K. */
  size: number;
  /** Something was saved on the way: what still wants [N,K] transposes this rather than compute it anew. */
  worth: boolean;
}

export interface TransposeContext {
  draft: Draft;
  facts: Inferred;
  /** Row tensors that are also there as columns. */
  stacked: ReadonlyMap<string, Stacked>;
}

export interface Transposed {
  /** Row tensor → the same as [K,N]. */
  stacked: Map<string, Omit<Stacked, 'worth'>>;
  /** Row tensor → a tensor of the same shape and values (labels [N]). */
  rows: Map<string, string>;
  /** A product with weights: what makes the effort worth it. */
  linear: boolean;
}

export type Real = 'float' | 'double';

/** Numbers that go with stacked columns: one a column, [K,1]. */
export function columnConstant(draft: Draft, type: Real, values: number[]): string {
  return constant(draft, numberTensor(type, [values.length, 1], values));
}

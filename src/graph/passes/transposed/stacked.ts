/** What a rule on stacked columns is told, and what it answers. */

import type { Draft } from '../../draft.js';
import type { Inferred } from '../../facts/infer.js';

export interface Wide {
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
  wide: ReadonlyMap<string, Wide>;
}

export interface Transposed {
  /** Row tensor → the same as [K,N]. */
  wide: Map<string, Omit<Wide, 'worth'>>;
  /** Row tensor → a tensor of the same shape and values (labels [N]). */
  rows: Map<string, string>;
  /** A product with weights: what makes the effort worth it. */
  linear: boolean;
}

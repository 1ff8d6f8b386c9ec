/** What is known of a tensor before the graph runs. */

import type { ElementType } from '../codec/model.js';
import type { Size } from './shapes.js';

export interface TensorFacts {
  element: ElementType;
  shape: Size[] | null;
}

export type Inferred = Map<string, TensorFacts>;

/** What a rule tells of one output of a node; undefined where it does not know. */
export type Found = { element?: ElementType | undefined; shape?: Size[] | null | undefined };

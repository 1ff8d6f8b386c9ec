/** What is known of a tensor before the graph runs. */

import type { ElementType } from '../codec/model.js';
import type { Size } from './shapes.js';

export interface TensorFacts {
  element: ElementType;
  shape: Size[] | null;
}

export type Inferred = Map<string, TensorFacts>;

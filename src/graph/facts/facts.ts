/** What is known of a tensor before the graph runs, and what a rule is asked that finds it out. */

import type { ElementType, Node } from '../codec/model.js';
import type { Size } from './shapes.js';

export interface TensorFacts {
  element: ElementType;
  shape: Size[] | null;
}

export type Inferred = Map<string, TensorFacts>;

/** What a rule tells of one output of a node; undefined where it does not know. */
export interface OutputFacts {
  element?: ElementType | undefined;
  shape?: Size[] | null | undefined;
}

/** A node, and what is known of the tensors that it reads. */
export interface Question {
  node: Node;
  inputs: (TensorFacts | undefined)[];
  /** Element type of the first input. */
  element: ElementType | undefined;
  /** Shape of the first input. */
  shape: Size[] | null;
  /** The numbers of an input that is a constant; null for others. */
  values(input: number): number[] | null;
}

/** One answer for each output of the node, or fewer. */
export type FactsRule = (question: Question) => OutputFacts[];

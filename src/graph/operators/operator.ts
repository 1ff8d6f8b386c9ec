/** What there is to know of an ONNX operator: its class, and what sets it apart within that class. */

import type { ElementType } from '../codec/model.js';

export type OperatorClass =
  /** Each value by itself. */
  | 'elementwise'
  /** Values of several tensors, each of which is spread over the others. */
  | 'broadcast'
  /** The same, and truth values come out. */
  | 'comparison'
  | 'reduction'
  /** Along one axis: sums so far, shares, places of the largest. */
  | 'alongAxis'
  /** Products of matrices. */
  | 'product'
  /** These four work on pictures and series [N,C,…]: rows are the first axis, by definition. */
  | 'convolution'
  | 'pool'
  | 'normalization'
  | 'picture'
  | 'recurrent'
  /** Hands values on as they are, in other places. */
  | 'movement'
  /** What a tensor's shape is, and tensors made of one. */
  | 'shape'
  /** Values as places, and places of values. */
  | 'places'
  | 'text'
  /** Sequences and maps. */
  | 'container'
  | 'constant'
  /** Its work is up to the data: a graph with one of them may never end. */
  | 'controlFlow'
  /** Equal inputs do not give equal outputs. */
  | 'random'
  | 'classifier'
  | 'regressor'
  /** Of ai.onnx.ml, column by column. */
  | 'preprocessing'
  /** Categories to codes or columns. */
  | 'encoder';

export interface Operator {
  /**
   * Versions whose changes only added element types (or made an input optional): for float, double, int32, int64, bool and
   * text the operator means the same in all of them, so that a model may go from one to the other as it is.
   */
  alike?: readonly number[];
  /** Element type of the result, where it is not that of the first input. */
  element?: ElementType;
  /** ONNX Runtime has no kernel for double on a CPU; found by loading a graph of each in 1.30.0 and in 1.12.1, of which one refuses. */
  floatOnly?: true;
  /** ONNX Runtime's GemmActivationFusion takes it into the Gemm before it. */
  fusedBehindGemm?: true;
  /** Why the pass `transposed` has no form of it on stacked columns [F,N], though its class has. */
  notStacked?: string;
  /** Works on codes as well as on the text that they stand for, though its class as a whole does not. */
  onCodes?: true;
  /** Why the pass `text` takes it to need the text itself, though its class does not. */
  notOnCodes?: string;
  /** Values that are equal along an axis may not be so afterwards. */
  notUniform?: true;
  /** Its result in one row is up to the others. */
  mixesRows?: true;
  /** What it makes is a label, a probability or a score when what it reads is one. */
  handsOnRole?: true;
}

/** Operators of one class by name. */
export type Rows = Record<string, Operator>;

/** A model on its way to the contract: the graph, and what is known of its columns so far. */

import type { ColumnType, NullPolicy, OutputColumn, Signature, UnknownPolicy } from '../signature.js';
import type { Warning } from '../warnings.js';
import type { Model } from './codec/model.js';
import type { Inferred } from './facts/facts.js';
import type { GraphIndex } from './graph-index.js';
import type { Top } from './metadata.js';
import type { NormalizeOptions } from './normalize-options.js';
import type { Picture } from './picture.js';

export interface Draft {
  model: Model;
  /** Who makes and who reads each tensor, and which are constant. */
  index: GraphIndex;
  /** Of each tensor as the pass that runs now found it; null until it asks. See `factsOf`. */
  facts: Inferred | null;
  options: NormalizeOptions;
  /** In the order of the raw inputs; empty until the pass `columns` has run. */
  columns: ColumnPlan[];
  outputs: OutputPlan[];
  joins: Join[];
  /** Tensors [N,K] that are also there as [K,N], which is cheaper to take columns from. */
  transposed: Map<string, string>;
  /** The columns that come out, once the pass `outputs` has run. */
  results: Result[];
  /** Runs the raw graph to learn the shapes of its outputs; null when nobody can. */
  observe: ((outputs: string[]) => Promise<Record<string, number[]>>) | null;
  warnings: Warning[];
  /** Inputs that are pictures. */
  pictures: Picture[];
  /** Set by the pass `outputs` when `--top` is asked for. */
  top: Top | null;
  /** By column or output: what the model calls it, where that differs. */
  originalNames: Map<string, string>;
  /** Of a model that was normalised before: what its metadata says of its columns. */
  previous: Signature | null;
  /** Every tensor name in use, nested graphs included. */
  names: Set<string>;
  /** Where to go on looking for a free name, by its base. */
  counters: Map<string, number>;
}

export interface ColumnPlan {
  name: string;
  /** The graph input: a working name until the last pass gives it the column's. */
  tensor: string;
  type: ColumnType;
  nulls: NullPolicy;
  /** The graph already turns the sentinel into NaN. */
  replaced: boolean;
  category: CategoryPlan | null;
}

export interface CategoryPlan {
  /** The text that a LabelEncoder makes of the codes, where the raw graph wants text. */
  decoder: string | null;
  categories: string[] | null;
  missingText: string | null;
  unknown: UnknownPolicy | undefined;
}

export interface OutputPlan {
  /** The output of the raw graph. */
  rawOutput: string;
  /** What the framework calls it, when the converter says so. */
  frameworkName: string | null;
  /** The tensor that holds it now. */
  tensor: string;
  names: string[] | null;
  role: OutputColumn['role'];
  labels: string[] | null;
}

export interface Result {
  tensor: string;
  column: OutputColumn;
}

/** Columns stacked by Concat(axis 0) to [F·N,1], seen as [F,N] by Reshape, and turned to [N,F]. */
interface Join {
  columns: readonly string[];
  concatenated: string;
  stacked: string;
  tensor: string;
}

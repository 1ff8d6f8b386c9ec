/** What the normaliser is told, and what it answers. */

import type { ColumnFacts, InputFacts, OutputFacts } from '../converters/answer.js';
import type { NullPolicy, Signature, UnknownPolicy } from '../signature.js';
import type { TargetProfile } from '../targets/targets.js';
import type { Warning } from '../warnings.js';
import type { LoadedModel } from './codec/loaded-model.js';
import type { Top } from './metadata.js';
import type { GraphSketch } from './sketch.js';

/** A number of rows that is unlikely to be a number of classes or outputs too, so that the rows' axis is told from the others. */
export const OBSERVED_ROWS = 1009;

export interface NormalizeOptions {
  target: TargetProfile;
  /** From a converter; without it the graph alone is read, and what it cannot say is an error or comes from `columnNames`. */
  facts?: {
    columns: ColumnFacts[];
    /** In the model's own order. */
    inputs: InputFacts[];
    outputs: OutputFacts[];
  };
  /** Names for the columns, in the order of the graph's inputs (`--columns`); only used without facts. */
  columnNames?: string[];
  /** Overrides of the model's own policies (`--on-null`, `--on-unknown`). */
  onNull?: NullPolicy;
  onUnknown?: UnknownPolicy;
  /** `N` symbolic (default), or 1 as the official quickstart writes it. */
  batch?: 'N' | 1;
  /** Keep only these output columns, or all columns of these outputs (`--outputs`). */
  outputs?: string[];
  /** In place of the columns of the widest output, or the one that `outputs` names, the K largest of them (`--top`). */
  top?: number;
  /** Store weights in half precision (`--weights float16`): half the file, at the cost of precision. */
  weights?: 'float32' | 'float16';
  /** Height and width of the picture that the columns make (`--image-size`); only used without facts. */
  imageSize?: [number, number];
  /** Keep pictures of the graph as it comes and as it goes. */
  sketch?: boolean;
  /** Written to metadata_props under `predictable.`. */
  metadata?: Record<string, string>;
  /**
   * Learns the true shapes of the outputs by running a graph of single columns on OBSERVED_ROWS rows, since declared shapes
   * lie. Only called when the operators do not tell an output's shape.
   */
  observe?: (graph: LoadedModel, outputs: string[]) => Promise<Record<string, number[]>>;
}

/** What one pass did, or why it had nothing to do: what `normalize --explain` prints. */
export interface PassReport {
  pass: string;
  modified: boolean;
  reason: string;
}

export interface Normalized {
  bytes: Uint8Array;
  signature: Signature;
  /** What `--top` made of the model, null when nothing. */
  top: Top | null;
  opsets: Record<string, number>;
  ir: number;
  passes: PassReport[];
  warnings: Warning[];
  sketches?: { before: GraphSketch; after: GraphSketch };
}

/** A model on its way to the contract: the graph, and what is known of its columns so far. */

import type { Warning } from '../warnings.js';
import type { ColumnType, NullPolicy, OutputColumn, Signature, UnknownPolicy } from '../signature.js';
import type { Attribute, Model, Node, Tensor } from './codec/model.js';
import type { Inferred } from './facts/facts.js';
import type { GraphIndex } from './graph-index.js';
import type { NormalizeOptions } from './normalize-options.js';
import type { Picture } from './picture.js';
import type { Top } from './top.js';
import { nestedGraphs, readsOf } from './walk.js';

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
  /** The name of the raw output. */
  source: string;
  /** What the framework calls it, when the converter says so. */
  original: string | null;
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
export interface Join {
  columns: readonly string[];
  stacked: string;
  wide: string;
  tensor: string;
}

/** `requires → apply → ensures`; a pass changes the draft's model in place, which the normaliser decoded for itself. */
export interface Pass {
  name: string;
  /** Passes whose work it needs; the list of passes keeps this order, and a test holds it to that. */
  after?: readonly string[];
  /** Why there is nothing to do, or null. */
  requires?(draft: Draft): string | null;
  apply(draft: Draft): PassResult | Promise<PassResult>;
  /** Throws when the pass left something undone. */
  ensures?(draft: Draft): void;
}

export interface PassResult {
  modified: boolean;
  reason: string;
}

export function done(reason: string): PassResult {
  return { modified: true, reason };
}

export function nothing(reason: string): PassResult {
  return { modified: false, reason };
}

/** A tensor name that nothing has yet. */
export function fresh(draft: Draft, base: string): string {
  for (let count = draft.counters.get(base) ?? 0; ; count += 1) {
    const name = count === 0 ? base : `${base}_${count}`;
    if (draft.names.has(name)) continue;
    draft.names.add(name);
    // A model of a hundred thousand columns asks for as many names of one base.
    draft.counters.set(base, count + 1);
    return name;
  }
}

/** Adds a constant and returns its name. */
export function constant(draft: Draft, tensor: Tensor): string {
  const name = fresh(draft, 'constant');
  draft.model.graph.initializers.push({ ...tensor, name });
  return name;
}

export function makeNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): Node {
  return { name: '', domain, op, inputs, outputs, doc: '', attributes: new Map(Object.entries(attributes)) };
}

/** Appends a node with one fresh output and returns that output; the last pass puts nodes in order. */
export function emit(
  draft: Draft,
  op: string,
  inputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): string {
  const output = fresh(draft, op.toLowerCase());
  draft.model.graph.nodes.push(makeNode(op, inputs, [output], attributes, domain));
  return output;
}

/** Lets everything that reads `from` read `to`, but for the nodes in `except`. */
export function redirect(draft: Draft, from: string, to: string, except: ReadonlySet<Node> = new Set()): void {
  for (const node of draft.index.readers(from)) if (!except.has(node)) draft.index.renameReads(node, from, to);
  for (const output of [...draft.outputs, ...draft.results]) if (output.tensor === from) output.tensor = to;
}

export function opset(draft: Draft, domain = ''): number {
  return draft.model.opsets.find((entry) => entry.domain === domain)?.version ?? draft.options.target.opsets[''];
}

/** Takes away what no output needs, so that it ties nothing together in the passes to come. */
export function dropDead(draft: Draft, ends: { tensor: string }[] = [...draft.outputs, ...draft.results]): number {
  const { graph } = draft.model;
  const live = new Set<Node>();
  const waiting = ends.map(({ tensor }) => draft.index.maker(tensor));
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === undefined || live.has(node)) continue;
    live.add(node);
    for (const name of [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)]) waiting.push(draft.index.maker(name));
  }
  const before = graph.nodes.length;
  graph.nodes = graph.nodes.filter((node) => live.has(node));
  return before - graph.nodes.length;
}

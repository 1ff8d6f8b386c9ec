/** A model on its way to the contract: the graph, and what is known of its columns so far. */

import type { Warning } from '../convert/envelope.js';
import type { ColumnType, NullPolicy, OutputColumn, Signature, UnknownPolicy } from '../signature.js';
import type { Attribute, Graph, Model, Node, Tensor } from './model.js';
import type { NormalizeOptions } from './normalize-options.js';
import type { Picture } from './picture.js';
import type { Top } from './top.js';

export interface Draft {
  model: Model;
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
  columns: string[];
  stacked: string;
  wide: string;
  tensor: string;
}

/** `requires → apply → ensures`; a pass changes the draft's model in place, which the normaliser decoded for itself. */
export interface Pass {
  name: string;
  /** Why there is nothing to do, or null. */
  requires?(draft: Draft): string | null;
  apply(draft: Draft): PassResult | Promise<PassResult>;
  /** Throws when the pass left something undone. */
  ensures?(draft: Draft): void;
}

export interface PassResult {
  model: Model;
  modified: boolean;
  reason: string;
}

export function done(draft: Draft, reason: string): PassResult {
  return { model: draft.model, modified: true, reason };
}

export function nothing(draft: Draft, reason: string): PassResult {
  return { model: draft.model, modified: false, reason };
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
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): Node {
  return { name: '', domain, op, inputs, outputs, doc: '', attributes: new Map(Object.entries(attributes)) };
}

/** Appends a node with one fresh output and returns that output; the last pass puts nodes in order. */
export function emit(
  draft: Draft,
  op: string,
  inputs: string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): string {
  const output = fresh(draft, op.toLowerCase());
  draft.model.graph.nodes.push(makeNode(op, inputs, [output], attributes, domain));
  return output;
}

/** Lets everything that reads `from` read `to`, but for the nodes in `except`. */
export function redirect(draft: Draft, from: string, to: string, except: ReadonlySet<Node> = new Set()): void {
  renameReads(draft.model.graph, from, to, except);
  for (const output of [...draft.outputs, ...draft.results]) if (output.tensor === from) output.tensor = to;
}

function renameReads(graph: Graph, from: string, to: string, except: ReadonlySet<Node>): void {
  for (const node of graph.nodes) {
    if (except.has(node)) continue;
    if (node.inputs.includes(from)) node.inputs = node.inputs.map((name) => (name === from ? to : name));
    for (const nested of nestedGraphs(node)) {
      renameReads(nested, from, to, except);
      for (const output of nested.outputs) if (output.name === from) output.name = to;
    }
  }
}

export function nestedGraphs(node: Node): Graph[] {
  return [...node.attributes.values()].flatMap((attribute) =>
    attribute.type === 'graph' ? [attribute.value] : attribute.type === 'graphs' ? attribute.value : [],
  );
}

/** Every node, those of nested graphs after the node that holds them. */
export function allNodes(graph: Graph): Node[] {
  return graph.nodes.flatMap((node) => [node, ...nestedGraphs(node).flatMap(allNodes)]);
}

export function producers(graph: Graph): Map<string, Node> {
  const index = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== '') index.set(output, node);
  return index;
}

/** Readers of each tensor; a node with nested graphs counts as a reader of what they capture. */
export function consumers(graph: Graph): Map<string, Node[]> {
  const index = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of new Set([...node.inputs, ...nestedGraphs(node).flatMap(readsOf)])) {
      if (name === '') continue;
      const known = index.get(name);
      if (known) known.push(node);
      else index.set(name, [node]);
    }
  }
  return index;
}

/** All names that a nested graph reads, its own included: names are unique in a model. */
export function readsOf(graph: Graph): string[] {
  return [
    ...graph.nodes.flatMap((node) => [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)]),
    ...graph.outputs.map(({ name }) => name),
  ];
}

export function initializersOf(graph: Graph): Map<string, Tensor> {
  return new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
}

export function opset(draft: Draft, domain = ''): number {
  return draft.model.opsets.find((entry) => entry.domain === domain)?.version ?? draft.options.target.opsets[''];
}

export function allNames(graph: Graph): Set<string> {
  const names = new Set<string>(['']);
  const visit = (part: Graph): void => {
    for (const { name } of [...part.inputs, ...part.outputs, ...part.initializers]) names.add(name);
    for (const node of part.nodes) {
      for (const name of [...node.inputs, ...node.outputs]) names.add(name);
      nestedGraphs(node).forEach(visit);
    }
  };
  visit(graph);
  return names;
}

/** Takes away what no output needs, so that it ties nothing together in the passes to come. */
export function dropDead(draft: Draft, ends: { tensor: string }[] = [...draft.outputs, ...draft.results]): number {
  const { graph } = draft.model;
  const made = producers(graph);
  const live = new Set<Node>();
  const waiting = ends.map(({ tensor }) => made.get(tensor));
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === undefined || live.has(node)) continue;
    live.add(node);
    for (const name of [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)]) waiting.push(made.get(name));
  }
  const before = graph.nodes.length;
  graph.nodes = graph.nodes.filter((node) => live.has(node));
  return before - graph.nodes.length;
}

/** Nodes so that each comes after those it reads from. */
export function inOrder(graph: Graph): Node[] {
  const made = producers(graph);
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  for (const root of graph.nodes) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1] as Node;
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      state.set(node, 'open');
      const waiting = [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)]
        .map((name) => made.get(name))
        .filter((source) => source !== undefined && source !== node && !state.has(source)) as Node[];
      if (waiting.length > 0) stack.push(...waiting.reverse());
      else {
        state.set(node, 'done');
        order.push(node);
        stack.pop();
      }
    }
  }
  return order;
}

/** What passes build with: fresh names, constants, nodes, and readers that are sent elsewhere. */

import type { Attribute, Node, Tensor } from './codec/model.js';
import type { Draft } from './draft.js';
import { nestedGraphs, readsOf } from './walk.js';

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
  // An array of its own: the index changes that of a node with many inputs in place.
  return {
    name: '',
    domain,
    op,
    inputs: [...inputs],
    outputs,
    doc: '',
    attributes: new Map(Object.entries(attributes)),
  };
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
  for (const output of draft.outputs) if (output.tensor === from) output.tensor = to;
  for (const result of draft.results) if (result.tensor === from) result.tensor = to;
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

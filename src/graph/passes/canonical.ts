/** Order, names and everything else that does not change what a model computes, so that the same model gives the same bytes. */

import { fresh, makeNode } from '../build.js';
import type { Graph, Node, ValueType } from '../codec/model.js';
import { depthFirst } from '../depth-first.js';
import type { Draft } from '../draft.js';
import { nestedGraphs, producers, readsOf } from '../walk.js';
import type { Pass } from './pass.js';
import { done } from './pass.js';

export const canonical: Pass = {
  name: 'canonical',
  after: ['outputs', 'biases', 'duplicates', 'weights'],
  apply(draft) {
    const { model } = draft;
    const { graph } = model;
    separateResults(draft);
    const before = graph.nodes.length;
    for (const nested of graph.nodes.flatMap(nestedGraphs)) separateOutputs(draft, nested);
    graph.nodes = depthFirst(
      graph,
      draft.results.map(({ tensor }) => tensor),
    );
    const dead = before - graph.nodes.length;
    rename(draft);
    for (const node of graph.nodes) tidy(node);
    graph.values = [];
    graph.sparse = [];
    graph.quantization = [];
    graph.name = 'predictable';
    graph.doc = '';
    Object.assign(model, { producer: 'predictable', producerVersion: '', domain: '', version: 0, doc: '' });
    return done(`${graph.nodes.length} nodes in the order in which the outputs need them; ${dead} dead ones removed`);
  },
};

/** An output has a tensor to itself, which is not an input: otherwise a name would stand for two things. */
function separateResults(draft: Draft): void {
  const taken = new Set(draft.model.graph.inputs.map(({ name }) => name));
  for (const [index, result] of draft.results.entries()) {
    if (taken.has(result.tensor)) {
      const copy = fresh(draft, 'copy');
      draft.model.graph.nodes.push(makeNode('Identity', [result.tensor], [copy]));
      result.tensor = copy;
    }
    taken.add(result.tensor);
    const output = draft.model.graph.outputs[index];
    if (output) output.name = result.tensor;
  }
}

/** Of several outputs of a nested graph that are the same tensor, the first is that tensor, and the others are copies. */
function separateOutputs(draft: Draft, graph: Graph): void {
  for (const nested of graph.nodes.flatMap(nestedGraphs)) separateOutputs(draft, nested);
  const made = producers(graph);
  const taken = new Set<string>();
  for (const output of graph.outputs) {
    const copied = (name: string): Node | undefined => {
      const maker = made.get(name);
      return maker?.op === 'Identity' && made.has(maker.inputs[0] ?? '') ? maker : undefined;
    };
    let source = output.name;
    for (let copy = copied(source); copy !== undefined; copy = copied(source)) source = copy.inputs[0] ?? '';
    if (made.has(source) && taken.has(source)) {
      output.name = fresh(draft, 'copy');
      graph.nodes.push(makeNode('Identity', [source], [output.name]));
    } else {
      output.name = source;
    }
    taken.add(source);
  }
}

function rename(draft: Draft): void {
  const { graph } = draft.model;
  const names = new Map<string, string>([['', '']]);
  const taken = new Set<string>();
  const give = (from: string, to: string): void => {
    names.set(from, to);
    taken.add(to);
  };
  for (const { tensor, name } of draft.columns) give(tensor, name);
  for (const { tensor, column } of draft.results) give(tensor, column.name);
  const counters = { t: 0, c: 0 };
  const number = (name: string, letter: 't' | 'c'): void => {
    if (names.has(name)) return;
    let next = `${letter}${counters[letter]++}`;
    while (taken.has(next)) next = `${letter}${counters[letter]++}`;
    give(name, next);
  };
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const used = new Set<string>();
  for (const node of graph.nodes) {
    for (const name of [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)]) {
      if (!constants.has(name)) continue;
      used.add(name);
      number(name, 'c');
    }
    for (const nested of nestedGraphs(node)) numberNested(nested, number);
    for (const name of node.outputs) number(name, 't');
  }
  graph.initializers = [...used].flatMap((name) => constants.get(name) ?? []);
  clear(graph);
  draft.index.renameAll((name) => names.get(name) ?? name);
  for (const column of draft.columns) column.tensor = column.name;
  for (const result of draft.results) result.tensor = result.column.name;
}

function numberNested(graph: Graph, number: (name: string, letter: 't' | 'c') => void): void {
  for (const { name } of graph.inputs) number(name, 't');
  for (const { name } of graph.initializers) number(name, 'c');
  for (const node of graph.nodes) {
    for (const nested of nestedGraphs(node)) numberNested(nested, number);
    for (const name of node.outputs) number(name, 't');
  }
}

/** Nodes are called by their place, constants are copies that may be renamed. */
function clear(graph: Graph): void {
  graph.initializers = graph.initializers.map((tensor) => ({ ...tensor, doc: '' }));
  for (const [index, node] of graph.nodes.entries()) {
    node.name = `${node.op}_${index}`;
    for (const nested of nestedGraphs(node)) clear(nested);
  }
}

function tidy(node: Node): void {
  node.doc = '';
  node.attributes = new Map([...node.attributes].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
  for (const nested of nestedGraphs(node)) {
    Object.assign(nested, { name: 'body', doc: '', values: [] });
    for (const value of [...nested.inputs, ...nested.outputs]) {
      value.doc = '';
      value.type = withoutSymbols(value.type);
    }
    nested.nodes.forEach(tidy);
  }
}

/** What exporters call a size that is open inside a loop counts up from model to model, and says nothing. */
function withoutSymbols(type: ValueType): ValueType {
  if (type.kind !== 'tensor' || type.shape === null) return type;
  return { ...type, shape: type.shape.map((size) => (typeof size === 'string' ? null : size)) };
}

/** Walks over a graph: its nodes and those nested in them, what they read, and an order in which they can run. */

import type { Graph, Node, Tensor } from './codec/model.js';

export function nestedGraphs(node: Node): Graph[] {
  return [...node.attributes.values()].flatMap((attribute) =>
    attribute.type === 'graph' ? [attribute.value] : attribute.type === 'graphs' ? attribute.value : [],
  );
}

/** Every node, those of nested graphs after the node that holds them. */
export function allNodes(graph: Graph): Node[] {
  return graph.nodes.flatMap((node) => [node, ...nestedGraphs(node).flatMap(allNodes)]);
}

/** Inputs as a node lists them: optional ones at the end that are left out are not there at all. */
export function withoutTrailing(inputs: readonly string[]): readonly string[] {
  return inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1);
}

export function producers(graph: Graph): Map<string, Node> {
  const index = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== '') index.set(output, node);
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

/** The order of nodes that only a graph's outputs decide: exporters write the same graph in another order each time. */

import type { Attribute, Graph, Node } from './codec/model.js';
import { nestedGraphs, producers, readsOf } from './walk.js';

/** Each node after those it reads, found from `roots` on: what none of them needs is left behind. In nested graphs too. */
export function depthFirst(graph: Graph, roots: string[]): Node[] {
  const made = producers({ ...graph, nodes: graph.nodes.map(withNestedInOrder) });
  const order: Node[] = [];
  const placed = new Set<Node>();
  const stack: { node: Node; waiting: Node[] }[] = [];
  const enter = (node: Node | undefined): void => {
    if (node === undefined || placed.has(node)) return;
    placed.add(node);
    const sources = [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)].map((name) => made.get(name));
    stack.push({ node, waiting: sources.filter((source) => source !== undefined).reverse() });
  };
  for (const root of roots) {
    enter(made.get(root));
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top?.waiting.pop();
      if (next !== undefined) enter(next);
      else if (top !== undefined) {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}

/** The node itself when it holds no graphs. */
function withNestedInOrder(node: Node): Node {
  if (nestedGraphs(node).length === 0) return node;
  const attributes = [...node.attributes].map(([name, attribute]) => [name, inOrder(attribute)] as const);
  return { ...node, attributes: new Map(attributes) };
}

function inOrder(attribute: Attribute): Attribute {
  if (attribute.type === 'graph') return { ...attribute, value: ordered(attribute.value) };
  if (attribute.type === 'graphs') return { ...attribute, value: attribute.value.map(ordered) };
  return attribute;
}

function ordered(graph: Graph): Graph {
  const roots = graph.outputs.map(({ name }) => name);
  return { ...graph, nodes: depthFirst(graph, roots) };
}

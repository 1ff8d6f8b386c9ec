/** Element types and shapes of a tabular graph's tensors, from its inputs: declared shapes of converters lie. */

import type { Graph, Node, Tensor } from '../codec/model.js';
import { numbersOf } from '../codec/tensors.js';
import { initializersOf, inOrder } from '../walk.js';
import { ARRAY_RULES } from './array-rules.js';
import { CLASS_RULES } from './class-rules.js';
import type { FactsRule, Inferred, OutputFacts, TensorFacts } from './facts.js';
import { ML_RULES } from './ml-rules.js';
import { NETWORK_RULES } from './network-rules.js';
import type { Size } from './shapes.js';

/** Of every tensor of the graph's top level. */
export function infer(graph: Graph): Inferred {
  const known: Inferred = new Map();
  const constants = initializersOf(graph);
  for (const tensor of graph.initializers) known.set(tensor.name, { element: tensor.type, shape: tensor.dims });
  for (const { name, type } of graph.inputs) {
    if (type.kind !== 'tensor') continue;
    const shape = type.shape?.map(
      (size, axis): Size => (axis === 0 ? 'N' : typeof size === 'number' && size > 0 ? size : null),
    );
    known.set(name, { element: type.element, shape: shape ?? null });
  }
  const declared = new Map(
    [...graph.values, ...graph.outputs].flatMap(({ name, type }) =>
      type.kind === 'tensor' ? [[name, type.element] as const] : [],
    ),
  );
  for (const node of inOrder(graph)) {
    const inputs = node.inputs.map((name) => known.get(name));
    const facts = outputFacts(node, inputs, constants);
    node.outputs.forEach((name, index) => {
      const output = facts[index];
      const element = output?.element ?? declared.get(name) ?? 'undefined';
      known.set(name, { element, shape: output?.shape ?? null });
    });
  }
  return known;
}

const RULES: ReadonlyMap<string, ReadonlyMap<string, FactsRule>> = new Map([
  ['', new Map(Object.entries({ ...CLASS_RULES, ...ARRAY_RULES, ...NETWORK_RULES }))],
  ['ai.onnx.ml', new Map(Object.entries(ML_RULES))],
]);

/** Undefined for operators of which no shape is known. */
export function factsRule({ domain, op }: { domain: string; op: string }): FactsRule | undefined {
  return RULES.get(domain)?.get(op);
}

/** What each output of a node is, from what its inputs are. */
export function outputFacts(
  node: Node,
  inputs: (TensorFacts | undefined)[],
  constants: ReadonlyMap<string, Tensor>,
): OutputFacts[] {
  const [first] = inputs;
  const values = (input: number): number[] | null => {
    const tensor = constants.get(node.inputs[input] ?? '');
    return tensor && tensor.type !== 'string' ? numbersOf(tensor) : null;
  };
  return factsRule(node)?.({ node, inputs, element: first?.element, shape: first?.shape ?? null, values }) ?? [{}];
}

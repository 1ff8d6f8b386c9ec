/** A graph as a picture needs it: operators, what connects them, and a word on what each holds. */

import { z } from 'zod';
import type { Model, Node, Tensor, ValueInfo } from './codec/model.js';
import { depthFirst } from './depth-first.js';

const endSchema = z.object({ name: z.string(), type: z.string() });

/** Large graphs are cut, and say by how much. */
export const graphSketchSchema = z.object({
  inputs: z.array(endSchema),
  outputs: z.array(endSchema),
  /** In the order in which the outputs need them. `detail`: what tells it from others of its kind, e.g. `100 trees`, `[30,3]`. */
  nodes: z.array(z.object({ op: z.string(), detail: z.string().optional() })),
  /** Ends are `i0` (an input), `n0` (a node), `o0` (an output), by position. */
  edges: z.array(z.tuple([z.string(), z.string()])),
  /** What the picture leaves out. */
  left: z.object({ nodes: z.number().int(), inputs: z.number().int(), outputs: z.number().int() }),
});
export type GraphSketch = z.infer<typeof graphSketchSchema>;

/** More than this nobody can follow in a picture. */
const MOST_NODES = 120;
const MOST_ENDS = 40;

export function sketch({ graph }: Model): GraphSketch {
  const { inputs, outputs, initializers } = graph;
  const nodes = depthFirst(
    graph,
    outputs.map(({ name }) => name),
  );
  const constants = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  const fed = inputs.filter(({ name }) => !constants.has(name));
  const shown = {
    inputs: fed.slice(0, MOST_ENDS),
    outputs: outputs.slice(0, MOST_ENDS),
    nodes: nodes.slice(0, MOST_NODES),
  };
  const makers = new Map(shown.inputs.map(({ name }, index) => [name, `i${index}`]));
  for (const [index, node] of shown.nodes.entries()) {
    for (const name of node.outputs) if (name !== '') makers.set(name, `n${index}`);
  }
  const from = (names: readonly string[], to: string) =>
    [...new Set(names.flatMap((name) => makers.get(name) ?? []))].map((maker): [string, string] => [maker, to]);
  return {
    inputs: shown.inputs.map(end),
    outputs: shown.outputs.map(end),
    nodes: shown.nodes.map((node) => {
      const detail = detailOf(node, constants);
      return detail === undefined ? { op: node.op } : { op: node.op, detail };
    }),
    edges: [
      ...shown.nodes.flatMap((node, index) => from(node.inputs, `n${index}`)),
      ...shown.outputs.flatMap(({ name }, index) => from([name], `o${index}`)),
    ],
    left: {
      nodes: graph.nodes.length - shown.nodes.length,
      inputs: fed.length - shown.inputs.length,
      outputs: outputs.length - shown.outputs.length,
    },
  };
}

function end({ name, type }: ValueInfo): { name: string; type: string } {
  if (type.kind !== 'tensor') return { name, type: type.kind };
  // What exporters call a size that is open counts up from model to model.
  const shape = type.shape?.map((size) => (typeof size === 'string' ? 'N' : (size ?? '?'))).join(',') ?? '…';
  return { name, type: `${type.element} [${shape}]` };
}

function detailOf(node: Node, constants: ReadonlyMap<string, Tensor>): string | undefined {
  const trees = node.attributes.get('nodes_treeids');
  if (trees?.type === 'ints') {
    const count = new Set(trees.value).size;
    return `${count} ${count === 1 ? 'tree' : 'trees'}, ${trees.value.length} nodes`;
  }
  const held = ['coefficients', 'support_vectors'].flatMap((name) => {
    const attribute = node.attributes.get(name);
    return attribute?.type === 'floats' && attribute.value.length > 0
      ? [`${attribute.value.length} ${name.replace('_', ' ')}`]
      : [];
  });
  if (held.length > 0) return held.join(', ');
  const [largest] = node.inputs.flatMap((name) => constants.get(name) ?? []).sort((a, b) => size(b) - size(a));
  return largest === undefined || largest.dims.length === 0 ? undefined : `[${largest.dims.join(',')}]`;
}

function size({ dims }: Tensor): number {
  return dims.reduce((product, each) => product * each, 1);
}

/** A normalised model with columns of double in place of real: each is rounded in the graph, as SQL would have done it before. */

import { type Signature, SQL_TYPES } from '../signature.js';
import { makeNode } from './build.js';
import { encodeModel } from './codec/codec.js';
import { type Attribute, ELEMENT_TYPES, type Graph, type Model, type Node } from './codec/model.js';
import { int } from './codec/tensors.js';
import { writeMetadata } from './metadata.js';
import { allNames, nestedGraphs } from './walk.js';

/** `names`: of columns whose type is float. */
export function withWiderColumns(
  model: Model,
  signature: Signature,
  names: ReadonlySet<string>,
): { bytes: Uint8Array; model: Model; signature: Signature } {
  const taken = allNames(model.graph);
  const real = new Map([...names].map((name) => [name, free(`${name}_real`, taken)]));
  const casts = [...real].map(([name, tensor]) =>
    makeNode('Cast', [name], [tensor], { to: int(ELEMENT_TYPES.indexOf('float')) }),
  );
  const graph = reading(model.graph, real);
  const inputs = graph.inputs.map((input) =>
    names.has(input.name) && input.type.kind === 'tensor'
      ? { ...input, type: { ...input.type, element: 'double' as const } }
      : input,
  );
  const wider: Signature = {
    ...signature,
    inputs: signature.inputs.map((input) =>
      names.has(input.name) ? { ...input, type: 'double', sqlType: SQL_TYPES.double } : input,
    ),
  };
  const result: Model = { ...model, graph: { ...graph, inputs, nodes: [...casts, ...graph.nodes], values: [] } };
  writeMetadata(result, wider, Object.fromEntries(model.metadata));
  return { bytes: encodeModel(result), model: result, signature: wider };
}

function free(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let at = 2; taken.has(candidate); at++) candidate = `${name}_${at}`;
  taken.add(candidate);
  return candidate;
}

/** The graph with other names for what its nodes read, nested ones too. */
function reading(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => readingNode(node, names)) };
}

function readingNode(node: Node, names: ReadonlyMap<string, string>): Node {
  const inputs = node.inputs.map((name) => names.get(name) ?? name);
  if (nestedGraphs(node).length === 0) return { ...node, inputs };
  const attributes = new Map(
    [...node.attributes].map(([key, attribute]): [string, Attribute] => {
      if (attribute.type === 'graph') return [key, { ...attribute, value: reading(attribute.value, names) }];
      if (attribute.type !== 'graphs') return [key, attribute];
      return [key, { ...attribute, value: attribute.value.map((inner) => reading(inner, names)) }];
    }),
  );
  return { ...node, inputs, attributes };
}

/** Two nodes that compute the same from the same, and constants of equal value, become one. */

import { redirect } from '../build.js';
import type { Attribute, Node, Tensor } from '../codec/model.js';
import type { Draft } from '../draft.js';
import { isOfClass } from '../operators/classes.js';
import { inOrder, nestedGraphs } from '../walk.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

/** Bigger constants and attributes (tree ensembles) are not compared: equal ones are rare and the key would be as big. */
const COMPARED_VALUES = 4096;

export const duplicates: Pass = {
  name: 'duplicates',
  after: ['nulls', 'outputs', 'biases'],
  apply(draft) {
    const constants = mergeConstants(draft);
    const nodes = mergeNodes(draft);
    if (constants + nodes === 0) return nothing('nothing is computed twice');
    return done(`${nodes} repeated nodes and ${constants} repeated constants removed`);
  },
};

function mergeConstants(draft: Draft): number {
  const { graph } = draft.model;
  const first = new Map<string, string>();
  const before = graph.initializers.length;
  graph.initializers = graph.initializers.filter((tensor) => {
    const key = tensorKey(tensor);
    if (key === null) return true;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, tensor.name);
      return true;
    }
    redirect(draft, tensor.name, other);
    return false;
  });
  return before - graph.initializers.length;
}

function mergeNodes(draft: Draft): number {
  const first = new Map<string, Node>();
  const repeated = new Set<Node>();
  for (const node of inOrder(draft.model.graph)) {
    const key = nodeKey(node);
    if (key === null) continue;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, node);
      continue;
    }
    for (const [index, output] of node.outputs.entries()) redirect(draft, output, other.outputs[index] ?? '');
    repeated.add(node);
  }
  draft.model.graph.nodes = draft.model.graph.nodes.filter((node) => !repeated.has(node));
  return repeated.size;
}

function nodeKey(node: Node): string | null {
  if (isOfClass(node, 'random') || nestedGraphs(node).length > 0) return null;
  const attributes = [...node.attributes].sort(([one], [other]) => (one < other ? -1 : 1));
  const keys = attributes.map(([name, attribute]) => {
    const key = attributeKey(attribute);
    return key === null ? null : `${name}=${key}`;
  });
  if (keys.includes(null)) return null;
  return JSON.stringify([node.domain, node.op, node.inputs, node.outputs.map((name) => name !== ''), keys]);
}

function attributeKey(attribute: Attribute): string | null {
  switch (attribute.type) {
    case 'float':
    case 'int':
      return `${attribute.type}:${Object.is(attribute.value, -0) ? '-0' : attribute.value}`;
    case 'string':
      return Buffer.from(attribute.value).toString('latin1');
    case 'tensor':
      return tensorKey(attribute.value);
    case 'floats':
    case 'ints':
      return attribute.value.length > COMPARED_VALUES
        ? null
        : attribute.value.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join();
    case 'strings':
      return attribute.value.length > COMPARED_VALUES
        ? null
        : JSON.stringify(attribute.value.map((value) => Buffer.from(value).toString('latin1')));
    default:
      return null;
  }
}

function tensorKey(tensor: Tensor): string | null {
  if (tensor.data.length + tensor.strings.length > COMPARED_VALUES) return null;
  const values = tensor.strings.map((value) => Buffer.from(value).toString('latin1'));
  return JSON.stringify([tensor.type, tensor.dims, Buffer.from(tensor.data).toString('latin1'), values]);
}

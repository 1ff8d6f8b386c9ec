/** Small graphs made by hand, for the tests beside it. */

import { makeNode } from '../../src/graph/build.js';
import { encodeModel } from '../../src/graph/codec/codec.js';
import type {
  Attribute,
  Dimension,
  ElementType,
  Graph,
  Model,
  Node,
  Tensor,
  ValueInfo,
} from '../../src/graph/codec/model.js';

export const node = (
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): Node => makeNode(op, inputs, outputs, attributes, domain);

export const ml = (op: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): Node =>
  makeNode(op, inputs, outputs, attributes, 'ai.onnx.ml');

export function value(name: string, element: ElementType, shape: Dimension[] | null): ValueInfo {
  return { name, doc: '', type: { kind: 'tensor', element, shape } };
}

export function graph(parts: Partial<Graph>): Graph {
  return {
    name: 'g',
    doc: '',
    inputs: [],
    outputs: [],
    values: [],
    initializers: [],
    sparse: [],
    quantization: [],
    nodes: [],
    ...parts,
  };
}

export function model(parts: Partial<Graph>, overrides: Partial<Model> = {}): Model {
  return {
    ir: 8,
    opsets: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    producer: 'test',
    producerVersion: '',
    domain: '',
    version: 0,
    doc: '',
    metadata: new Map(),
    graph: graph(parts),
    functions: [],
    training: [],
    ...overrides,
  };
}

export const bytes = (parts: Partial<Graph>, overrides: Partial<Model> = {}): Uint8Array =>
  encodeModel(model(parts, overrides));

export const named = (name: string, tensor: Tensor): Tensor => ({ ...tensor, name });

/** Small graphs for tests of running graphs. */

import { encodeModel } from '../../src/graph/codec.js';
import type { Attribute, Graph, Model, Node, Tensor, ValueInfo } from '../../src/graph/model.js';

const FLOAT_COLUMN = { kind: 'tensor', element: 'float', shape: ['N', 1] } as const;

/** y = x + 1. */
export function plusOne(): Uint8Array {
  return encodeModel(model(graph([node('Add', ['x', 'one'], ['y'])], [scalar('one', 1)])));
}

/** y = x, after a Loop whose condition is never false. */
export function endlessLoop(): Uint8Array {
  const body: Graph = {
    ...graph([node('Identity', ['going'], ['going_out']), node('Identity', ['carried'], ['carried_out'])], []),
    inputs: [
      { name: 'step', type: { kind: 'tensor', element: 'int64', shape: [] }, doc: '' },
      { name: 'going', type: { kind: 'tensor', element: 'bool', shape: [] }, doc: '' },
      value('carried'),
    ],
    outputs: [
      { name: 'going_out', type: { kind: 'tensor', element: 'bool', shape: [] }, doc: '' },
      value('carried_out'),
    ],
  };
  const loop = node('Loop', ['', 'true', 'x'], ['y'], new Map([['body', { type: 'graph', value: body }]]));
  return encodeModel(model(graph([loop], [boolean('true')])));
}

/** y = the sum over a tensor of `bytes` bytes, plus x: takes that much memory. */
export function memoryHog(bytes: number): Uint8Array {
  const shape: Tensor = {
    name: 'shape',
    type: 'int64',
    dims: [1],
    doc: '',
    strings: [],
    data: new Uint8Array(BigInt64Array.of(BigInt(bytes / 4)).buffer),
  };
  const nodes = [
    node('ConstantOfShape', ['shape'], ['large']),
    node('Exp', ['large'], ['larger']),
    node('ReduceMax', ['larger'], ['most'], new Map([['keepdims', { type: 'int', value: 0 }]])),
    node('Add', ['x', 'most'], ['y']),
  ];
  return encodeModel(model(graph(nodes, [shape])));
}

function model(main: Graph): Model {
  return {
    // What the oldest runtime loads, so that all do.
    ir: 6,
    opsets: [{ domain: '', version: 12 }],
    producer: 'test',
    producerVersion: '',
    domain: '',
    version: 0,
    doc: '',
    metadata: new Map(),
    graph: main,
    functions: [],
    training: [],
  };
}

function graph(nodes: Node[], initializers: Tensor[]): Graph {
  return {
    name: 'g',
    doc: '',
    inputs: [value('x')],
    outputs: [value('y')],
    values: [],
    initializers,
    sparse: [],
    quantization: [],
    nodes,
  };
}

function value(name: string): ValueInfo {
  return { name, type: { ...FLOAT_COLUMN, shape: [...FLOAT_COLUMN.shape] }, doc: '' };
}

function node(op: string, inputs: string[], outputs: string[], attributes = new Map<string, Attribute>()): Node {
  return { name: '', domain: '', op, inputs, outputs, doc: '', attributes };
}

function scalar(name: string, number: number): Tensor {
  return { name, type: 'float', dims: [1], doc: '', strings: [], data: new Uint8Array(Float32Array.of(number).buffer) };
}

function boolean(name: string): Tensor {
  return { name, type: 'bool', dims: [], doc: '', strings: [], data: Uint8Array.of(1) };
}

/** Small graphs for tests of running graphs. */

import type { Node, Tensor } from '../../src/graph/codec/model.js';
import { int, int64Tensor, numberTensor } from '../../src/graph/codec/tensors.js';
import { bytes, graph, named, node, value } from '../graph/build.js';

const column = (name: string) => value(name, 'float', ['N', 1]);

/** y = x + 1. */
export function plusOne(): Uint8Array {
  return written([node('Add', ['x', 'one'], ['y'])], named('one', numberTensor('float', [1], [1])));
}

/** y = x, after a Loop whose condition is never false. */
export function endlessLoop(): Uint8Array {
  const body = graph({
    nodes: [node('Identity', ['going'], ['going_out']), node('Identity', ['carried'], ['carried_out'])],
    inputs: [value('step', 'int64', []), value('going', 'bool', []), column('carried')],
    outputs: [value('going_out', 'bool', []), column('carried_out')],
  });
  const always: Tensor = { name: 'true', type: 'bool', dims: [], doc: '', strings: [], data: Uint8Array.of(1) };
  return written([node('Loop', ['', 'true', 'x'], ['y'], { body: { type: 'graph', value: body } })], always);
}

/** y = the largest of a tensor of `size` bytes, plus x: takes that much memory. */
export function memoryHog(size: number): Uint8Array {
  const nodes = [
    node('ConstantOfShape', ['shape'], ['large']),
    node('Exp', ['large'], ['larger']),
    node('ReduceMax', ['larger'], ['most'], { keepdims: int(0) }),
    node('Add', ['x', 'most'], ['y']),
  ];
  return written(nodes, named('shape', int64Tensor([size / 4])));
}

/** From x to y, as the oldest runtime loads it, so that all do. */
function written(nodes: Node[], initializer: Tensor): Uint8Array {
  const edges = { inputs: [column('x')], outputs: [column('y')] };
  return bytes({ ...edges, nodes, initializers: [initializer] }, { ir: 6, opsets: [{ domain: '', version: 12 }] });
}

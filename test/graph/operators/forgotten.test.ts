/** Operators that one rule knew and the next had forgotten while each rule had a list of its own: the right values, in ONNX Runtime. */

import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/graph/codec/codec.js';
import type { Model } from '../../../src/graph/codec/model.js';
import { int64Tensor, ints, numberTensor } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];
const NEWER: Partial<Model> = { opsets: [{ domain: '', version: 22 }] };

describe('operators that were forgotten', () => {
  it.each([
    ['Acos', Math.acos],
    ['Acosh', (one: number) => Math.acosh(1 + one)],
    ['Asin', Math.asin],
    ['Asinh', Math.asinh],
    ['Atan', Math.atan],
    ['Atanh', Math.atanh],
    ['Cosh', Math.cosh],
    ['Sinh', Math.sinh],
    ['Tan', Math.tan],
  ])('%s works on double, and in a model of a newer opset', async (op, right) => {
    const shift = op === 'Acosh' ? 1 : 0;
    const raw = bytes(
      {
        inputs: [value('x', 'double', ['N', 1])],
        outputs: [value('y', 'double', ['N', 1])],
        nodes: [node('Add', ['x', 'shift'], ['shifted']), node(op, ['shifted'], ['y'])],
        initializers: [named('shift', numberTensor('double', [1], [shift]))],
      },
      NEWER,
    );
    const { bytes: columnar, signature } = await normalize(raw, { target });
    for (const runtime of RUNTIME_NAMES) {
      const got = await runGraph(columnar, columnFeeds(signature, { x: [0.25, 0.5] }), runtime);
      for (const [row, one] of [0.25, 0.5].entries()) expect(Number(got.y?.values[row])).toBeCloseTo(right(one), 6);
    }
  });

  it.each([
    ['Celu', (one: number) => Math.max(0, one) + Math.min(0, Math.exp(one) - 1)],
    ['HardSigmoid', (one: number) => Math.max(0, Math.min(1, 0.2 * one + 0.5))],
    ['HardSwish', (one: number) => (one * Math.max(0, Math.min(6, one + 3))) / 6],
    ['Shrink', (one: number) => (Math.abs(one) > 0.5 ? one : 0)],
    ['ThresholdedRelu', (one: number) => (one > 1 ? one : 0)],
  ])('%s works on stacked columns, without a transposed copy', async (op, right) => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 2])],
      outputs: [value('y', 'float', ['N', 2])],
      nodes: [
        node('MatMul', ['x', 'w'], ['m']),
        node('Add', ['m', 'bias'], ['sum']),
        node(op, ['sum'], ['activated']),
        node('MatMul', ['activated', 'w'], ['y']),
      ],
      initializers: [
        named('w', numberTensor('float', [2, 2], [1, 2, -1, 1])),
        named('bias', numberTensor('float', [2], [0.25, -0.25])),
      ],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    expect(decodeModel(columnar).graph.nodes.map((each) => each.op)).not.toContain('Transpose');
    const rows = [
      [1, 2],
      [-3, 0.5],
      [4, -1],
    ];
    const columns = { a: rows.map(([a = 0]) => a), b: rows.map(([, b = 0]) => b) };
    for (const runtime of RUNTIME_NAMES) {
      const got = await runGraph(columnar, columnFeeds(signature, columns), runtime);
      for (const [row, [a = 0, b = 0]] of rows.entries()) {
        const [first, second] = [right(a - b + 0.25), right(2 * a + b - 0.25)];
        expect(Number(got.y_1?.values[row])).toBeCloseTo(first - second, 5);
        expect(Number(got.y_2?.values[row])).toBeCloseTo(2 * first + second, 5);
      }
    }
  });

  it('a constant for the fixed number of rows may be computed by any operator that treats each value by itself', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [3, 1])],
      outputs: [value('y', 'float', [3, 1])],
      nodes: [node('Tanh', ['c'], ['t']), node('Max', ['t', 'least'], ['m']), node('Add', ['x', 'm'], ['y'])],
      initializers: [
        named('c', numberTensor('float', [3, 1], [0.5, 0.5, 0.5])),
        named('least', numberTensor('float', [1], [0])),
      ],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target });
    for (const runtime of RUNTIME_NAMES) {
      const got = await runGraph(columnar, columnFeeds(signature, { x: [1, 2, 3, 4, 5] }), runtime);
      for (const [row, one] of [1, 2, 3, 4, 5].entries())
        expect(Number(got.y?.values[row])).toBeCloseTo(one + Math.tanh(0.5), 5);
    }
  });

  it('rows of a fixed number are followed through GlobalLpPool', async () => {
    const raw = bytes(
      {
        inputs: [value('x', 'float', [2, 1, 2, 2])],
        outputs: [value('y', 'float', [2, 1])],
        nodes: [node('GlobalLpPool', ['x'], ['p']), node('Reshape', ['p', 'shape'], ['y'])],
        initializers: [named('shape', int64Tensor([2, 1]))],
      },
      NEWER,
    );
    const { bytes: columnar, signature } = await normalize(raw, { target });
    const feeds = Object.fromEntries(signature.inputs.map(({ name }, at) => [name, [at, 1, 2]]));
    for (const runtime of RUNTIME_NAMES) {
      const [got] = Object.values(await runGraph(columnar, columnFeeds(signature, feeds), runtime));
      for (const [row, one] of [Math.sqrt(14), 2, 4].entries()) expect(Number(got?.values[row])).toBeCloseTo(one, 5);
    }
  });

  it('an operator that has the name of a property of every object is none', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1])],
      nodes: [node('constructor', ['x'], ['y'], { axes: ints([1]) })],
    });
    await expect(normalize(raw, { target })).rejects.toMatchObject({ code: 'UNSUPPORTED_OPERATOR' });
  });
});

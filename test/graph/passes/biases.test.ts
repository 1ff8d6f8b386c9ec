import { describe, expect, it } from 'vitest';
import { numberTensor } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, RUNTIME_NAMES, runGraph } from '../run.js';

type Numeric = 'float' | 'double';

/** Others have no kernel for double. */
const CASES: [string, Numeric, (one: number) => number][] = [
  ['Relu', 'float', (one) => Math.max(0, one)],
  ['Sigmoid', 'float', (one) => 1 / (1 + Math.exp(-one))],
  ['Tanh', 'float', Math.tanh],
  ['LeakyRelu', 'float', (one) => (one < 0 ? 0.01 * one : one)],
  ['Elu', 'float', (one) => (one < 0 ? Math.exp(one) - 1 : one)],
  ['Softsign', 'float', (one) => one / (1 + Math.abs(one))],
  ['Relu', 'double', (one) => Math.max(0, one)],
  ['Sigmoid', 'double', (one) => 1 / (1 + Math.exp(-one))],
  ['Tanh', 'double', Math.tanh],
];

describe('biases', () => {
  // Keras's layers that were never trained add a bias of 0, which ONNX Runtime takes away before it fuses.
  for (const [op, what, between] of [
    ['MatMul', 'runs', []],
    ['Gemm', 'runs', []],
    ['MatMul', 'and with zeros added runs', [node('Add', ['g', 'zero'], ['b'])]],
  ] as const) {
    it.each(CASES)(`${op} without a bias ${what} in front of %s of %s`, async (activation, element, right) => {
      const raw = bytes({
        inputs: [value('x', element, ['N', 2])],
        outputs: [value('y', element, ['N', 2])],
        nodes: [node(op, ['x', 'w'], ['g']), ...between, node(activation, [between.length > 0 ? 'b' : 'g'], ['y'])],
        initializers: [
          named('w', numberTensor(element, [2, 2], [1, -2, 3, 4])),
          named('zero', numberTensor(element, [2], [0, 0])),
        ],
      });
      const { bytes: columnar, signature } = await normalize(raw, {
        target: TARGETS['sql-edge'],
        columnNames: ['a', 'b'],
      });
      for (const runtime of RUNTIME_NAMES) {
        const got = await runGraph(columnar, columnFeeds(signature, { a: [1, -1], b: [0.5, 2] }), runtime);
        const values = Object.values(got).map((output) => output.values.map(Number));
        const expected = [
          [2.5, 5],
          [0, 10],
        ];
        for (const [column, rows] of expected.entries()) {
          for (const [row, one] of rows.entries()) expect(values[column]?.[row]).toBeCloseTo(right(one), 5);
        }
      }
    });
  }
});

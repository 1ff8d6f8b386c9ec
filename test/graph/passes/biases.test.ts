import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/graph/normalize.js';
import { numberTensor } from '../../../src/graph/tensors.js';
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
  for (const op of ['MatMul', 'Gemm']) {
    it.each(CASES)(`${op} without a bias runs in front of %s of %s`, async (activation, element, right) => {
      const raw = bytes({
        inputs: [value('x', element, ['N', 2])],
        outputs: [value('y', element, ['N', 2])],
        nodes: [node(op, ['x', 'w'], ['g']), node(activation, ['g'], ['y'])],
        initializers: [named('w', numberTensor(element, [2, 2], [1, -2, 3, 4]))],
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

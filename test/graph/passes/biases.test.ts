import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/graph/normalize.js';
import { numberTensor } from '../../../src/graph/tensors.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, RUNTIME_NAMES, runGraph } from '../run.js';

describe('biases', () => {
  it.each(['Relu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Elu', 'Softsign'])(
    'a product without a bias runs in front of %s, whether it was MatMul or Gemm',
    async (activation) => {
      for (const op of ['MatMul', 'Gemm']) {
        for (const element of ['float', 'double'] as const) {
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
          const feeds = { x: { type: element, dims: [2, 2], values: [1, 0.5, -1, 2] } };
          const expected = await runGraph(raw, feeds, '1.30.0');
          const isThere = activation !== 'LeakyRelu' && activation !== 'Elu' && activation !== 'Softsign';
          for (const runtime of RUNTIME_NAMES) {
            // Some activations have no kernel for double.
            if (element === 'double' && !isThere) continue;
            const got = await runGraph(columnar, columnFeeds(signature, { a: [1, -1], b: [0.5, 2] }), runtime);
            const rows = [0, 1].flatMap((row) => Object.values(got).map(({ values }) => Number(values[row])));
            for (const [at, one] of rows.entries()) expect(one).toBeCloseTo(Number(expected.y?.values[at]), 5);
          }
        }
      }
    },
  );
});

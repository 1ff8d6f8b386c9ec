import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/graph/normalize.js';
import { numberTensor } from '../../../src/graph/tensors.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, node, value } from '../build.js';
import { columnFeeds, columnsOf, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const NAMES = ['a', 'b', 'c'];

describe('biases', () => {
  it.each(['Elu', 'LeakyRelu', 'Relu', 'Sigmoid', 'Softplus', 'Tanh'])(
    'a layer without a bias and a %s behind it load and give the numbers of the raw graph',
    async (activation) => {
      const raw = bytes({
        inputs: [value('x', 'float', [null, 3])],
        outputs: [value('y', 'float', [null, 2])],
        initializers: [
          { ...numberTensor('float', [3, 4], numbers(12, 9)), name: 'w' },
          { ...numberTensor('float', [4, 2], numbers(8, 5)), name: 'v' },
        ],
        nodes: [node('MatMul', ['x', 'w'], ['p']), node(activation, ['p'], ['q']), node('MatMul', ['q', 'v'], ['y'])],
      });
      const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS['sql-edge'], columnNames: NAMES });
      const values = numbers(60, 3);
      for (const runtime of RUNTIME_NAMES) {
        const expected = await runGraph(raw, { x: { type: 'float', dims: [20, 3], values } }, runtime);
        const got = await runGraph(columnar, columnFeeds(signature, columnsOf(NAMES, values)), runtime);
        for (const [at, { name }] of signature.outputs.entries()) {
          const wanted = expected.y?.values.filter((_, index) => index % 2 === at) ?? [];
          for (const [row, one] of wanted.entries()) expect(Number(got[name]?.values[row])).toBeCloseTo(Number(one), 5);
        }
      }
    },
  );
});

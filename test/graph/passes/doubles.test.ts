import { describe, expect, it } from 'vitest';
import { numberTensor } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, RUNTIME_NAMES, runGraph } from '../run.js';

const CASES: [string, (one: number) => number][] = [
  ['Elu', (one) => (one < 0 ? Math.exp(one) - 1 : one)],
  ['LeakyRelu', (one) => (one < 0 ? 0.01 * one : one)],
  ['Softplus', (one) => Math.log(1 + Math.exp(one))],
  ['Softsign', (one) => one / (1 + Math.abs(one))],
  ['HardSigmoid', (one) => Math.max(0, Math.min(1, 0.2 * one + 0.5))],
  ['Cos', Math.cos],
];

describe('doubles', () => {
  it.each(CASES)('%s of double runs, also behind a product', async (op, right) => {
    const raw = bytes({
      inputs: [value('x', 'double', ['N', 2])],
      outputs: [value('y', 'double', ['N', 1])],
      nodes: [node('MatMul', ['x', 'w'], ['m']), node(op, ['m'], ['y'])],
      initializers: [named('w', numberTensor('double', [2, 1], [1, -2]))],
    });
    const {
      bytes: columnar,
      signature,
      warnings,
    } = await normalize(raw, {
      target: TARGETS['sql-edge'],
      columnNames: ['a', 'b'],
    });
    expect(signature.outputs[0]?.type).toBe('double');
    expect(warnings).toEqual([{ code: 'FLOAT_OPERATORS', message: expect.stringContaining(op) }]);
    for (const runtime of RUNTIME_NAMES) {
      const got = await runGraph(columnar, columnFeeds(signature, { a: [1, -1, 3], b: [0.5, 2, 1] }), runtime);
      for (const [row, one] of [0, -5, 1].entries()) expect(Number(got.y?.values[row])).toBeCloseTo(right(one), 5);
    }
  });

  it('a picture of double goes through a convolution', async () => {
    const raw = bytes({
      inputs: [value('x', 'double', ['N', 1, 2, 2])],
      outputs: [value('y', 'double', ['N', 1, 1, 1])],
      nodes: [node('Conv', ['x', 'w'], ['y'])],
      initializers: [named('w', numberTensor('double', [1, 1, 2, 2], [1, 2, 3, 4]))],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS['sql-edge'] });
    const feeds = Object.fromEntries(signature.inputs.map(({ name }, at) => [name, [at, 1]]));
    for (const runtime of RUNTIME_NAMES) {
      expect(Object.values(await runGraph(columnar, columnFeeds(signature, feeds), runtime))[0]?.values).toEqual([
        20, 10,
      ]);
    }
  });

  it('leaves float alone', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1])],
      nodes: [node('Elu', ['x'], ['y'])],
    });
    const { passes, warnings } = await normalize(raw, { target: TARGETS['sql-edge'] });
    expect(passes.find(({ pass }) => pass === 'doubles')?.modified).toBe(false);
    expect(warnings).toEqual([]);
  });
});

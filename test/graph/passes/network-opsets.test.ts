import { describe, expect, it } from 'vitest';
import { int, int64Tensor, ints, numberTensor, string } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const picture = [value('x', 'float', ['N', 1, 2, 2])];
const opset = (version: number) => ({ opsets: [{ domain: '', version }] });

describe('opsets of networks', () => {
  it.each([7, 9, 10])('Upsample of opset %i becomes a Resize that means the same', async (version) => {
    const attributes = { mode: string('nearest') };
    const factors = [1, 1, 2, 2];
    const resize =
      version === 7
        ? node('Upsample', ['x'], ['y'], { ...attributes, scales: { type: 'floats', value: factors } })
        : node(version === 9 ? 'Upsample' : 'Resize', ['x', 'scales'], ['y'], attributes);
    const raw = bytes(
      {
        inputs: picture,
        outputs: [value('y', 'float', ['N', 1, 4, 4])],
        nodes: [resize],
        initializers: [named('scales', numberTensor('float', [4], factors))],
      },
      opset(version),
    );
    for (const target of ['sql-edge', 'sql-edge-1'] as const) {
      const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS[target] });
      const feeds = columnFeeds(signature, { x_0_0_0: [1], x_0_0_1: [2], x_0_1_0: [3], x_0_1_1: [4] });
      for (const runtime of RUNTIME_NAMES) {
        const got = await runGraph(columnar, feeds, runtime);
        expect(Object.values(got).flatMap(({ values }) => values)).toEqual([
          1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4,
        ]);
      }
    }
  });

  it('lowers attributes that say what was always so', async () => {
    const raw = bytes(
      {
        inputs: picture,
        outputs: [value('y', 'float', ['N', 4])],
        nodes: [
          node('AveragePool', ['x'], ['p'], { kernel_shape: ints([1, 1]), dilations: ints([1, 1]), ceil_mode: int(0) }),
          node('Resize', ['p', '', 'scales'], ['z'], { antialias: int(0), mode: string('nearest') }),
          node('Reshape', ['z', 'shape'], ['y'], { allowzero: int(0) }),
        ],
        initializers: [named('shape', int64Tensor([-1, 4])), named('scales', numberTensor('float', [4], [1, 1, 1, 1]))],
      },
      opset(19),
    );
    const values = numbers(4);
    for (const target of ['sql-edge', 'sql-edge-1'] as const) {
      const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS[target] });
      const feeds = Object.fromEntries(signature.inputs.map(({ name }, at) => [name, [values[at] ?? 0]]));
      expect(inspect(columnar).targets.find((each) => each.target === target)?.fits).toBe(true);
      for (const runtime of RUNTIME_NAMES) {
        const got = await runGraph(columnar, columnFeeds(signature, feeds), runtime);
        expect(Object.values(got).flatMap((each) => each.values)).toEqual(values);
      }
    }
  });

  it('refuses those that say something', async () => {
    const raw = bytes(
      {
        inputs: picture,
        outputs: [value('y', 'float', ['N', 1, 2, 2])],
        nodes: [node('Resize', ['x', '', '', 'sizes'], ['y'], { axes: ints([2, 3]) })],
        initializers: [named('sizes', int64Tensor([2, 2]))],
      },
      opset(18),
    );
    await expect(normalize(raw, { target: TARGETS['sql-edge'] })).rejects.toMatchObject({
      code: 'OPSET_TOO_NEW',
      message: expect.stringContaining('Resize'),
    });
  });
});

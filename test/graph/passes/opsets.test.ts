import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/graph/codec/codec.js';
import { float, int, int64Tensor, ints, numberTensor } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, ml, named, node, value } from '../build.js';
import { columnFeeds, fixture, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const edge = [value('x', 'float', [null, 3])];
const result = [value('y', 'float', [null, null])];
const columnNames = ['a', 'b', 'c'];
const opset = (version: number) => ({ opsets: [{ domain: '', version }] });

/** The same computation as an older and as a newer opset writes it. */
const PAIRS = {
  Unsqueeze: [
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [
          node('Unsqueeze', ['x'], ['u'], { axes: ints([1]) }),
          node('Squeeze', ['u'], ['y'], { axes: ints([1]) }),
        ],
      },
      opset(11),
    ),
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [node('Unsqueeze', ['x', 'one'], ['u']), node('Squeeze', ['u', 'one'], ['y'])],
        initializers: [named('one', int64Tensor([1]))],
      },
      opset(17),
    ),
  ],
  ReduceSum: [
    bytes({ inputs: edge, outputs: result, nodes: [node('ReduceSum', ['x'], ['y'], { axes: ints([1]) })] }, opset(11)),
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [node('ReduceSum', ['x', 'one'], ['y'])],
        initializers: [named('one', int64Tensor([1]))],
      },
      opset(18),
    ),
  ],
  Clip: [
    bytes(
      { inputs: edge, outputs: result, nodes: [node('Clip', ['x'], ['y'], { min: float(-1), max: float(0.5) })] },
      opset(9),
    ),
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [node('Clip', ['x', 'low', 'high'], ['y'])],
        initializers: [named('low', numberTensor('float', [], [-1])), named('high', numberTensor('float', [], [0.5]))],
      },
      opset(17),
    ),
  ],
  Softmax: [
    bytes({ inputs: edge, outputs: result, nodes: [node('Softmax', ['x'], ['y'])] }, opset(9)),
    bytes({ inputs: edge, outputs: result, nodes: [node('Softmax', ['x'], ['y'])] }, opset(17)),
  ],
  ReduceMax: [
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [node('ReduceMax', ['x'], ['y'], { axes: ints([1]), keepdims: int(1) })],
      },
      opset(9),
    ),
    bytes(
      {
        inputs: edge,
        outputs: result,
        nodes: [node('ReduceMax', ['x', 'one'], ['y'])],
        initializers: [named('one', int64Tensor([1]))],
      },
      opset(18),
    ),
  ],
} as const;

describe('opsets', () => {
  it.each(Object.keys(PAIRS) as (keyof typeof PAIRS)[])(
    '%s means the same from an older and a newer opset, for both targets',
    async (op) => {
      const [older, newer] = PAIRS[op];
      const rows = Object.fromEntries(columnNames.map((name, at) => [name, numbers(7, at + 3)]));
      const seen: unknown[] = [];
      for (const raw of [older, newer]) {
        for (const target of ['sql-edge', 'sql-edge-1'] as const) {
          const { bytes: columnar, signature, opsets } = await normalize(raw, { target: TARGETS[target], columnNames });
          expect(opsets).toEqual(TARGETS[target].opsets);
          for (const runtime of RUNTIME_NAMES)
            seen.push(
              Object.values(await runGraph(columnar, columnFeeds(signature, rows), runtime)).map(({ values }) =>
                values.map((one) => Math.fround(Number(one)).toFixed(5)),
              ),
            );
        }
      }
      for (const one of seen) expect(one).toEqual(seen[0]);
    },
  );

  it('raises what LightGBM’s exporter writes to the target', async () => {
    const {
      bytes: columnar,
      opsets,
      ir,
    } = await normalize(fixture('lightgbm-like'), {
      target: TARGETS['sql-edge'],
      columnNames: ['a', 'b'],
      onNull: 'nan',
    });
    expect({ opsets, ir }).toEqual({ opsets: { '': 17, 'ai.onnx.ml': 3 }, ir: 8 });
    expect(inspect(columnar).targets.find(({ target }) => target === 'sql-edge')?.fits).toBe(true);
  });

  it('names the operator and both versions where there is no way back', async () => {
    await expect(normalize(fixture('opset-20-gelu'), { target: TARGETS['sql-edge'] })).rejects.toMatchObject({
      code: 'OPSET_TOO_NEW',
      message: expect.stringMatching(/Gelu.*"y".*20.*SQL Edge 2\.0.*17/),
      details: { operator: 'Gelu' },
    });
  });

  it('refuses double trees for SQL Edge 1.0, whose ai.onnx.ml has none', async () => {
    const attributes = {
      n_targets: int(1),
      nodes_treeids: ints([0]),
      nodes_values_as_tensor: { type: 'tensor', value: numberTensor('double', [1], [0]) },
    } as const;
    const raw = bytes({
      inputs: [value('x', 'double', [null, 3])],
      outputs: result,
      nodes: [ml('TreeEnsembleRegressor', ['x'], ['y'], attributes)],
    });
    await expect(normalize(raw, { target: TARGETS['sql-edge-1'], columnNames })).rejects.toMatchObject({
      code: 'OPSET_TOO_NEW',
      message: expect.stringContaining('TreeEnsembleRegressor'),
    });
  });

  it('says when an operator does not exist at all', async () => {
    const raw = bytes({ inputs: edge, outputs: result, nodes: [node('Relufy', ['x'], ['y'])] });
    await expect(normalize(raw, { target: TARGETS['sql-edge'], columnNames })).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('Relufy'),
    });
  });

  it('imports each domain once', async () => {
    const { bytes: columnar } = await normalize(fixture('diabetes-linear'), {
      target: TARGETS['sql-edge'],
      columnNames: Array.from({ length: 10 }, (_, at) => `c${at}`),
    });
    expect(decodeModel(fixture('diabetes-linear')).opsets.filter(({ domain }) => domain === '')).toHaveLength(2);
    expect(decodeModel(columnar).opsets).toEqual([
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ]);
  });

  it('takes initializers out of the inputs', async () => {
    const { bytes: columnar, ir } = await normalize(fixture('initializers-as-inputs'), {
      target: TARGETS['sql-edge'],
      columnNames: ['a', 'b'],
    });
    expect(ir).toBe(8);
    expect(inspect(columnar).inputs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(
      await runGraph(
        columnar,
        { a: { type: 'float', dims: [2, 1], values: [2, 0] }, b: { type: 'float', dims: [2, 1], values: [1, -1] } },
        '1.12.1',
      ),
    ).toEqual({ y: { dims: [2, 1], values: [1, 2] } });
  });
});

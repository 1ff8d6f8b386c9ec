import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/graph/codec/codec.js';
import { float, floats, int, int64Tensor, ints, numberTensor, string } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, ml, node, value } from '../build.js';
import { columnFeeds, columnsOf, fixture, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];
const NAMES = ['a', 'b', 'c'];

const operators = (columnar: Uint8Array): string[] => decodeModel(columnar).graph.nodes.map(({ op }) => op);

function classifier(classes: number, transform: string, labels: number[], norm: string | null): Uint8Array {
  return bytes({
    inputs: [value('x', 'float', [null, 3])],
    outputs: [value('label', 'int64', [null]), value('p', 'float', [null, null])],
    nodes: [
      ml('Scaler', ['x'], ['s'], { offset: floats([0.5, 1000, -2]), scale: floats([2, 0.001, 1]) }),
      ml('LinearClassifier', ['s'], ['label', norm === null ? 'p' : 'q'], {
        coefficients: floats(numbers(classes * 3, 9)),
        intercepts: floats(numbers(classes, 5)),
        classlabels_ints: ints(labels),
        post_transform: string(transform),
        multi_class: int(0),
      }),
      ...(norm === null ? [] : [ml('Normalizer', ['q'], ['p'], { norm: string(norm) })]),
    ],
  });
}

describe('transposed', () => {
  it.each([
    [3, 'SOFTMAX', [0, 1, 2], 'L1', true],
    [3, 'LOGISTIC', [0, 1, 2], 'L1', true],
    [3, 'NONE', [7, -3, 5], null, true],
    [2, 'LOGISTIC', [0, 1], null, true],
    [2, 'SOFTMAX', [4, 9], null, true],
    [3, 'SOFTMAX', [0, 1, 2], 'L2', true],
    [3, 'SOFTMAX_ZERO', [0, 1, 2], null, false],
    [1, 'LOGISTIC', [0, 1], null, false],
    [1, 'NONE', [0, 1], null, false],
  ] as const)(
    '%s rows of weights, %s, labels %s, norm %s: the numbers of the raw graph',
    async (classes, transform, labels, norm, rewritten) => {
      const raw = classifier(classes, transform, [...labels], norm);
      const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: NAMES });
      expect(operators(columnar).includes('Gemm')).toBe(rewritten);
      const values = numbers(60, 3).map((one, index) => (index % 3 === 1 ? one * 1000 : one));
      for (const runtime of RUNTIME_NAMES) {
        const expected = await runGraph(raw, { x: { type: 'float', dims: [20, 3], values } }, runtime);
        const got = await runGraph(columnar, columnFeeds(signature, columnsOf(NAMES, values)), runtime);
        expect(got.label?.values).toEqual(expected.label?.values);
        const width = (expected.p?.values.length ?? 0) / 20;
        const columns = signature.outputs.slice(1);
        expect(columns).toHaveLength(width);
        for (const [at, { name }] of columns.entries()) {
          const wanted = expected.p?.values.filter((_, index) => index % width === at) ?? [];
          for (const [row, one] of wanted.entries()) expect(Number(got[name]?.values[row])).toBeCloseTo(Number(one), 5);
        }
      }
    },
  );

  it('keeps a class at 0 where every class has underflowed', async () => {
    const { bytes: columnar, signature } = await normalize(classifier(3, 'LOGISTIC', [0, 1, 2], 'L1'), {
      target,
      columnNames: NAMES,
    });
    const rows = Object.fromEntries(NAMES.map((name) => [name, [1e6, -1e6, 1e9]]));
    const got = await runGraph(columnar, columnFeeds(signature, rows), '1.12.1');
    for (const { values } of Object.values(got)) expect(values.every((one) => Number.isFinite(Number(one)))).toBe(true);
  });

  it('needs no Transpose for a linear model, and keeps scaling apart from the weights', async () => {
    const columnNames = Array.from({ length: 10 }, (_, at) => `c${at}`);
    const { bytes: columnar } = await normalize(fixture('diabetes-linear'), { target, columnNames });
    expect(operators(columnar)).toEqual(['Concat', 'Reshape', 'Sub', 'Mul', 'Gemm', 'Reshape']);
  });

  it('keeps one Transpose for trees, which read rows', async () => {
    const { bytes: columnar } = await normalize(fixture('iris-forest'), { target, columnNames: ['a', 'b', 'c', 'd'] });
    expect(operators(columnar).slice(0, 4)).toEqual(['Concat', 'Reshape', 'Transpose', 'TreeEnsembleClassifier']);
  });

  it('serves rows and columns at once where a model has both', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 3])],
      outputs: [value('y', 'float', [null, 1]), value('z', 'float', [null, 3])],
      nodes: [
        ml('Scaler', ['x'], ['s'], { offset: floats([1]), scale: floats([2]) }),
        ml('LinearRegressor', ['s'], ['y'], { coefficients: floats([1, 2, 3]), intercepts: floats([0.5]) }),
        ml('Normalizer', ['s'], ['z'], { norm: string('MAX') }),
      ],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: NAMES });
    const values = numbers(21);
    for (const runtime of RUNTIME_NAMES) {
      const expected = await runGraph(raw, { x: { type: 'float', dims: [7, 3], values } }, runtime);
      const got = await runGraph(columnar, columnFeeds(signature, columnsOf(NAMES, values)), runtime);
      for (const row of [0, 3, 6]) {
        expect(Number(got.y?.values[row])).toBeCloseTo(Number(expected.y?.values[row]), 5);
        expect(Number(got.z_2?.values[row])).toBeCloseTo(Number(expected.z?.values[row * 3 + 1]), 5);
      }
    }
  });

  it('multiplies by a vector without the Transpose that both runtimes fuse wrongly', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 3])],
      outputs: [value('y', 'float', [null, 1])],
      initializers: [
        { ...numberTensor('float', [3], [0.5, -2, 3]), name: 'w' },
        { ...int64Tensor([-1, 1]), name: 'column' },
      ],
      nodes: [node('MatMul', ['x', 'w'], ['p']), node('Exp', ['p'], ['e']), node('Reshape', ['e', 'column'], ['y'])],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: NAMES });
    expect(operators(columnar)).not.toContain('Transpose');
    const values = numbers(21, 4);
    for (const runtime of RUNTIME_NAMES) {
      const expected = await runGraph(raw, { x: { type: 'float', dims: [7, 3], values } }, runtime);
      const got = await runGraph(columnar, columnFeeds(signature, columnsOf(NAMES, values)), runtime);
      for (const [row, one] of (expected.y?.values ?? []).entries())
        expect(Number(got.y?.values[row])).toBeCloseTo(Number(one), 4);
    }
  });

  it.each([
    ['MatMul', 0],
    ['Gemm', 0],
    ['Gemm', 1],
  ] as const)('writes a double %s (transB %s) without Gemm for a runtime that has none', async (op, transB) => {
    const dims = transB === 1 ? [2, 3] : [3, 2];
    const raw = bytes(
      {
        inputs: [value('x', 'double', [null, 3])],
        outputs: [value('y', 'double', [null, 2])],
        initializers: [
          { ...numberTensor('double', dims, [0.1, -2, 3, 4, 0.5, -6]), name: 'w' },
          { ...numberTensor('double', [2], [0.3, -0.7]), name: 'b' },
        ],
        nodes: [
          op === 'MatMul'
            ? node('MatMul', ['x', 'w'], ['y'])
            : node('Gemm', ['x', 'w', 'b'], ['y'], { transB: int(transB) }),
        ],
      },
      { ir: 6, opsets: [{ domain: '', version: 12 }] },
    );
    const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS['sql-edge-1'], columnNames: NAMES });
    expect(operators(columnar)).not.toContain('Gemm');
    const values = numbers(21, 6);
    const expected = await runGraph(raw, { x: { type: 'double', dims: [7, 3], values } });
    const got = await runGraph(columnar, columnFeeds(signature, columnsOf(NAMES, values)));
    for (const [at, { name }] of signature.outputs.entries()) {
      const wanted = expected.y?.values.filter((_, index) => index % 2 === at) ?? [];
      for (const [row, one] of wanted.entries()) expect(Number(got[name]?.values[row])).toBeCloseTo(Number(one), 12);
    }
  });

  it('leaves a regressor with a link function to the runtime', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 3])],
      outputs: [value('y', 'float', [null, 1])],
      nodes: [
        ml('LinearRegressor', ['x'], ['y'], {
          coefficients: floats([1, 2, 3]),
          intercepts: floats([0.5]),
          post_transform: string('LOGISTIC'),
          unused: float(1),
        }),
      ],
    });
    const { bytes: columnar } = await normalize(raw, { target, columnNames: NAMES });
    expect(operators(columnar)).toContain('LinearRegressor');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/graph/codec/model.js';
import { int, int64Tensor, ints, numberTensor, string } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import type { Normalized } from '../../../src/graph/normalize-options.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, fixture, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];

/** Exported by PyTorch with a batch of 1 and of 4 (make_networks.py); expected are its predictions row by row. */
const NETWORKS = [
  'mlp',
  'convnet',
  'lstm',
  'gru',
  'rnn-time-first',
  'lstm-started',
  'attention',
  'multihead',
  'positions',
] as const;

interface Document {
  columns: number[][];
  expected: number[][];
}

const document = (name: string): Document =>
  JSON.parse(readFileSync(new URL(`../fixtures/networks/${name}.json`, import.meta.url), 'utf8')) as Document;

async function expectRows({ bytes: columnar, signature }: Normalized, { columns, expected }: Document): Promise<void> {
  expect(signature.inputs).toHaveLength(columns.length);
  expect(signature.outputs).toHaveLength(expected.length);
  for (const runtime of RUNTIME_NAMES) {
    for (const rows of [1, 2, 7]) {
      const feeds = Object.fromEntries(
        signature.inputs.map(({ name }, at) => [name, columns[at]?.slice(0, rows) ?? []]),
      );
      const got = await runGraph(columnar, columnFeeds(signature, feeds), runtime);
      for (const [at, { name }] of signature.outputs.entries()) {
        expect(got[name]?.dims).toEqual([rows, 1]);
        for (const [row, one] of (got[name]?.values ?? []).entries()) {
          expect(Math.abs(Number(one) - (expected[at]?.[row] ?? Number.NaN))).toBeLessThanOrEqual(
            2e-6 * Math.max(1, Math.abs(expected[at]?.[row] ?? 0)),
          );
        }
      }
    }
  }
}

describe('batch', () => {
  for (const batch of [1, 4]) {
    it.each(NETWORKS)(`%s exported for ${batch} takes any number of rows`, async (name) => {
      const document_ = document(name);
      const columnNames = document_.columns.map((_, at) => `c${at}`);
      const normalized = await normalize(fixture(`networks/${name}-b${batch}`), { target, columnNames });
      await expectRows(normalized, document_);
      expect(normalized.passes.find(({ pass }) => pass === 'batch')).toMatchObject({
        modified: true,
        reason: expect.stringContaining(`fixed at ${batch} row`),
      });
    });
  }

  it.each(NETWORKS)('%s fits SQL Edge 1.0 as well', async (name) => {
    const document_ = document(name);
    const columnNames = document_.columns.map((_, at) => `c${at}`);
    const normalized = await normalize(fixture(`networks/${name}-b4`), { target: TARGETS['sql-edge-1'], columnNames });
    await expectRows(normalized, document_);
  });

  it.each(['attention', 'gru'])('%s as the newer exporter writes it, too', async (name) => {
    const document_ = document(name);
    const columnNames = document_.columns.map((_, at) => `c${at}`);
    await expectRows(await normalize(fixture(`networks/${name}-dynamo`), { target, columnNames }), document_);
  });

  it('leaves a graph alone whose rows are open', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1])],
      nodes: [node('Neg', ['x'], ['y'])],
    });
    const { passes } = await normalize(raw, { target });
    expect(passes.find(({ pass }) => pass === 'batch')).toMatchObject({ modified: false });
  });

  it('opens a Slice to the end whose bounds are int32', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [3, 2])],
      outputs: [value('y', 'float', [3, 1])],
      nodes: [node('Slice', ['x', 'starts', 'ends', 'axes'], ['y'])],
      initializers: [
        named('starts', numberTensor('int32', [2], [0, 1])),
        named('ends', numberTensor('int32', [2], [3, 2])),
        named('axes', numberTensor('int32', [2], [0, 1])),
      ],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const rows = [5, 6, 7, 8];
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1, 2, 3, 4], b: rows }), '1.12.1');
    expect(got.y).toEqual({ dims: [4, 1], values: rows });
  });

  it('turns an output whose rows are not in front', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [3, 2])],
      outputs: [value('y', 'float', [2, 3])],
      nodes: [node('Transpose', ['x'], ['y'], { perm: ints([1, 0]) })],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1, 2], b: [3, 4] }), '1.12.1');
    expect(Object.values(got).map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('takes rows apart from the values that share their axis in an output', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [3, 2])],
      outputs: [value('y', 'float', [6, 1])],
      nodes: [node('Transpose', ['x'], ['t']), node('Reshape', ['t', 'six'], ['y'])],
      initializers: [named('six', int64Tensor([6, 1]))],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1, 2], b: [3, 4] }), '1.12.1');
    expect(got).toEqual({ y_1: { dims: [2, 1], values: [1, 2] }, y_2: { dims: [2, 1], values: [3, 4] } });
  });

  it.each([1, 3])('drops a Squeeze of the rows at the end (batch %i)', async (batch) => {
    const raw = bytes({
      inputs: [value('x', 'float', [batch, 1])],
      outputs: [value('y', 'float', batch === 1 ? [] : [batch])],
      nodes: [node('Neg', ['x'], ['n']), node('Squeeze', ['n'], ['y'])],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target });
    for (const rows of [[5], [5, 6]]) {
      const got = await runGraph(columnar, columnFeeds(signature, { x: rows }));
      expect(got.y).toEqual({ dims: [rows.length, 1], values: rows.map((one) => -one) });
    }
  });

  const ml = (op: string, inputs: string[], outputs: string[]): Node => node(op, inputs, outputs, {}, 'ai.onnx.ml');
  const back = node('Transpose', ['n'], ['y']);
  const x = { inputs: [value('x', 'float', [3, 4])], outputs: [value('y', 'float', [3, 4])] };
  it.each([
    ['reduces over the rows', [node('ReduceMean', ['x'], ['m'], { axes: ints([0]) }), node('Sub', ['x', 'm'], ['y'])]],
    ['picks one of the rows', [node('Gather', ['x', 'zero'], ['g'], { axis: int(0) }), node('Add', ['x', 'g'], ['y'])]],
    ['works along the axis of the rows', [node('Softmax', ['x'], ['y'], { axis: int(0) })]],
    ['puts a border around the rows', [node('Pad', ['x', 'shifts'], ['y'])]],
    ['takes other columns of each row', [node('Trilu', ['x'], ['y'])]],
    ['takes the rows for columns', [node('Transpose', ['x'], ['t']), ml('Normalizer', ['t'], ['n']), back]],
    [
      'takes the rows for columns',
      [node('Transpose', ['x'], ['t']), ml('ArrayFeatureExtractor', ['t', 'zero'], ['y'])],
    ],
    [
      'makes other rows of the rows',
      [node('Resize', ['x', '', 'halves'], ['r']), node('Concat', ['r', 'r'], ['y'], { axis: int(0) })],
    ],
    ['multiplies rows with rows', [node('Gemm', ['x', 'x'], ['y'], { transB: int(1) })]],
    ['has rows on two axes', [node('Einsum', ['x', 'x'], ['y'], { equation: string('bi,ci->bc') })]],
    [
      'counts the rows',
      [node('Size', ['x'], ['s']), node('Cast', ['s'], ['f'], { to: int(1) }), node('Div', ['x', 'f'], ['y'])],
    ],
    [
      'computes with the number of rows',
      [
        node('Shape', ['x'], ['s']),
        node('Gather', ['s', 'zero'], ['n']),
        node('Cast', ['n'], ['f'], { to: int(1) }),
        node('Mul', ['x', 'f'], ['y']),
      ],
    ],
    ['cannot be followed', [node('GatherND', ['x', 'places'], ['g']), node('Add', ['x', 'g'], ['y'])]],
    ['cannot be followed', [node('Det', ['x'], ['d']), node('Mul', ['x', 'd'], ['y'])]],
    [
      'measures all rows',
      [node('BatchNormalization', ['x', 'four', 'four', 'four', 'four'], ['y', 'm', 'v'], { training_mode: int(1) })],
    ],
    [
      'takes the rows for weights',
      [
        node('Reshape', ['x', 'kernel'], ['k']),
        node('Conv', ['series', 'k'], ['c']),
        node('Reshape', ['c', 'twelve'], ['y']),
      ],
    ],
    ['differs from row to row', [node('Add', ['x', 'weights'], ['y'])]],
    ['puts other values behind the rows', [node('Concat', ['x', 'weights'], ['y'], { axis: int(0) })]],
    ['sums over the rows', [node('Transpose', ['x'], ['t']), node('MatMul', ['t', 'x'], ['y'])]],
    ['one place', [node('Transpose', ['x'], ['t']), node('Reshape', ['t', 'six'], ['r']), node('Neg', ['r'], ['y'])]],
    [
      'cannot be followed',
      [
        node('NonZero', ['x'], ['z']),
        node('Cast', ['z'], ['f'], { to: int(1) }),
        node('Reshape', ['f', 'twelve'], ['y']),
      ],
    ],
  ] as const)('refuses a node that %s, by its name and tensor', async (how, nodes) => {
    const raw = bytes({
      ...x,
      nodes: [...nodes],
      initializers: [
        named('zero', int64Tensor([0])),
        // A row of zeros before the others, and the last one gone: as many rows as before.
        named('shifts', int64Tensor([1, 0, -1, 0])),
        named('halves', numberTensor('float', [2], [0.5, 1])),
        named('places', int64Tensor([0, 1, 2, 3])),
        named('four', numberTensor('float', [4], [1, 2, 3, 4])),
        named('kernel', int64Tensor([3, 1, 4])),
        named('series', numberTensor('float', [1, 1, 8], numbers(8))),
        named('six', int64Tensor([6, 2])),
        named('twelve', int64Tensor([2, 12])),
        named('weights', numberTensor('float', [3, 4], numbers(12))),
      ],
    });
    await expect(normalize(raw, { target, columnNames: ['a', 'b', 'c', 'd'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: expect.stringContaining(how),
      details: { operator: expect.any(String), tensor: expect.any(String) },
    });
  });

  it('keeps rows that Flatten(axis 0) puts beside other values', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [1, 2])],
      outputs: [value('y', 'float', [1, 2])],
      nodes: [node('Flatten', ['x'], ['y'], { axis: int(0) })],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1, 2], b: [3, 4] }));
    expect(Object.values(got).map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('keeps a border around the pictures of any number of rows', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [3, 2])],
      outputs: [value('y', 'float', [3, 4])],
      nodes: [node('Pad', ['x', 'pads'], ['y'])],
      initializers: [named('pads', int64Tensor([0, 1, 0, 1]))],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1, 2], b: [3, 4] }));
    expect(Object.values(got).map(({ values }) => values)).toEqual([
      [0, 0],
      [1, 2],
      [3, 4],
      [0, 0],
    ]);
  });

  it('refuses inputs for different numbers of rows', async () => {
    const raw = bytes({
      inputs: [value('a', 'float', [2, 1]), value('b', 'float', [3, 1])],
      outputs: [value('y', 'float', [2, 1])],
      nodes: [node('Neg', ['a'], ['y'])],
    });
    await expect(normalize(raw, { target })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: expect.stringMatching(/"a".*2 rows.*"b".*3/),
    });
  });
});

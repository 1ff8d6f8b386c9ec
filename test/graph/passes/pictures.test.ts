import { describe, expect, it } from 'vitest';
import type { Dimension, ElementType } from '../../../src/graph/codec/model.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, node, value } from '../build.js';
import { columnFeeds, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const edge = TARGETS['sql-edge'];

function through(shape: Dimension[], element: ElementType = 'float'): Uint8Array {
  return bytes({
    inputs: [value('image', element, ['N', ...shape])],
    outputs: [value('y', element, ['N', ...shape])],
    nodes: [node('Identity', ['image'], ['y'])],
  });
}

/** Along one axis: the value at the centre of each new pixel, linear between centres of old ones, borders repeated. */
function weights(from: number, to: number): number[][] {
  return Array.from({ length: to }, (_, at) => {
    const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
    const low = Math.floor(place);
    return Array.from({ length: from }, (__, old) =>
      old === low ? 1 - (place - low) : old === low + 1 ? place - low : 0,
    );
  });
}

/** [h,w,c] to [H,W,c], in double. */
function interpolated(values: number[], [h, w, c]: number[], [H, W]: [number, number]): number[] {
  const [vertical, horizontal] = [weights(h ?? 0, H), weights(w ?? 0, W)];
  return vertical.flatMap((down) =>
    horizontal.flatMap((across) =>
      Array.from({ length: c ?? 0 }, (_, channel) =>
        down.reduce(
          (sum, dw, y) =>
            dw === 0
              ? sum
              : sum +
                dw *
                  across.reduce((line, aw, x) => line + aw * (values[(y * (w ?? 0) + x) * (c ?? 0) + channel] ?? 0), 0),
          0,
        ),
      ),
    ),
  );
}

const turnedToFront = (values: number[], channels: number): number[] =>
  Array.from({ length: channels }, (_, channel) => values.filter((__, at) => at % channels === channel)).flat();

const halfToEven = (one: number): number => (one % 1 === 0.5 ? 2 * Math.round(one / 2) : Math.round(one));

describe('smaller pictures', () => {
  const cases: [string, number[], [number, number]][] = [
    ['channels last', [8, 8, 3], [5, 3]],
    ['channels first', [3, 8, 8], [5, 3]],
    ['one channel', [28, 20, 1], [9, 25]],
    ['a factor that float32 rounds down', [224, 3, 1], [25, 2]],
  ];
  it.each(cases)('are resized in the graph: %s', async (_, raw, size) => {
    const first = raw[0] === 3;
    const [H = 0, W = 0, c = 0] = first ? [raw[1], raw[2], raw[0]] : raw;
    for (const target of [TARGETS.embedded, { ...TARGETS.embedded, opsets: TARGETS['sql-edge-1'].opsets, ir: 6 }]) {
      const { bytes: columnar, signature, passes } = await normalize(through(raw), { target, imageSize: size });
      expect(signature.inputs).toHaveLength(size[0] * size[1] * c);
      expect(signature.inputs[1]?.name).toBe(
        first || c === 1 ? (c === 1 ? 'image_0_1_0' : 'image_0_0_1') : 'image_0_0_1',
      );
      expect(passes.find(({ pass }) => pass === 'columns')?.reason).toContain('resized');
      const rows = [1, 2].map((seed) => numbers(size[0] * size[1] * c, seed).map((one) => (one + 2) / 4));
      const expected = rows.map((row) => interpolated(row, [...size, c], [H, W]));
      const laidOut = (values: number[]): number[] => (first ? turnedToFront(values, c) : values);
      const feeds = Object.fromEntries(
        signature.inputs.map(({ name }, at) => [name, rows.map((row) => laidOut(row)[at] ?? 0)]),
      );
      for (const runtime of RUNTIME_NAMES) {
        const got = await runGraph(columnar, columnFeeds(signature, feeds), runtime);
        for (const [row, picture] of expected.entries()) {
          const wanted = laidOut(picture);
          for (const [at, { name }] of signature.outputs.entries()) {
            expect(Math.abs(Number(got[name]?.values[row]) - (wanted[at] ?? Number.NaN))).toBeLessThanOrEqual(1e-6);
          }
        }
      }
    }
  });

  it.each([
    ['double', 'double'],
    ['float16', 'float'],
    ['uint8', 'int32'],
  ] as const)('of %s too', async (element, type) => {
    const raw = through([8, 8, 1], element);
    const { bytes: columnar, signature, warnings } = await normalize(raw, { target: edge, imageSize: [2, 2] });
    expect(signature.inputs.map((input) => input.type)).toEqual(Array(4).fill(type));
    expect(warnings).toEqual([]);
    for (const runtime of RUNTIME_NAMES) {
      const got = await runGraph(
        columnar,
        columnFeeds(signature, Object.fromEntries(signature.inputs.map(({ name }, at) => [name, [at * 4]]))),
        runtime,
      );
      const exact = interpolated([0, 4, 8, 12], [2, 2, 1], [8, 8]);
      expect(Object.values(got).map(({ values }) => values[0])).toEqual(
        element === 'uint8' ? exact.map(halfToEven) : exact,
      );
    }
  });

  it('leaves the size to the columns where the network takes any', async () => {
    const { bytes: columnar, signature } = await normalize(through([null, null, 3]), {
      target: edge,
      imageSize: [2, 1],
    });
    expect(signature.inputs).toHaveLength(6);
    expect(inspect(columnar).operators.map(({ type }) => type)).not.toContain('Resize');
  });

  it('follows the converter, which knows the axes', async () => {
    const columns = ['a', 'b', 'c'];
    const { bytes: columnar, signature } = await normalize(through([3, 6, 3]), {
      target: edge,
      facts: {
        columns: columns.map((name) => ({ name, kind: 'number', type: 'float', acceptsMissing: false })),
        inputs: [{ tensor: 'image', columns, image: { axes: [1, 2], size: [1, 1] } }],
        outputs: [{ tensor: 'y', names: Array.from({ length: 54 }, (_, at) => `y${at}`), role: 'value' }],
      },
    });
    const got = await runGraph(columnar, columnFeeds(signature, { a: [1], b: [2], c: [3] }));
    expect(signature.outputs.map(({ name }) => got[name]?.values[0])).toEqual(Array(18).fill([1, 2, 3]).flat());
  });

  it.each([
    [[3, 8, 3], 'cannot be told'],
    [[8, 8, 8], 'cannot be told'],
    [[8], 'no picture'],
  ])('refuses --image-size for %j', async (shape, why) => {
    await expect(normalize(through(shape), { target: edge, imageSize: [2, 2] })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(why),
    });
  });
});

describe('limits of a table', () => {
  const refused = (raw: Uint8Array, options: object = {}) =>
    normalize(raw, { target: edge, ...options }).catch((e) => e);

  it.each([
    [[224, 224, 3], '150,528', '18x18 with its 3 channels'],
    [[3, 224, 224], '150,528', '18x18 with its 3 channels'],
    [[32, 32, 1], '1,024', '31x31 with its 1 channel'],
  ])('a picture %j is refused with the largest that fits', async (shape, count, way) => {
    const refusal = await refused(through(shape));
    expect(refusal).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      message: expect.stringMatching(new RegExp(`${count} columns.*1,023 beside a key`)),
      hint: expect.stringContaining(way),
    });
    expect(refusal.hint).toContain('--target embedded');
  });

  it('the size that it names fits, and one more does not', async () => {
    const outputs = ['y_1'];
    await normalize(through([32, 32, 1]), { target: edge, imageSize: [31, 31], outputs });
    expect(await refused(through([32, 32, 1]), { imageSize: [32, 32], outputs })).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
    });
  });

  it('counts the bytes of a row: 1,000 float columns are too long', async () => {
    const raw = through([31, 31, 1], 'double');
    const { signature } = await normalize(raw, { target: edge, outputs: ['y_1'] });
    expect(signature.inputs).toHaveLength(31 * 31);
    const long = bytes({
      inputs: [value('x', 'double', ['N', 1000, 1])],
      outputs: [value('y', 'double', ['N', 1000, 1])],
      nodes: [node('Neg', ['x'], ['y'])],
    });
    expect(await refused(long, { outputs: ['y_1'] })).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      message: expect.stringMatching(/1,000 columns and a key has 8,140 bytes.*at most 8,060/),
      hint: expect.stringContaining('real columns'),
    });
  });

  it('more outputs than a table has columns, with the ways out', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1500])],
      nodes: [node('Expand', ['x', 'shape'], ['y'])],
      initializers: [
        {
          name: 'shape',
          type: 'int64',
          dims: [2],
          doc: '',
          data: new Uint8Array(new BigInt64Array([1n, 1500n]).buffer),
          strings: [],
        },
      ],
    });
    expect(await refused(raw)).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      message: expect.stringMatching(/gives 1,500 columns.*1,023/),
      hint: expect.stringMatching(/--top K.*--outputs.*--target embedded/),
    });
    expect((await normalize(raw, { target: edge, outputs: ['y_7'] })).signature.outputs).toHaveLength(1);
  });
});

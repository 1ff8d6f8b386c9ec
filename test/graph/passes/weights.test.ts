import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from '../../../src/graph/codec/float16.js';
import { numberTensor } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];

function network(weights: number[]): Uint8Array {
  const width = weights.length / 4;
  return bytes({
    inputs: [value('x', 'float', ['N', 4])],
    outputs: [value('y', 'float', ['N', width])],
    nodes: [node('MatMul', ['x', 'w'], ['m']), node('Add', ['m', 'bias'], ['y'])],
    initializers: [
      named('w', numberTensor('float', [4, width], weights)),
      named('bias', numberTensor('float', [width], numbers(width))),
    ],
  });
}

const columnNames = ['a', 'b', 'c', 'd'];

describe('float16', () => {
  it('is its own inverse for all halves that are numbers', () => {
    for (let half = 0; half < 0x10000; half += 1) {
      if ((half & 0x7c00) === 0x7c00) continue;
      expect(toFloat16(fromFloat16(half))).toBe(half);
    }
  });

  it('takes the nearest', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (one) => {
        const half = toFloat16(one);
        const error = Math.abs(fromFloat16(half) - one);
        for (const other of [half - 1, half + 1]) {
          if ((other & 0x7fff) < 0x7c00 && other >= 0 && Math.sign(fromFloat16(other)) === Math.sign(one)) {
            expect(error).toBeLessThanOrEqual(Math.abs(fromFloat16(other) - one));
          }
        }
      }),
    );
  });

  it('rounds halves to even, and overflows as the hardware does', () => {
    expect(fromFloat16(toFloat16(2049))).toBe(2048);
    expect(fromFloat16(toFloat16(2051))).toBe(2052);
    expect(fromFloat16(toFloat16(65519))).toBe(65504);
    expect(fromFloat16(toFloat16(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(fromFloat16(toFloat16(Number.NaN))).toBeNaN();
  });
});

describe('--weights float16', () => {
  it('halves the file, predicts nearly the same, and says what it changed', async () => {
    const raw = network(numbers(4000));
    const whole = await normalize(raw, { target, columnNames, outputs: ['y_1', 'y_1000'] });
    const half = await normalize(raw, { target, columnNames, outputs: ['y_1', 'y_1000'], weights: 'float16' });
    expect(whole.bytes.length - half.bytes.length).toBeGreaterThan(9000);
    expect(half.warnings).toEqual([{ code: 'FLOAT16_WEIGHTS', message: expect.stringMatching(/^2 tensors.*--rtol/) }]);
    expect(half.passes.find(({ pass }) => pass === 'weights')?.modified).toBe(true);
    expect(whole.passes.find(({ pass }) => pass === 'weights')?.modified).toBe(false);
    const feeds = columnFeeds(
      whole.signature,
      Object.fromEntries(columnNames.map((name, at) => [name, numbers(9, at)])),
    );
    for (const runtime of RUNTIME_NAMES) {
      const [exact, near] = [await runGraph(whole.bytes, feeds, runtime), await runGraph(half.bytes, feeds, runtime)];
      const differences = (near.y_1000?.values ?? []).map((one, at) =>
        Math.abs(Number(one) - Number(exact.y_1000?.values[at])),
      );
      expect(Math.max(...differences)).toBeGreaterThan(0);
      expect(Math.max(...differences)).toBeLessThan(5e-3);
    }
    const again = await normalize(half.bytes, { target });
    expect(Buffer.compare(again.bytes, half.bytes)).toBe(0);
  });

  it('finds weights wherever they lie in a file', async () => {
    const raw = network(numbers(4000));
    const aligned = await normalize(raw, { target, columnNames, weights: 'float16' });
    for (const shift of [1, 2, 3]) {
      // What readFile gives is a Buffer, whose slices are views.
      const shifted = Buffer.alloc(raw.length + shift).subarray(shift);
      shifted.set(raw);
      const half = await normalize(shifted, { target, columnNames, weights: 'float16' });
      expect(Buffer.compare(half.bytes, aligned.bytes)).toBe(0);
    }
  });

  it.each([
    ['beyond the range', (one: number, at: number) => (at === 7 ? 70000 : one)],
    ['too small for it', (one: number) => one * 1e-7],
    ['not a number', (one: number, at: number) => (at === 7 ? Number.NaN : one)],
  ])('keeps weights that are %s', async (_, change) => {
    const raw = network(numbers(400).map(change));
    const half = await normalize(raw, { target, columnNames, weights: 'float16' });
    const whole = await normalize(raw, { target, columnNames });
    expect(half.warnings).toEqual([]);
    expect(Buffer.compare(half.bytes, whole.bytes)).toBe(0);
  });

  it('is what the refusal of a model that is too large names, with the size that it would have', async () => {
    const small = { ...target, maxBytes: 12_000 };
    const raw = network(numbers(4000));
    const outputs = ['y_1'];
    const refusal = await normalize(raw, { target: small, columnNames, outputs }).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'MODEL_TOO_LARGE', hint: expect.stringContaining('--weights float16') });
    const { bytes: half } = await normalize(raw, { target: small, columnNames, outputs, weights: 'float16' });
    expect(Math.abs(refusal.details.float16Bytes - half.length)).toBeLessThan(200);
    const tiny = await normalize(raw, { target: { ...target, maxBytes: 5000 }, columnNames, outputs }).catch((e) => e);
    expect(tiny.code).toBe('MODEL_TOO_LARGE');
    expect(tiny.hint).not.toContain('--weights');
    expect(inspect(half).targets.find(({ target: id }) => id === 'sql-edge')?.fits).toBe(true);
  });
});

import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { column, type Frame } from '../../src/rows/frame.js';
import { readFrame, writeFrame } from '../../src/rows/frame-file.js';
import { sharedFolder } from '../support/folder.js';

const folder = sharedFolder('frame-file');

const frames: fc.Arbitrary<Frame> = fc.integer({ min: 0, max: 9 }).chain((rows) => {
  const length = { minLength: rows, maxLength: rows };
  const name = fc.string();
  return fc
    .array(
      fc.oneof(
        fc.record({ name, type: fc.constant('float' as const), values: fc.float32Array(length) }),
        fc.record({ name, type: fc.constant('double' as const), values: fc.float64Array(length) }),
        fc.record({ name, type: fc.constant('int32' as const), values: fc.int32Array(length) }),
        fc.record({ name, type: fc.constant('int64' as const), values: fc.bigInt64Array(length) }),
        fc.record({ name, type: fc.constant('bool' as const), values: fc.uint8Array({ ...length, max: 1 }) }),
        fc.record({
          name,
          type: fc.constant('string' as const),
          values: fc.array(fc.option(fc.string({ unit: 'grapheme' })), length),
        }),
      ),
    )
    .map((columns) => ({ rows, columns }) as Frame);
});

test('what is read is what was written, whatever the types and lengths', async () => {
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      const base = path.join(folder, 'any');
      await writeFrame(base, frame);
      expect(await readFrame(base)).toEqual(frame);
    }),
    { numRuns: 60 },
  );
});

test('a column is found by its exact name', () => {
  const frame: Frame = { rows: 1, columns: [{ name: 'Age', type: 'int32', values: new Int32Array([4]) }] };
  expect(column(frame, 'Age')?.values[0]).toBe(4);
  expect(column(frame, 'age')).toBeUndefined();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import { verifyAgainst } from '../../src/convert/verify-against.js';
import { CONTENT, FakeExecutor, type FakeOptions, frameOf, writeFiles } from '../support/fake-executor.js';

const sample = frameOf(
  ['a', 'b'],
  [
    [1, 2],
    [3, 4],
  ],
);

let folder: string;
let original: string;
let executor: FakeExecutor;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-verify-'));
  original = path.join(writeFiles(folder, { 'press.txt': CONTENT.lightgbm() }), 'press.txt');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function using<T>(fake: FakeOptions, work: (converters: Converters) => Promise<T>): Promise<T> {
  executor = new FakeExecutor(fake);
  const converters = await Converters.open({ executor });
  try {
    return await work(converters);
  } finally {
    await converters.close();
  }
}

/** The model's ONNX, made before. */
async function onnx(options = {}): Promise<string> {
  await using({}, (converters) => convertAll([original], converters, { out: folder, sample, ...options }));
  return path.join(folder, 'press.onnx');
}

it('asks the original for its predictions only, and holds the file against them', async () => {
  const file = await onnx();
  const { verification } = await using({}, (converters) => verifyAgainst(file, original, converters, { sample }));
  expect(verification).toMatchObject({
    status: 'passed',
    rows: 2,
    rowsSource: 'sample',
    runtimes: ['1.30.0', '1.12.1'],
  });
  expect(executor.calls.map(({ request }) => [request.action, request.precision])).toEqual([['predict', 'float']]);
});

it('asks in the precision that the file has, and for many rows of one that takes one at a time', async () => {
  const file = await onnx({ precision: 'double', batch: 1 });
  const { verification } = await using({}, (converters) => verifyAgainst(file, original, converters, { sample }));
  expect([verification.status, executor.calls[0]?.request.precision]).toEqual(['passed', 'double']);
});

it('is a result, with the worst rows, when they differ', async () => {
  const file = await onnx();
  const { verification } = await using({ behave: () => ({ off: 1 }) }, (converters) =>
    verifyAgainst(file, original, converters, { sample }),
  );
  expect([verification.status, verification.maxAbsDiff]).toEqual(['failed', 1]);
  expect(verification.worst?.map(({ row, expected, got, inputs }) => [row, expected, got, inputs])).toEqual([
    [0, 7, 6, { a: 1, b: 2 }],
    [1, 13, 12, { a: 3, b: 4 }],
  ]);
});

it('refuses a graph whose columns have no names', async () => {
  const raw = path.join(import.meta.dirname, '../graph/fixtures/iris-logistic.onnx');
  await expect(using({}, (converters) => verifyAgainst(raw, original, converters))).rejects.toMatchObject({
    code: 'MISSING_SIGNATURE',
  });
  expect(executor.started).toEqual([]);
});

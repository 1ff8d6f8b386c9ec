import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { minorOf } from '../../src/environments/versions.js';
import { openSession } from '../../src/inference/open.js';
import { checkedRuntimes, readyRuntimes } from '../../src/inference/runtimes.js';
import { ensureRuntime } from '../../src/runtimes/ensure.js';
import { TARGETS } from '../../src/targets/targets.js';
import type { Tensor } from '../../src/tensor.js';
import { Workshop } from '../environments/workshop.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { endlessLoop, plusOne } from './graphs.js';

const runtime = '1.5.2';
const target = TARGETS['sql-edge-1'];
const found = (await findInterpreters()).some(({ version }) => minorOf(version) === '3.8');
if (!found) console.warn('ONNX Runtime 1.5.2 is not tested: this machine has no Python 3.8');

function rows(...values: number[]): Record<string, Tensor> {
  return { x: { type: 'float', shape: [values.length, 1], data: Float32Array.from(values) } };
}

describe('without a Python 3.8', () => {
  it('ONNX Runtime 1.5.2 is named as not checked, and the others are used', async () => {
    const workshop = new Workshop();
    try {
      await workshop.open();
      await ensureRuntime('1.30.0');
      workshop.set({ PATH: '', PYENV_ROOT: workshop.folder });
      const expected = { runtimes: ['1.30.0'], runtimesNotChecked: [runtime] };
      expect(await checkedRuntimes(target)).toEqual(expected);
      expect(await readyRuntimes(target, {})).toEqual({ ...expected, warnings: [] });
      await expect(openSession(plusOne(), { runtime, origin: 'made' })).rejects.toMatchObject({
        code: 'PYTHON_NOT_FOUND',
      });
    } finally {
      workshop.close();
    }
  });
});

describe.skipIf(!found)('ONNX Runtime 1.5.2', () => {
  it('runs a graph, several times at once', async () => {
    const session = await openSession(plusOne(), { runtime, origin: 'made' });
    expect(session).toMatchObject({ runtime, inputNames: ['x'], outputNames: ['y'] });
    const answers = await Promise.all([1, 2, 3, 4].map((value) => session.run(rows(value, 0.5))));
    expect(answers.map(({ y }) => y)).toEqual(
      [2, 3, 4, 5].map((value) => ({ type: 'float', shape: [2, 1], data: Float32Array.of(value, 1.5) })),
    );
    await session.close();
    await expect(session.run(rows(1))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  });

  it('says in its own words why a graph does not load, and why it does not run', async () => {
    await expect(openSession(Buffer.from('no graph'), { runtime, origin: 'foreign' })).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringContaining('INVALID_PROTOBUF'),
    });
    const session = await openSession(plusOne(), { runtime, origin: 'made' });
    const wrong: Record<string, Tensor> = { x: { type: 'int64', shape: [1, 1], data: BigInt64Array.of(1n) } };
    await expect(session.run(wrong)).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringContaining('Unexpected input data type'),
    });
    expect((await session.run(rows(1))).y?.data).toEqual(Float32Array.of(2));
    await session.close();
  });

  it('ends a graph that never ends, and goes on with others', async () => {
    const endless = await openSession(endlessLoop(), { runtime, origin: 'foreign', timeout: 5000 });
    await expect(endless.run(rows(1))).rejects.toMatchObject({ code: 'INFERENCE_TIMEOUT' });
    await expect(endless.run(rows(1))).rejects.toMatchObject({ code: 'INFERENCE_TIMEOUT' });
    await endless.close();
    const next = await openSession(plusOne(), { runtime, origin: 'foreign' });
    expect((await next.run(rows(1))).y?.data).toEqual(Float32Array.of(2));
    await next.close();
  });

  it('is not checked, with the reason, where it cannot be built', async () => {
    const workshop = new Workshop();
    try {
      await workshop.open();
      expect(await checkedRuntimes(target)).toEqual({ runtimes: ['1.30.0', runtime], runtimesNotChecked: [] });
      expect(await readyRuntimes(target, {})).toEqual({
        runtimes: ['1.30.0'],
        runtimesNotChecked: [runtime],
        warnings: [
          { code: 'RUNTIME_NOT_CHECKED', message: expect.stringMatching(/SQL Edge 1\.0 runs: .*could not be built/) },
        ],
      });
    } finally {
      workshop.close();
    }
  });
});

describe.skipIf(!found)('a conversion for SQL Edge 1.0', () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await prepare();
    await prepared.python('samples/train.py', prepared.folder);
  });
  afterAll(() => prepared.close());

  it.each([
    // Vectors, strings and missing values that become NaN; and linear algebra in double, for which it lacks kernels.
    ['penguin-species.joblib', 'float'],
    ['diabetes-quickstart.joblib', 'double'],
  ] as const)('of %s in %s is verified in both runtimes', async (file, precision) => {
    const [result] = await convertAll([path.join(prepared.folder, file)], prepared.converters, {
      out: path.join(prepared.folder, precision),
      target: 'sql-edge-1',
      precision,
      trust: { all: true },
    });
    expect(result?.error).toBeUndefined();
    expect(result).toMatchObject({ status: 'converted', ir: 6, opsets: { '': 12 } });
    expect(result?.verification).toMatchObject({
      status: 'passed',
      runtimes: ['1.30.0', runtime],
      runtimesNotChecked: [],
      labelMismatches: 0,
    });
  });
});

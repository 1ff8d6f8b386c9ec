import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitsOf } from '../../src/batch/capacity.js';
import type { BatchDocument } from '../../src/batch/results.js';
import { type BatchOptions, type BatchOutcome, runBatch } from '../../src/batch/run.js';
import { runFolder } from '../../src/batch/run-folder.js';
import { readZoo } from '../../src/batch/zoo/read-zoo.js';
import { Converters } from '../../src/convert/converters.js';
import type { ConversionOptions } from '../../src/convert/options/conversion-options.js';
import { PredictableError } from '../../src/errors.js';
import { savedModel } from '../detect/pickles.js';
import { CONTENT, FakeExecutor, type FakeOptions, writeFiles } from '../support/fake-executor.js';

let root: string;
let zoo: string;
let executor: FakeExecutor;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'predictable-batch-'));
  zoo = path.join(root, 'zoo');
});
afterEach(() => rmSync(root, { recursive: true }));

const SAMPLE = 'a,b\n1,2\n';

/** A model that LightGBM saved, and its sample, by names. */
function models(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}.txt`, CONTENT.lightgbm(name)],
      [`${name}.sample.csv`, SAMPLE],
    ]),
  );
}

type Given = Partial<BatchOptions> & FakeOptions & { defaults?: ConversionOptions; of?: string };

async function run({ behave, refuse, defaults = {}, of = zoo, ...given }: Given = {}): Promise<BatchOutcome> {
  executor = new FakeExecutor({ behave, refuse } as FakeOptions);
  const converters = await Converters.open({ executor });
  try {
    return await runBatch(await readZoo(of, converters.manifests, defaults), converters, {
      ...limitsOf({ jobs: 1, memory: 2 ** 31, environments: 2 }),
      folder: runFolder(path.join(root, 'run')),
      resume: false,
      // Then nobody looks at which environments this machine has, and nothing is tried twice.
      executor: 'ray',
      trust: {},
      settings: { keepUnverified: false },
      ...given,
    });
  } finally {
    await converters.close();
  }
}

const told = ({ results }: BatchDocument) =>
  Object.fromEntries(results.map(({ name, status, error }) => [name, error?.code ?? status]));
const product = (name: string) => existsSync(path.join(root, 'run', name));

describe('a run', () => {
  it('gives each model a result, whatever becomes of the others', async () => {
    writeFiles(zoo, {
      ...models('good', 'bad', 'off'),
      'wild.joblib': savedModel([['sklearn.svm', 'SVC']]),
      'broken.cbm': 'no such',
    });
    const { document } = await run({
      behave: ({ file }) =>
        file === 'bad.txt' ? { error: 'UNSUPPORTED_MODEL' } : file === 'off.txt' ? { off: 1 } : {},
    });
    expect(told(document)).toEqual({
      bad: 'UNSUPPORTED_MODEL',
      broken: 'CORRUPT_MODEL',
      good: 'converted',
      off: 'VERIFICATION_FAILED',
      wild: 'UNTRUSTED_ARTIFACT',
    });
    expect(document.run).toMatchObject({
      finished: true,
      totals: { models: 5, converted: 1, failed: 4, cached: 0, skipped: 0 },
    });
    expect(['models/good.onnx', 'models/good.json', 'evidence/good.json'].map(product)).toEqual([true, true, true]);
    // What did not verify is shown, and not kept.
    expect(['models/off.onnx', 'models/off.json', 'evidence/off.json'].map(product)).toEqual([false, false, true]);
    expect(document.results.find(({ name }) => name === 'good')).toMatchObject({
      source: 'good.txt',
      output: 'models/good.onnx',
      attempts: 1,
    });
    expect(JSON.parse(readFileSync(path.join(root, 'run', 'results.json'), 'utf8'))).toEqual(document);
    expect(product('.scratch')).toBe(false);
  });

  it('gives calls its memory, and rests what has nothing left to do', async () => {
    writeFiles(zoo, models('one', 'two'));
    await run({ memory: 12345 });
    expect(executor.calls.map(({ options }) => options.memory)).toEqual([12345, 12345]);
    expect([executor.started, executor.rested]).toEqual([['lightgbm in tabular'], 1]);
  });

  it('keeps what did not verify when it is told to', async () => {
    writeFiles(zoo, models('off'));
    const { document } = await run({ behave: () => ({ off: 1 }), settings: { keepUnverified: true } });
    expect([told(document), product('models/off.onnx')]).toEqual([{ off: 'VERIFICATION_FAILED' }, true]);
  });

  it('fails all models of an environment that cannot be had, and no others', async () => {
    writeFiles(zoo, { ...models('one', 'two'), 'net.h5': CONTENT.keras(), 'net.sample.csv': SAMPLE });
    const { document } = await run({
      refuse: (converter) =>
        converter === 'lightgbm' ? new PredictableError('ENVIRONMENT_FAILED', 'no wheel') : undefined,
    });
    expect(told(document)).toEqual({ net: 'converted', one: 'ENVIRONMENT_FAILED', two: 'ENVIRONMENT_FAILED' });
    expect(executor.calls.map(({ converter }) => converter)).toEqual(['keras']);
  });

  it('tries once more after a crash on this machine', async () => {
    writeFiles(zoo, models('worn', 'lost'));
    const { document } = await run({
      executor: 'local',
      behave: ({ file }, nth) => (file === 'lost.txt' || nth === 0 ? { error: 'CONVERTER_CRASHED' } : {}),
    });
    expect(document.results.map(({ name, status, attempts }) => [name, status, attempts])).toEqual([
      ['lost', 'failed', 2],
      ['worn', 'converted', 2],
    ]);
  });

  it('does not try again what takes too long', async () => {
    writeFiles(zoo, models('slow'));
    const { document } = await run({ executor: 'local', defaults: { timeout: 20 }, behave: () => ({ hangs: true }) });
    expect(document.results).toMatchObject([{ error: { code: 'CONVERTER_TIMEOUT' }, attempts: 1 }]);
  });

  it('takes no folder that holds a run, and reads no models from where it writes', async () => {
    writeFiles(zoo, models('one'));
    await run();
    await expect(run()).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(
      run({
        folder: runFolder(path.join(root, 'z')),
        of: writeFiles(path.join(root, 'z'), { 'models/one.txt': CONTENT.lightgbm() }),
      }),
    ).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  });

  it('registers what is converted, and says where', async () => {
    writeFiles(zoo, models('one', 'bad'));
    const registered: [string, string][] = [];
    const { document } = await run({
      behave: ({ file }) => (file === 'bad.txt' ? { error: 'UNSUPPORTED_MODEL' } : {}),
      register: async (name, file) => {
        registered.push([name, path.relative(root, file)]);
        return { registry: 'r', name, version: 3, created: true };
      },
    });
    expect(registered).toEqual([['one', 'run/models/one.onnx']]);
    expect(document.results.find(({ name }) => name === 'one')?.registered).toMatchObject({
      version: 3,
      created: true,
    });
  });

  it('fails a model that the registry refuses, and keeps its files', async () => {
    writeFiles(zoo, models('one'));
    const register = async () => {
      throw new PredictableError('SIGNATURE_CHANGED', 'other columns');
    };
    const { document } = await run({ register });
    expect([told(document), product('models/one.onnx')]).toEqual([{ one: 'SIGNATURE_CHANGED' }, true]);
  });
});

describe('a run that goes on', () => {
  it('does only what is missing or has changed', async () => {
    writeFiles(zoo, models('one', 'two', 'three'));
    await run();
    const unchanged = await run({ resume: true });
    expect([told(unchanged.document), unchanged.unchanged, executor.calls]).toEqual([
      { one: 'cached', three: 'cached', two: 'cached' },
      true,
      [],
    ]);
    writeFileSync(path.join(zoo, 'one.sample.csv'), 'a,b\n5,6\n');
    rmSync(path.join(root, 'run', 'models', 'two.onnx'));
    const again = await run({ resume: true });
    expect([told(again.document), again.unchanged]).toEqual([
      { one: 'converted', three: 'cached', two: 'converted' },
      false,
    ]);
    const otherwise = await run({ resume: true, defaults: { rtol: 0.5 } });
    expect(told(otherwise.document)).toEqual({ one: 'converted', three: 'converted', two: 'converted' });
    expect(told((await run({ resume: true, defaults: { rtol: 0.5, timeout: 9000 } })).document)).toEqual({
      one: 'cached',
      three: 'cached',
      two: 'cached',
    });
  });

  it('knows a refusal, and tries again what may pass', async () => {
    writeFiles(zoo, models('never', 'perhaps'));
    const behave: FakeOptions['behave'] = ({ file }) => ({
      error: file === 'never.txt' ? 'UNSUPPORTED_MODEL' : 'OUT_OF_MEMORY',
    });
    await run({ behave });
    const { document } = await run({ resume: true });
    expect(executor.calls.map(({ file }) => file)).toEqual(['perhaps.txt']);
    expect(told(document)).toEqual({ never: 'UNSUPPORTED_MODEL', perhaps: 'converted' });
  });

  it('takes an untrusted file again as soon as somebody vouches for it', async () => {
    writeFiles(zoo, { 'wild.joblib': savedModel([['sklearn.svm', 'SVC']]), 'wild.sample.csv': SAMPLE });
    expect(told((await run()).document)).toEqual({ wild: 'UNTRUSTED_ARTIFACT' });
    expect(told((await run({ resume: true, trust: { all: true } })).document)).toEqual({ wild: 'converted' });
  });

  it('removes what a model that now fails had left', async () => {
    writeFiles(zoo, models('one'));
    await run();
    writeFileSync(path.join(zoo, 'one.txt'), CONTENT.lightgbm('changed'));
    const { document } = await run({ resume: true, behave: () => ({ error: 'UNSUPPORTED_MODEL' }) });
    expect(told(document)).toEqual({ one: 'UNSUPPORTED_MODEL' });
    expect(['models/one.onnx', 'models/one.json', 'evidence/one.json'].map(product)).toEqual([false, false, false]);
  });

  it('skips what was not begun when it is interrupted, and does it the next time', async () => {
    writeFiles(zoo, models('one', 'two', 'three'));
    const interrupting = new AbortController();
    const behave: FakeOptions['behave'] = () => {
      if (executor.calls.length < 2) return {};
      interrupting.abort();
      return { hangs: true };
    };
    const { document } = await run({ behave, signal: interrupting.signal, slots: () => 1 });
    expect(document.run).toMatchObject({ finished: false, totals: { models: 3, converted: 1, skipped: 2, failed: 0 } });
    const again = await run({ resume: true });
    expect(again.document.run).toMatchObject({ finished: true, totals: { models: 3, converted: 2, cached: 1 } });
  });

  it('loses no more than the line that was being written when it was killed', async () => {
    writeFiles(zoo, models('one'));
    await run();
    appendFileSync(path.join(root, 'run', 'journal.jsonl'), '{"key":"cut sho');
    expect(told((await run({ resume: true })).document)).toEqual({ one: 'cached' });
  });
});

describe('a zoo.yaml', () => {
  it('makes a model for each target, and its options reach the converter', async () => {
    writeFiles(zoo, {
      ...models('press'),
      'zoo.yaml':
        'schema: 1\nmodels:\n  - path: press.txt\n    targets: [sql-edge, embedded]\n    columns: [p, q]\n    timeout: 7\n    tags: line1\n',
    });
    const { document } = await run({ defaults: { columns: ['x'], atol: 0.5, target: 'synapse' } });
    expect(
      document.results.map(({ name, target, tags, inputs }) => [
        name,
        target,
        tags,
        inputs?.map((input) => input.name),
      ]),
    ).toEqual([
      ['press-sql-edge', 'sql-edge', ['line1'], ['p', 'q']],
      ['press-embedded', 'embedded', ['line1'], ['p', 'q']],
    ]);
    expect(document.results[0]?.verification?.atol).toBe(0.5);
    expect(executor.calls.map(({ options }) => options.timeout)).toEqual([7000, 7000]);
  });
});

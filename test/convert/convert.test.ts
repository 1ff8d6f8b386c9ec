import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConvertOptions, convertModel } from '../../src/convert/convert.js';
import type { ConvertedModel } from '../../src/convert/converted-model.js';
import { Converters } from '../../src/convert/converters.js';
import { readManifests } from '../../src/converters/manifest.js';
import { type ErrorCode, PredictableError } from '../../src/errors.js';
import { decodeModel } from '../../src/graph/codec/codec.js';
import { readSignature } from '../../src/graph/metadata.js';
import { savedModel } from '../detect/pickles.js';
import { CONTENT, FakeExecutor, type FakeOptions, frameOf, writeFiles } from '../support/fake-executor.js';

vi.mock('../../src/graph/codec/codec.js', async (load) => {
  const codec = await load<typeof import('../../src/graph/codec/codec.js')>();
  return { ...codec, decodeModel: vi.fn(codec.decodeModel) };
});

let folder: string;
let executor: FakeExecutor;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-convert-'));
  vi.mocked(decodeModel).mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function convert(
  files: Record<string, string | Uint8Array>,
  options: ConvertOptions = {},
  fake: FakeOptions = {},
) {
  writeFiles(folder, files);
  executor = new FakeExecutor(fake);
  const converters = await Converters.open({ executor });
  const [file = 'nowhere.txt'] = Object.keys(files);
  try {
    return await convertModel(path.join(folder, file), converters, options);
  } finally {
    await converters.close();
  }
}

const press = { 'press.txt': CONTENT.lightgbm() };

async function codeOf(conversion: Promise<unknown>): Promise<ErrorCode | undefined> {
  const error = await conversion.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(PredictableError);
  return (error as PredictableError).code;
}

describe('convertModel', () => {
  it('gives columnar ONNX with its proof and provenance', async () => {
    const model = await convert(press);
    expect(readSignature(model.bytes)).toEqual(model.normalized.signature);
    expect(model.normalized.signature.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'float'],
      ['b', 'float'],
    ]);
    expect(model.verification).toMatchObject({
      status: 'passed',
      rows: 500,
      rowsSource: 'synthetic',
      reference: 'native',
      runtimes: ['1.30.0', '1.12.1'],
      labelMismatches: 0,
    });
    expect(model.provenance).toMatchObject({
      source: 'press.txt',
      format: 'lightgbm-text',
      converter: 'lightgbm',
      environment: 'tabular',
      lock: 'lock of lightgbm',
      libraries: { python: '3.11.7', fake: '1.0' },
      options: { target: 'sql-edge', precision: 'auto' },
    });
    expect(Object.keys(model.timings)).toEqual(['convert', 'normalize', 'verify']);
    expect(model.evidence).toBeUndefined();
  });

  it('decodes the graph once', async () => {
    await convert(press);
    expect(decodeModel).toHaveBeenCalledTimes(1);
  });

  it('gives the same bytes each time, and leaves nothing behind', async () => {
    const scratch = mkdtempSync(path.join(folder, 'scratch-'));
    const [one, other] = [await convert(press, { scratch }), await convert(press, { scratch })];
    expect(one.sha256).toBe(other.sha256);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('asks with what was said, and with null for what was not', async () => {
    await convert(press, { columns: ['p', 'q', 'r'], target: 'sql-edge-1', trust: { all: true } });
    const [call] = executor.calls;
    expect(call?.request).toMatchObject({
      action: 'convert',
      converter: '/converters/lightgbm.py',
      format: 'lightgbm-text',
      savedBy: null,
      trusted: true,
      opsets: { '': 12, 'ai.onnx.ml': 2 },
      ir: 6,
      precision: 'float',
      wide: [],
      columns: ['p', 'q', 'r'],
      sample: null,
      syntheticRows: 500,
      inputs: [],
      outputs: null,
      factory: null,
      signature: null,
      tag: null,
      imageSize: null,
      road: null,
    });
    expect(call?.request.path).not.toBe(path.join(folder, 'press.txt'));
    expect(existsSync(call?.request.work ?? '')).toBe(false);
  });

  it('takes the rows beside the model as its sample', async () => {
    const model = await convert({ ...press, 'press.sample.csv': 'u,v\n1,2\n3,4\n5,6\n' });
    expect(model.normalized.signature.inputs.map(({ name }) => name)).toEqual(['u', 'v']);
    expect(model.verification).toMatchObject({ rows: 3, rowsSource: 'sample' });
  });

  it('takes rows at hand rather than those', async () => {
    const sample = frameOf(['s'], [[1], [2]]);
    const model = await convert({ ...press, 'press.sample.csv': 'u,v\n1,2\n' }, { sample });
    expect(model.normalized.signature.inputs.map(({ name }) => name)).toEqual(['s']);
  });

  it('keeps both graphs and the predictions side by side when it is asked for evidence', async () => {
    const { evidence } = await convert(press, { evidence: true });
    expect(evidence?.before.inputs).toHaveLength(1);
    expect(evidence?.after.inputs).toHaveLength(2);
    expect(evidence?.outputs).toMatchObject([{ name: 'y', rows: 500 }]);
  });

  it('verifies what is for one row at a time as it is scored: for many', async () => {
    const { verification, bytes } = await convert(press, { batch: 1 });
    expect(verification).toMatchObject({ status: 'passed', rows: 500 });
    expect(decodeModel(bytes).graph.inputs[0]?.type).toMatchObject({ shape: [1, 1] });
  });

  it('tells what the original said, what the verification found, and what could not be checked', async () => {
    const warned = await convert(
      press,
      {},
      { behave: () => ({ warnings: [{ code: 'OLD', message: 'old' }], by: 'onnx' }) },
    );
    expect(warned.verification.status).toBe('unavailable');
    expect(warned.warnings.map(({ code }) => code)).toEqual(['OLD', 'NOT_VERIFIED']);
  });

  it('takes the predictions that the user wrote down where the original cannot predict', async () => {
    const files = { ...press, 'press.sample.csv': 'a,b\n1,2\n3,4\n', 'press.reference.csv': 'y\n6\n12\n' };
    const { verification } = await convert(files, {}, { behave: () => ({ by: 'onnx', off: 5 }) });
    expect(verification).toMatchObject({ status: 'passed', reference: 'file', rows: 2, maxAbsDiff: 0 });
  });

  it('is a result, not an error, when it predicts otherwise', async () => {
    const { verification } = await convert(press, {}, { behave: () => ({ off: 0.5 }) });
    expect(verification.status).toBe('failed');
    expect(verification.maxAbsDiff).toBeCloseTo(0.5, 5);
    expect(verification.worst?.[0]).toMatchObject({ column: 'y', runtime: '1.30.0' });
    const tolerated = await convert(press, { atol: 0.6 }, { behave: () => ({ off: 0.5 }) });
    expect(tolerated.verification).toMatchObject({ status: 'passed', atol: 0.6, rtol: 1e-4 });
  });
});

describe('what ends a conversion', () => {
  it.each<[ErrorCode, Record<string, string | Uint8Array>, ConvertOptions, FakeOptions]>([
    ['FILE_NOT_FOUND', {}, {}, {}],
    ['UNKNOWN_FORMAT', { 'notes.md': 'hello' }, {}, {}],
    ['UNTRUSTED_ARTIFACT', { 'press.joblib': savedModel([['sklearn.svm', 'SVC']]) }, {}, {}],
    ['FILE_NOT_FOUND', press, { sample: 'nowhere.csv' }, {}],
    ['USAGE', press, { environment: 'nowhere' }, {}],
    ['USAGE', press, { factory: 'no function' }, {}],
    ['MISSING_COLUMNS', press, {}, { behave: () => ({ error: 'MISSING_COLUMNS' }) }],
    ['CORRUPT_MODEL', press, {}, { behave: () => ({ corrupt: true }) }],
    ['USAGE', press, { outputs: ['z'] }, {}],
    ['CONVERTER_TIMEOUT', press, { timeout: 30 }, { behave: () => ({ hangs: true }) }],
    [
      'COLUMN_MISMATCH',
      { ...press, 'press.sample.csv': 'a\n1\n2\n', 'press.reference.csv': 'y\n2\n' },
      {},
      { behave: () => ({ by: 'onnx' }) },
    ],
    ['MISSING_SAMPLE', { ...press, 'press.reference.csv': 'y\n2\n' }, {}, { behave: () => ({ by: 'onnx' }) }],
  ])('%s, of the stage that found it', async (code, files, options, fake) => {
    expect(await codeOf(convert({ ...files }, options, fake))).toBe(code);
  });

  it('is a cancellation while Python works, and its folder goes', async () => {
    const scratch = mkdtempSync(path.join(folder, 'scratch-'));
    const interrupting = new AbortController();
    const behave = () => {
      interrupting.abort();
      return { hangs: true };
    };
    expect(await codeOf(convert(press, { scratch, signal: interrupting.signal }, { behave }))).toBe('CANCELLED');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('never is a call for an untrusted file; a sum or --trust lets it through', async () => {
    const files = { 'press.joblib': savedModel([['sklearn.svm', 'SVC']]) };
    const refused = await convert(files).catch((thrown: PredictableError) => thrown);
    expect(executor.calls).toEqual([]);
    const { sha256 } = (refused as PredictableError).details as { sha256: string };
    const model = await convert(files, { trust: { sha256: [sha256.toUpperCase()] } });
    expect([model.converter, executor.calls[0]?.request.trusted]).toEqual(['sklearn', true]);
  });
});

describe('environments', () => {
  const old = { 'press.joblib': savedModel([['sklearn.svm', 'SVC']], '1.3.2') };

  it('are tried from the nearest on, and the one that works is told', async () => {
    const anotherVersion = new PredictableError('UNSUPPORTED_MODEL', 'no', { next: 'other-environment' });
    const model = await convert(
      old,
      { trust: { all: true } },
      { behave: (_call, nth) => (nth === 0 ? { error: anotherVersion } : {}) },
    );
    expect(executor.started[0]).toBe('sklearn in scikit-learn 1.3');
    expect(executor.calls).toHaveLength(2);
    expect(executor.calls[0]?.request.savedBy).toBe('1.3.2');
    expect(model.provenance.environment).toBe(executor.calls[1]?.environment);
    expect(model.provenance.environment).not.toBe('scikit-learn 1.3');
  });

  it('give way when their interpreter is missing', async () => {
    const missing = new PredictableError('PYTHON_NOT_FOUND', 'no Python');
    const refuse = (_converter: string, name: string) => (name === 'scikit-learn 1.3' ? missing : undefined);
    const model = await convert(old, { trust: { all: true } }, { refuse });
    expect(model.provenance.environment).not.toBe('scikit-learn 1.3');
    expect(executor.calls).toHaveLength(1);
  });

  it('are the one that the user names, whatever the file says', async () => {
    const model = await convert(old, { trust: { all: true }, environment: 'scikit-learn 1.8' });
    expect([model.provenance.environment, executor.started]).toEqual([
      'scikit-learn 1.8',
      ['sklearn in scikit-learn 1.8'],
    ]);
  });
});

describe('precision', () => {
  /** 2^24 + 1 is no float; y is 2, and 1 where it is rounded. */
  const large = { ...press, 'press.sample.csv': 'a,b\n16777217,-8388608\n' };
  const asked = () => executor.calls.map(({ request: { precision, wide } }) => [precision, wide]);
  const typesOf = ({ normalized }: ConvertedModel) => normalized.signature.inputs.map(({ sqlType }) => sqlType);

  it('is float in the columns where real would change a row, without being asked for', async () => {
    const model = await convert(large);
    expect(asked()).toEqual([
      ['float', []],
      ['float', ['a']],
    ]);
    expect(typesOf(model)).toEqual(['float', 'real']);
    expect(model.provenance.options.precision).toBe('auto');
    expect(model.warnings).toEqual([
      { code: 'WIDER_COLUMNS', message: 'column a is float: real would change 1 of 1 row' },
    ]);
  });

  it('stays real where rounding changes no row', async () => {
    const same = await convert({ ...press, 'press.sample.csv': 'a,b\n1,0.1\n' });
    expect([typesOf(same), same.warnings, asked().length]).toEqual([['real', 'real'], [], 1]);
  });

  it('is double throughout where a converter has nothing between', async () => {
    const behave: FakeOptions['behave'] = ({ request }) => (request.wide?.length ? { error: 'UNSUPPORTED_TYPE' } : {});
    const model = await convert(large, {}, { behave });
    expect([model.precision, typesOf(model)]).toEqual(['double', ['float', 'float']]);
  });

  const onlyFloat: FakeOptions['behave'] = ({ request }) =>
    request.precision === 'double' || request.wide?.length ? { error: 'UNSUPPORTED_OPERATOR' } : {};

  it('lets nothing through that rounding changes where nothing helps, unless that is allowed', async () => {
    const model = await convert(large, {}, { behave: onlyFloat });
    expect([model.verification.status, model.verification.worst]).toEqual(['failed', undefined]);
    const allowed = await convert(large, { allowRounding: true }, { behave: onlyFloat });
    expect([allowed.verification.status, typesOf(allowed)]).toEqual(['passed', ['real', 'real']]);
    expect(allowed.warnings.map(({ message }) => message)).toEqual([
      '1 of 1 row changes by up to 1.0 when numbers are rounded to real columns',
    ]);
  });

  it('is what the user says', async () => {
    const real = await convert(large, { precision: 'float' });
    expect([real.verification.status, typesOf(real)]).toEqual(['passed', ['real', 'real']]);
    expect(real.warnings[0]?.message).toContain('--precision auto');
    expect(typesOf(await convert(large, { precision: 'double' }))).toEqual(['float', 'float']);
  });

  it('is as the converter finds, and real where there are no kernels for that', async () => {
    const behave: FakeOptions['behave'] = ({ request }) => (request.wide === null ? {} : { error: 'INFERENCE_FAILED' });
    await convert({ ...press, 'press.sample.csv': 'a,b\n1,2\n' }, {}, { behave });
    expect(asked()).toEqual([
      ['float', []],
      ['float', null],
    ]);
  });

  it('is no excuse when the user interrupts', async () => {
    const behave: FakeOptions['behave'] = ({ request }) => (request.wide?.length ? { error: 'CANCELLED' } : {});
    expect(await codeOf(convert(large, {}, { behave }))).toBe('CANCELLED');
  });
});

describe('roads', () => {
  it('lead to converters that read the same files, since those of the first are handed over', async () => {
    const manifests = await readManifests();
    const led = manifests.flatMap(({ roads }) => (roads ?? []).flatMap(({ converter }) => converter ?? []));
    expect(led.length).toBeGreaterThan(0);
    for (const id of led) {
      const formats = manifests.find((manifest) => manifest.id === id)?.formats ?? [];
      expect(formats.map(({ id: format, companions }) => [format, companions])).toEqual(
        formats.map(({ id: format }) => [format, undefined]),
      );
    }
  });

  const network = { 'net.h5': CONTENT.keras(), 'net.sample.csv': 'a,b\n1,2\n' };

  it('are taken in turn; the last leads to another converter, which takes the admitted file along', async () => {
    const behave: FakeOptions['behave'] = ({ request }) =>
      request.road === 'saved-model'
        ? { error: 'UNSUPPORTED_OPERATOR' }
        : request.road === 'own-export'
          ? { off: 1 }
          : {};
    const model = await convert(network, { precision: 'float' }, { behave });
    expect(executor.calls.map(({ converter, request }) => [converter, request.road])).toEqual([
      ['keras', 'saved-model'],
      ['keras', 'own-export'],
      ['keras-onnx', null],
    ]);
    expect([model.converter, model.format, model.provenance.road, model.provenance.environment]).toEqual([
      'keras-onnx',
      'keras-onnx-hdf5',
      'keras-onnx',
      'TensorFlow',
    ]);
    expect(model.warnings.map(({ code }) => code)).toEqual(['OTHER_ROAD']);
    const [first, , last] = executor.calls.map(({ request }) => request);
    expect([last?.path, last?.sample, last?.format]).toEqual([first?.path, first?.sample, 'keras-onnx-hdf5']);
    expect(model.verification).toMatchObject({ status: 'passed', rowsSource: 'sample' });
  });

  it('end with what the first said when none leads anywhere, an environment that is missing included', async () => {
    const missing = new PredictableError('ENVIRONMENT_FAILED', 'no network');
    const failing = convert(
      network,
      {},
      {
        behave: ({ request }) => ({ error: new PredictableError('UNSUPPORTED_OPERATOR', `${request.road} cannot`) }),
        refuse: (converter) => (converter === 'keras-onnx' ? missing : undefined),
      },
    );
    await expect(failing).rejects.toMatchObject({ code: 'UNSUPPORTED_OPERATOR', message: 'saved-model cannot' });
  });
});

import { access, copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConvertAllOptions, convertAll } from '../../src/convert/convert-all.js';
import type { Conversion } from '../../src/convert/document.js';
import { type NetworkSample, networkSamples, sampleOf, sampleOptions } from '../support/networks.js';
import { type Prepared, prepare } from '../support/prepared.js';

const SPECIAL = 'test/converters/tensorflow_special.py';
const ATTACKS = 'test/converters/tensorflow_attacks.py';
/** Of the size of what is predicted: masses are thousands. */
const CLOSE = 1e-5;
const LARGEST = { probabilities: 1, masses: 6000 };
const columns = ['a', 'b', 'c'];

const samples = await networkSamples('tensorflow');

let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare('tensorflow');
  await prepared.python('samples/tensorflow/train.py', path.join(prepared.folder, 'samples'));
  await prepared.python(SPECIAL, path.join(prepared.folder, 'special'));
}, 600_000);
afterAll(() => prepared.close());

const convert: Prepared['convert'] = (file, options) => prepared.convert(file, options);
const convertSample = (sample: NetworkSample, options: Partial<ConvertAllOptions> = {}) =>
  convert(path.join('samples', sample.file), { ...sampleOptions(sample), ...options });
const special: Prepared['convert'] = (file, options) => convert(path.join('special', file), options);
const named = (file: string) => sampleOf(samples, file);
const tolerance = ({ outputs = [] }: Conversion) =>
  CLOSE * (outputs.some(({ name }) => name === 'mass') ? LARGEST.masses : LARGEST.probabilities);

describe('the TensorFlow samples', () => {
  it.each(samples.filter(({ refused }) => refused === undefined))('$file: $shows', async (sample) => {
    const result = await convertSample(sample);
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ format: sample.format, status: 'converted', opsets: { '': 17 }, ir: 8 });
    expect(result.verification).toMatchObject({
      status: 'passed',
      reference: 'native',
      runtimes: ['1.30.0', '1.12.1'],
      labelMismatches: 0,
    });
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(tolerance(result));
  });

  it.each(samples.filter(({ refused }) => refused !== undefined))('$file is refused: $shows', async (sample) => {
    expect((await convertSample(sample)).error?.code).toBe(sample.refused);
  });

  it.each([
    'penguin-types',
    'penguin-static',
    'digits',
    'penguin-frozen.pb',
    'penguin-checkpoint.meta',
    'digits-float.tflite',
  ])('%s is written in opset 12 for SQL Edge 1', async (file) => {
    const result = await convertSample(named(file), { target: 'sql-edge-1' });
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ opsets: { '': 12 }, ir: 6, verification: { status: 'passed' } });
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(tolerance(result));
  });

  it('show every format of the converter', () => {
    const manifest = prepared.converters.manifests.find(({ id }) => id === 'tensorflow');
    const shown = new Set(samples.map(({ format }) => format));
    expect(manifest?.formats.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('keep the types of their inputs, and the names of their outputs', async () => {
    const result = await convertSample(named('penguin-types'));
    expect((result.inputs ?? []).map(({ name, type }) => [name, type])).toEqual([
      ['bill_length_mm', 'float'],
      ['bill_depth_mm', 'float'],
      ['flipper_length_mm', 'float'],
      ['island', 'int64'],
      ['year', 'double'],
    ]);
    expect(result.outputs?.map(({ name }) => name)).toEqual(['mass', 'species_0', 'species_1', 'species_2']);
  });
});

describe('what goes in and out', () => {
  it.each(['keras-2', 'keras-3'])('of a %s SavedModel keeps the order that the model has', async (file) => {
    const result = await special(file, { columns: [...columns, 'code'] });
    expect(result.error).toBeUndefined();
    expect((result.inputs ?? []).map(({ name, type }) => [name, type])).toEqual([
      ...columns.map((name) => [name, 'float']),
      ['code', 'int32'],
    ]);
    expect(result.warnings.map(({ code }) => code)).not.toContain('SIGNATURE_CHOSEN');
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(CLOSE);
  });

  it.each(['lstm', 'gru'])('of a Keras 2 %s, which is saved in two implementations, are what it had', async (file) => {
    const result = await special(file, { columns });
    expect(result.error).toBeUndefined();
    expect(result.verification).toMatchObject({ status: 'passed', reference: 'native' });
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(CLOSE);
  });

  it('is listed for a SavedModel of several signatures', async () => {
    const { error } = await convert('samples/penguin-signatures');
    expect(error).toMatchObject({ code: 'MISSING_SIGNATURE', details: { choices: ['both', 'species'] } });
    expect(error?.hint).toContain('--signature both\n--signature species');
    expect((await convert('samples/penguin-signatures', { signature: 'all' })).error?.message).toContain('all');
  });

  it('is listed for a SavedModel of several tags', async () => {
    expect((await special('session')).error).toMatchObject({
      code: 'MISSING_SIGNATURE',
      details: { choices: ['gpu,serve', 'train'] },
    });
    const result = await special('session', { tag: 'serve,gpu', columns });
    expect(result.error).toBeUndefined();
    expect(result.outputs?.map(({ name }) => name)).toEqual(['scores_0', 'scores_1']);
  });

  it('is found in a graph where only one thing can be meant, and said', async () => {
    const result = await convert('samples/penguin-checkpoint.meta');
    expect(result.error).toBeUndefined();
    const said = result.warnings.filter(({ code }) => code === 'SIGNATURE_INFERRED').map(({ message }) => message);
    expect(said.join('\n')).toContain('--outputs probabilities');
    expect(said.join('\n')).toContain('--input measures:float32:N,3');
  });

  it('is proposed for a graph where several could be meant', async () => {
    const { error } = await special('two-ends.pb');
    expect(error).toMatchObject({ code: 'MISSING_SIGNATURE', details: { choices: ['first', 'second'] } });
    expect(error?.hint).toContain('--outputs first\n--outputs second');
    const result = await special('two-ends.pb', { outputs: ['second', 'first'], columns });
    expect(result.outputs?.map(({ name }) => name).slice(0, 4)).toEqual([
      'second_0',
      'second_1',
      'second_2',
      'first_0',
    ]);
    const missing = await special('two-ends.pb', { outputs: ['third'], columns });
    expect(missing.error).toMatchObject({ code: 'MISSING_SIGNATURE', message: expect.stringContaining('third') });
  });

  it.each(['open-shape.pb', 'any-length'])('of %s needs a width', async (file) => {
    const { error } = await special(file);
    expect(error?.code).toBe('MISSING_SIGNATURE');
    expect(error?.hint).toContain('--input x:float32:N,20');
    const inputs = [{ name: 'x', dtype: 'float32', shape: [-1, 3] }];
    expect(await special(file, { inputs, columns })).toMatchObject({ status: 'converted' });
  });

  it('may be a tensor further on, where the numbers are', async () => {
    const { error } = await special('parses.pb');
    expect(error).toMatchObject({ code: 'UNSUPPORTED_TYPE', message: expect.stringContaining('examples') });
    const inputs = [{ name: 'ParseExample/ParseExampleV2', dtype: 'float32', shape: [-1, 3] }];
    expect(await special('parses.pb', { inputs, columns })).toMatchObject({ status: 'converted' });
  });

  it('may be of any type of number, one value a row, or a fixed number of rows', async () => {
    const kinds = await special('kinds');
    expect(kinds.error).toBeUndefined();
    expect(Object.fromEntries((kinds.inputs ?? []).map(({ name, type }) => [name, type]))).toEqual({
      bool: 'int32',
      int32: 'int32',
      int64: 'int64',
      float64: 'double',
      float16: 'float',
    });
    expect(await special('fixed-rows.pb', { columns })).toMatchObject({
      status: 'converted',
      verification: { status: 'passed' },
    });
  });
});

describe('refused', () => {
  it.each([
    ['bessel', 'UNSUPPORTED_OPERATOR', 'BesselI0'],
    ['writes', 'UNSUPPORTED_OPERATOR', 'WriteFile'],
    ['reads', 'UNSUPPORTED_OPERATOR', 'ReadFile'],
    ['reads-a-file.pb', 'UNSUPPORTED_OPERATOR', 'ReadFile'],
    ['python', 'UNSUPPORTED_OPERATOR', 'PyFunc'],
    ['stores', 'UNSUPPORTED_OPERATOR', 'SaveV2'],
    ['flex.tflite', 'UNSUPPORTED_OPERATOR', 'FlexReadFile'],
    ['crafted.meta', 'UNSUPPORTED_OPERATOR', 'WriteFile'],
    ['examples', 'UNSUPPORTED_TYPE', 'tf.Example'],
    ['table', 'UNSUPPORTED_TYPE', 'word'],
    ['variable.pb', 'UNSUPPORTED_MODEL', 'weights'],
    ['unsigned', 'MISSING_SIGNATURE', 'no signature'],
    ['cut.pb', 'CORRUPT_MODEL', 'TensorFlow graph'],
    ['cut.tflite', 'CORRUPT_MODEL', 'TensorFlow Lite'],
    ['cut-graph', 'CORRUPT_MODEL', 'saved_model.pb'],
    ['cut-weights', 'CORRUPT_MODEL', 'cut-weights'],
  ])('%s: %s, naming %s', async (file, code, said) => {
    const { error } = await special(file, { columns });
    expect(error).toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it('before anything of it ran', async () => {
    for (const file of ['writes', 'crafted.meta']) await special(file, { columns });
    await expect(access(path.join(prepared.folder, 'special', 'written.txt'))).rejects.toThrow();
  });

  it('is a checkpoint without its variables, and the graph of a SavedModel alone', async () => {
    const alone = path.join(prepared.folder, 'alone');
    await mkdir(alone);
    await copyFile(path.join(prepared.folder, 'samples', 'penguin-checkpoint.meta'), path.join(alone, 'net.meta'));
    expect((await convert('alone/net.meta')).error).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringContaining('net.index'),
    });
    expect((await convert('samples/digits/saved_model.pb')).error).toMatchObject({
      code: 'CORRUPT_MODEL',
      hint: expect.stringContaining('folder'),
    });
  });
});

describe('a file that reaches beyond itself', () => {
  let folder: string;
  beforeAll(async () => {
    folder = path.join(prepared.folder, 'attacks');
    await prepared.python(ATTACKS, folder);
  }, 120_000);
  const ends: [string, string, string][] = [
    ['dataset', 'UNSUPPORTED_OPERATOR', 'DatasetFromGraph'],
    ['dataset-called', 'UNSUPPORTED_OPERATOR', 'DatasetFromGraph'],
    ['dataset-named', 'UNSUPPORTED_OPERATOR', 'DatasetFromGraph'],
    ['predicts', 'UNSUPPORTED_OPERATOR', 'DatasetFromGraph'],
    ['writes', 'UNSUPPORTED_OPERATOR', 'WriteFile'],
    ['saves', 'UNSUPPORTED_OPERATOR', 'SaveV2'],
    ['configures', 'UNSUPPORTED_OPERATOR', 'FileSystemSetConfiguration'],
    ['memory', 'UNSUPPORTED_OPERATOR', 'ImmutableConst'],
    ['memory-loop', 'UNSUPPORTED_OPERATOR', 'ImmutableConst (while'],
    ['memory-frozen.pb', 'UNSUPPORTED_OPERATOR', 'ImmutableConst'],
    ['memory-function.pb', 'UNSUPPORTED_OPERATOR', 'ImmutableConst'],
    ['memory-checkpoint.meta', 'UNSUPPORTED_OPERATOR', 'ImmutableConst'],
    ['reads', 'UNSUPPORTED_OPERATOR', 'ReadFile'],
    ['sampler', 'UNSUPPORTED_OPERATOR', 'FixedUnigramCandidateSampler'],
    ['restores.pb', 'UNSUPPORTED_OPERATOR', 'RestoreV2'],
    ['restores-other.meta', 'UNSUPPORTED_OPERATOR', 'RestoreV2'],
    ['restored-elsewhere.meta', 'UNSUPPORTED_OPERATOR', 'another place than its own checkpoint'],
    ['table-outside', 'CORRUPT_MODEL', 'the file ../../secret.txt'],
    ['table-absolute', 'CORRUPT_MODEL', 'secret.txt'],
    ['table-other', 'CORRUPT_MODEL', 'the file file:'],
    ['table-named', 'UNSUPPORTED_OPERATOR', "fills a table from a file that is not the model's own"],
    ['table-captured', 'UNSUPPORTED_OPERATOR', "fills a table from a file that is not the model's own"],
    ['table-1', 'UNSUPPORTED_OPERATOR', "fills a table from a file that is not the model's own"],
    ['table-number', 'UNSUPPORTED_OPERATOR', "fills a table from a file that is not the model's own"],
    ['table-restored', 'UNSUPPORTED_OPERATOR', 'fills a table from a file where nothing of it may be read'],
    ['table-predicted', 'UNSUPPORTED_OPERATOR', 'fills a table from a file where nothing of it may be read'],
    ['table-prefix', 'UNSUPPORTED_OPERATOR', "reads variables from another place than the model's own"],
    ['restored-number.meta', 'UNSUPPORTED_OPERATOR', 'another place than its own checkpoint'],
    ['linked-assets', 'CORRUPT_MODEL', "can't be loaded"],
    ['linked-variables', 'CORRUPT_MODEL', "can't be loaded"],
    ['implements-called', 'UNSUPPORTED_OPERATOR', 'the operator Save'],
    ['prints-file', 'UNSUPPORTED_OPERATOR', 'PrintV2'],
    ['damaged-asset', 'CORRUPT_MODEL', 'an AssetFileDef that'],
    ['damaged-variable', 'CORRUPT_MODEL', 'holds a variable, in trainable_variables'],
    ['damaged-table', 'CORRUPT_MODEL', '(InitializeTableFromTextFileV2) lacks an input'],
    ['damaged-restoring', 'CORRUPT_MODEL', '(RestoreV2) lacks an input'],
    ['damaged-name', 'CORRUPT_MODEL', 'the file wor\\0ds.txt'],
    ['damaged-input', 'CORRUPT_MODEL', 'do not take the same inputs'],
    ['damaged-object', 'CORRUPT_MODEL', "damaged-object can't be loaded"],
    ['damaged-type.pb', 'CORRUPT_MODEL', 'input x has a type'],
    ['damaged-names.pb', 'CORRUPT_MODEL', 'two nodes of one name'],
    ['damaged-end.pb', 'CORRUPT_MODEL', 'a node that it does not have'],
    ['damaged-checkpoint.meta', 'CORRUPT_MODEL', 'a node that it does not have'],
  ];

  it('is refused before any of it runs or is read, naming what was found', { timeout: 120_000 }, async () => {
    const out = path.join(folder, 'out');
    const files = ends.map(([name]) => path.join(folder, name));
    const results = await convertAll(files, prepared.converters, { out, columns });
    for (const [at, [name, code, said]] of ends.entries()) {
      expect({ name, error: results[at]?.error }).toMatchObject({
        name,
        error: { code, message: expect.stringContaining(said) },
      });
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('ran-'))).toEqual([]);
    expect((await readdir(out)).filter((name) => name.endsWith('.onnx'))).toEqual([]);
  });

  it('would have run: the proof that there was something to be kept from it', { timeout: 120_000 }, async () => {
    const names = ['dataset', 'dataset-called', 'predicts', 'writes', 'implements', 'implements-graph', 'prints-file'];
    const runs = JSON.parse(await prepared.python(ATTACKS, folder, ...names));
    expect(runs).toEqual(Object.fromEntries(names.map((name) => [name, [`ran-${name}`]])));
  });

  it.each(['implements', 'prints'])(
    '%s is converted without the function that nothing calls, and without a word',
    async (name) => {
      const result = await convert(path.join('attacks', name), { columns });
      expect(result.error).toBeUndefined();
      expect(result.verification).toMatchObject({ status: 'passed', reference: 'native' });
      expect((await readdir(folder)).filter((each) => each.startsWith('ran-'))).toEqual([]);
    },
  );

  it.each(['implements-graph', 'good-table', 'good-table-again', 'good-table-1', 'good-table-own', 'good-table-far'])(
    '%s, which reads nothing but its own folder, is loaded',
    async (name) => {
      // Whether tf2onnx converts such a table, or such variables, is another question.
      const { error } = await convert(path.join('attacks', name), { columns });
      expect(error?.message ?? '').not.toMatch(/has the operator|outside of its folder|can't be loaded/);
      expect((await readdir(folder)).filter((each) => each.startsWith('ran-'))).toEqual([]);
    },
  );

  it('may name each operator that tf2onnx converts', async () => {
    const said = await prepared.python('test/converters/tensorflow_allowed.py');
    expect(JSON.parse(said)).toEqual({ missing: [], unknown: [] });
  });
});

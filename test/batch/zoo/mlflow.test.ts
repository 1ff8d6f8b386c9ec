import { existsSync } from 'node:fs';
import { cp, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readMlflow } from '../../../src/batch/zoo/mlflow/read-mlflow.js';
import { readZoo } from '../../../src/batch/zoo/read-zoo.js';
import { PredictableError } from '../../../src/errors.js';
import { packageRoot } from '../../../src/paths.js';
import { manifests, PICKLE, zooFolder } from './zoo-folder.js';

/** What MLflow 3.17 saved: test/batteries/fixtures/write_mlflow.py. */
const FIXTURES = path.join(packageRoot, 'test', 'batteries', 'fixtures', 'mlflow');

/** A zoo of one model of MLflow's, whose MLmodel file has the text. */
async function zooOf(mlmodel: string | object, files: Record<string, string | Buffer> = { 'model.pkl': PICKLE }) {
  const text = typeof mlmodel === 'string' ? mlmodel : stringify(mlmodel);
  const inside = Object.fromEntries(Object.entries(files).map(([name, content]) => [`zoo/press/${name}`, content]));
  const folder = await zooFolder({ ...inside, 'zoo/press/MLmodel': text, 'secret.pkl': PICKLE });
  return path.join(folder, 'zoo');
}

async function modelIn(zoo: string) {
  const { models } = await readZoo(zoo, await manifests());
  expect(models.map(({ name }) => name)).toEqual(['press']);
  return models[0]!;
}

async function readable(zoo: string) {
  const model = await modelIn(zoo);
  expect(model.problem).toBeUndefined();
  return model;
}

async function problemOf(...given: Parameters<typeof zooOf>): Promise<PredictableError> {
  const { problem, options } = await modelIn(await zooOf(...given));
  expect(options).toEqual({});
  expect(problem).toBeInstanceOf(PredictableError);
  return problem!;
}

const sklearn = (file: string) => ({ flavors: { sklearn: { pickled_model: file } } });
const signed = (inputs: string) => ({ ...sklearn('model.pkl'), signature: { inputs } });
const exampled = (artifact_path: string, inputs = '[{"type": "double", "name": "a"}]') => ({
  ...signed(inputs),
  saved_input_example_info: { artifact_path, type: 'dataframe' },
});

describe('what MLflow saved', () => {
  it('gives the file, the names and types of columns, and rows', async () => {
    const folder = path.join(FIXTURES, 'sklearn-pickle');
    const read = await readMlflow(folder, 'press', await manifests());
    expect(read).toMatchObject({
      path: path.join(folder, 'model.pkl'),
      readFrom: [path.join(folder, 'MLmodel'), path.join(folder, 'input_example.json')],
    });
    expect(read.problem).toBeUndefined();
    expect(read.options.columns).toEqual(read.options.sample?.columns.map(({ name }) => name));
    expect(read.options.sample?.rows).toBe(20);
    expect(read.options.sample?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'island string',
      'sex string',
      'bill_length_mm double',
      'bill_depth_mm double',
      'flipper_length_mm double',
      'body_mass_g double',
      'year int64',
    ]);
  });

  it('gives shapes of a network, and a name for each value of its example', async () => {
    const { options } = await readMlflow(path.join(FIXTURES, 'torchscript'), 'net', await manifests());
    expect(options.inputs).toEqual([{ name: '', dtype: 'float32', shape: [-1, 1, 8, 8] }]);
    expect(options.sample?.columns).toHaveLength(64);
  });

  it('is one model: what lies in the folder beside it is none', async () => {
    const zoo = await zooOf(sklearn('model.pkl'), { 'model.pkl': PICKLE, 'code/other.pkl': PICKLE });
    expect(await readable(zoo)).toMatchObject({ source: 'press', path: path.join(zoo, 'press', 'model.pkl') });
  });

  it('gives way to the sample that a zoo.yaml says', async () => {
    const zoo = await zooOf(exampled('example.json'), { 'model.pkl': PICKLE, 'rows.csv': 'a\n1\n' });
    await writeFile(path.join(zoo, 'zoo.yaml'), 'schema: 1\nmodels: [{path: press, sample: press/rows.csv}]\n');
    expect(await readable(zoo)).toMatchObject({
      options: { columns: ['a'], sample: path.join(zoo, 'press', 'rows.csv') },
    });
  });
});

describe('a path in MLmodel that leaves its folder', () => {
  it.each([
    '../../secret.pkl',
    'data/../../../secret.pkl',
    '..\\..\\secret.pkl',
    '/etc/passwd',
    'C:\\secret.pkl',
    'model.pkl\0',
  ])('%j', async (file) => {
    const ofModel = await problemOf(sklearn(file));
    expect(ofModel.code).toBe('CORRUPT_MODEL');
    expect(ofModel.message).toBe(
      `the MLmodel file of press names ${JSON.stringify(file)}, which is not in that folder`,
    );
    const ofExample = await problemOf(exampled(file));
    expect(ofExample.message).toBe(ofModel.message);
  });

  it.each([
    ['to a file', '../../secret.pkl', 'link.pkl', 'link.pkl'],
    ['to a folder', '../..', 'link', 'link/secret.pkl'],
  ])('by a link %s', async (_, target, link, file) => {
    const zoo = await zooOf(sklearn(file));
    await symlink(target, path.join(zoo, 'press', link));
    const { problem, path: model } = await modelIn(zoo);
    expect(problem?.code).toBe('CORRUPT_MODEL');
    expect(problem?.message).toBe(`the MLmodel file of press names ${file}, a link that leads out of that folder`);
    expect(model).toBe(path.join(zoo, 'press'));
  });

  it('is no link within it, and none to the folder itself', async () => {
    const zoo = await zooOf(sklearn('latest/model.pkl'), { 'v1/model.pkl': PICKLE });
    await symlink('v1', path.join(zoo, 'press', 'latest'));
    await symlink('press', path.join(zoo, 'oven'));
    expect((await readable(zoo)).path).toBe(path.join(zoo, 'press', 'latest', 'model.pkl'));
    const { problem } = await readMlflow(path.join(zoo, 'oven'), 'oven', await manifests());
    expect(problem).toBeUndefined();
  });
});

describe('a model that is refused', () => {
  it('a Python function alone', async () => {
    const { problem } = await readMlflow(path.join(FIXTURES, 'function'), 'function', await manifests());
    expect(problem).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: 'function is a Python function alone (python_function), of which no converter reads any',
      hint: expect.stringContaining('sklearn, '),
    });
  });

  it('of flavors that no converter reads', async () => {
    const flavors = { prophet: { data: 'x' }, python_function: {}, constructor: {} };
    expect(await problemOf({ flavors })).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: 'press has the flavors prophet, python_function, constructor, of which no converter reads any',
    });
    expect((await problemOf({ flavors: {} })).message).toContain('no flavor at all');
  });

  it('that is ONNX already, with the command for it', async () => {
    const onnx = { flavors: { onnx: { data: 'model.onnx', onnx_version: '1.18.0' }, python_function: {} } };
    expect(await problemOf(onnx)).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: 'press is ONNX already',
      hint: 'Nothing has to be converted: predictable normalize press/model.onnx',
    });
  });

  it('whose file is not there', async () => {
    expect(await problemOf(sklearn('model.joblib'))).toMatchObject({
      code: 'CORRUPT_MODEL',
      message: 'press has no model.joblib, which its MLmodel file says is the model',
    });
  });

  it('with a column that is neither number nor text', async () => {
    const problem = await problemOf(signed('[{"type": "datetime", "name": "when"}]'));
    expect(problem).toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      message: 'column when of press is a datetime',
      details: { column: 'when' },
    });
  });

  it('costs no other model anything', async () => {
    const zoo = await zooOf(sklearn('../../secret.pkl'));
    await cp(path.join(FIXTURES, 'xgboost'), path.join(zoo, 'xgboost'), { recursive: true });
    const { models } = await readZoo(zoo, await manifests());
    expect(models.map(({ name, problem }) => [name, problem?.code])).toEqual([
      ['press', 'CORRUPT_MODEL'],
      ['xgboost', undefined],
    ]);
  });
});

describe('a damaged signature', () => {
  it.each([
    ['no JSON', '[{"type": ', 'the signature in the MLmodel file of press is no JSON'],
    ['a number', '1', 'the signature of press is not what MLflow writes: '],
    ['columns without types', '[{"name": "a"}]', 'the signature of press is not what MLflow writes: 0.type: '],
    [
      'a size that is none',
      '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 1.5]}}]',
      'the signature of press is not what MLflow writes: 0.tensor-spec.shape.1: ',
    ],
    [
      'columns and tensors',
      '[{"type": "double"}, {"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]',
      'the signature of press has columns and tensors',
    ],
  ])('%s', async (_, inputs, message) => {
    const problem = await problemOf(signed(inputs));
    expect(problem.code).toBe('CORRUPT_MODEL');
    expect(problem.message.startsWith(message), problem.message).toBe(true);
  });

  it('of more columns than any table has makes no names', async () => {
    const inputs = '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2000000000]}}]';
    expect((await readable(await zooOf(signed(inputs)))).options).toEqual({});
  });
});

describe('a damaged example', () => {
  it.each([
    ['no JSON', '{"columns": ["a"', 'press/example.json is no JSON'],
    [
      'lists in lists',
      `[${'['.repeat(100_000)}1${']'.repeat(100_000)}]`,
      'press/example.json nests more than 100 deep',
    ],
    ['no rows', '{"columns": [], "data": []}', 'press/example.json holds no rows in a form that MLflow writes'],
    ['rows of two lengths', '[[1], [1, 2]]', 'press/example.json holds no rows in a form that MLflow writes'],
  ])('%s', async (_, example, message) => {
    const problem = await problemOf(exampled('example.json'), { 'model.pkl': PICKLE, 'example.json': example });
    expect(problem).toMatchObject({ code: 'CORRUPT_MODEL', message });
  });

  it('with a value that its column cannot hold', async () => {
    const files = { 'model.pkl': PICKLE, 'example.json': '{"columns": ["a"], "data": [[1], ["one"]]}' };
    expect(await problemOf(exampled('example.json'), files)).toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: 'press/example.json: column a is double, but holds "one"',
    });
  });
});

describe('a hostile MLmodel', () => {
  const bomb = [
    'a: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 60 }, (_, at) => `b${at}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`),
    'flavors: {sklearn: {pickled_model: model.pkl}}',
  ].join('\n');

  it.each([
    ['aliases of aliases', bomb, /cannot be read as YAML: Excessive alias count/],
    ['an alias of itself', 'flavors: &f {sklearn: *f}', /.*/],
    ['deeply nested', `flavors: ${'['.repeat(50_000)}`, /.*/],
    ['larger than any', `# ${' '.repeat(4 * 2 ** 20)}`, /bytes, and 4194304 are the most/],
    ['empty', '', /press\/MLmodel is not what MLflow writes: it:/],
    ['a list', '- a', /press\/MLmodel is not what MLflow writes: it:/],
    ['flavors of no kind', 'flavors: {sklearn: yes}', /flavors\.sklearn/],
  ])('%s', async (_, text, message) => {
    const problem = await problemOf(text);
    expect(problem.code).toBe('CORRUPT_MODEL');
    expect(problem.message).toMatch(message);
    expect(problem.hint).toBe('Copy the whole folder again, as MLflow saved it.');
  });

  it('runs no code that its tags name: they are text', async () => {
    const proof = path.join(await zooFolder({}), 'ran');
    const tagged = [
      'flavors:',
      '  sklearn: {pickled_model: !!python/object/apply:os.path.join [model.pkl]}',
      `  prophet: {data: !!python/object/apply:os.system ["touch ${proof}"]}`,
    ].join('\n');
    expect(await problemOf(tagged)).toMatchObject({ code: 'CORRUPT_MODEL' });
    expect(existsSync(proof)).toBe(false);
    const zoo = await zooOf('flavors: {sklearn: {pickled_model: !python/name:os.system model.pkl}}');
    expect((await readable(zoo)).path).toBe(path.join(zoo, 'press', 'model.pkl'));
  });

  it('of any kind is read, or refused with a PredictableError', async () => {
    const known = await manifests();
    const zoo = await zooOf('');
    const folder = path.join(zoo, 'press');
    const whole = parse(stringify({ ...exampled('example.json'), flavors: sklearn('model.pkl').flavors }));
    const broken = fc.record(
      {
        flavors: fc.oneof(fc.constant(whole.flavors), fc.dictionary(fc.string(), fc.anything())),
        signature: fc.oneof(fc.constant(whole.signature), fc.record({ inputs: fc.string() }), fc.anything()),
        saved_input_example_info: fc.oneof(
          fc.record({ artifact_path: fc.constantFrom('example.json', 'MLmodel', '.', '*', 'model.pkl') }),
          fc.anything(),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(broken, fc.json(), async (mlmodel, example) => {
        const text = JSON.stringify(mlmodel, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
        await writeFile(path.join(folder, 'MLmodel'), text);
        await writeFile(path.join(folder, 'example.json'), example);
        const { problem } = await readMlflow(folder, 'press', known);
        expect(problem?.code).not.toBe('INTERNAL');
      }),
      { numRuns: 200 },
    );
  });
});

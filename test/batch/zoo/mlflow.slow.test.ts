import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readZoo } from '../../../src/batch/zoo/read-zoo.js';
import type { Zoo } from '../../../src/batch/zoo/zoo.js';
import { convertModel } from '../../../src/convert/convert.js';
import { Converters } from '../../../src/convert/converters.js';
import { packageRoot } from '../../../src/paths.js';

/** Folders that MLflow 3.17 saved (write_mlflow.py), and nothing but them. */
const BILL = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm'];
const PENGUIN = ['island', 'sex', ...BILL, 'body_mass_g', 'year'];
const PIXELS = Array.from({ length: 64 }, (_, at) => at);
/** Of an example without names; as the network calls its input, where there is no example. */
const PLACES = PIXELS.map((at) => `x${at}`);
const OF_INPUT = PIXELS.map((at) => `input_0_${Math.floor(at / 8)}_${at % 8}`);
const EXPECTED: [name: string, converter: string, columns: string[], rows: 'sample' | 'synthetic'][] = [
  ['catboost', 'catboost', BILL, 'sample'],
  ['keras', 'keras', ['x0', 'x1', 'x2', 'x3'], 'sample'],
  ['lightgbm', 'lightgbm', [...BILL, 'body_mass_g'], 'sample'],
  ['sklearn-arrays', 'sklearn', ['x0', 'x1', 'x2'], 'synthetic'],
  ['sklearn-pickle', 'sklearn', PENGUIN, 'sample'],
  ['sklearn-skops', 'sklearn', PENGUIN, 'sample'],
  ['tensorflow', 'tensorflow', ['bill_0', 'bill_1', 'bill_2'], 'sample'],
  ['torch-pickle', 'pytorch', OF_INPUT, 'synthetic'],
  ['torchscript', 'pytorch', PLACES, 'sample'],
  ['xgboost', 'xgboost', BILL, 'sample'],
];
const PICKLED = ['sklearn-pickle', 'torch-pickle'];

let converters: Converters;
let zoo: Zoo;
beforeAll(async () => {
  converters = await Converters.open();
  zoo = await readZoo(path.join(packageRoot, 'test', 'batteries', 'fixtures', 'mlflow'), converters.manifests);
});
afterAll(() => converters.close());

function modelOf(name: string) {
  const model = zoo.models.find((each) => each.name === name);
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

it('finds the models, and says what it cannot read', () => {
  const problems = zoo.models.filter(({ problem }) => problem !== undefined);
  expect(problems).toMatchObject([{ name: 'function', problem: { code: 'UNSUPPORTED_MODEL' } }]);
  expect(zoo.models.map(({ name }) => name).filter((name) => name !== 'function')).toEqual(
    EXPECTED.map(([name]) => name),
  );
});

it.each(EXPECTED)('%s becomes a verified model from its folder alone', async (name, converter, columns, rowsSource) => {
  const model = modelOf(name);
  const trust = { all: PICKLED.includes(name) };
  const converted = await convertModel(model.path, converters, { ...model.options, trust });
  expect(converted).toMatchObject({ converter, verification: { status: 'passed', rowsSource, labelMismatches: 0 } });
  expect(converted.normalized.signature.inputs.map((input) => input.name)).toEqual(columns);
});

it.each(PICKLED)('%s is not loaded without trust', async (name) => {
  const model = modelOf(name);
  await expect(convertModel(model.path, converters, model.options)).rejects.toMatchObject({
    code: 'UNTRUSTED_ARTIFACT',
  });
});

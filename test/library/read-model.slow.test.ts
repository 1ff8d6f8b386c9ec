import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegistry, readModel, readOnnx, type TrainedModel } from '../../src/index.js';
import { readTable } from '../../src/rows/read-table.js';
import { type Prepared, prepare } from '../support/prepared.js';

let prepared: Prepared;
let model: TrainedModel;
const at = (file: string) => path.join(prepared.folder, file);

beforeAll(async () => {
  prepared = await prepare();
  await prepared.python('samples/train.py', prepared.folder, '--only', 'iris-linear', 'penguin-mass');
  model = await readModel(at('iris-linear.skops'));
});
afterAll(() => prepared.close());

it('tells the columns and their types', async () => {
  expect(model.dtypes).toEqual({
    sepal_length: 'float',
    sepal_width: 'float',
    petal_length: 'float',
    petal_width: 'float',
  });
  const penguins = await readModel(at('penguin-mass.joblib'), { trust: { all: true } });
  expect(penguins.dtypes).toMatchObject({ island: 'category', bill_length_mm: 'double' });
});

it('refuses a pickle that nobody vouches for', async () => {
  await expect(readModel(at('penguin-mass.joblib'))).rejects.toMatchObject({ code: 'UNTRUSTED_ARTIFACT' });
});

it('predicts objects and files alike', async () => {
  const onnx = await model.toOnnx();
  const fromFile = await onnx.predict(at('iris-linear.sample.csv'));
  const rows = [{ sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 }];
  const fromRows = await onnx.predict(rows);
  expect(fromFile.rows).toBe(150);
  expect(fromRows.head()[0]).toMatchObject({ label: 'setosa' });
  expect(Object.keys(fromFile.columns)).toEqual(onnx.signature.outputs.map(({ name }) => name));
  expect(fromFile.toRows()).toHaveLength(150);
  await expect(onnx.predict([{ ...rows[0], petal_width: null }])).rejects.toMatchObject({ code: 'NULL_VALUE' });
});

it('writes predictions as Parquet', async () => {
  const predictions = await (await model.toOnnx()).predict(at('iris-linear.sample.csv'));
  await predictions.toParquet(at('predictions.parquet'));
  const frame = await readTable(at('predictions.parquet'));
  expect(frame.columns.map(({ name, type }) => [name, type])).toContainEqual(['label', 'string']);
  expect(frame.columns[0]?.values[0]).toBe(predictions.columns.label?.[0]);
});

it('goes into a registry, and another target is another graph', async () => {
  const url = `duckdb:${at('models.duckdb')}`;
  const version = await (await model.toOnnx()).toSql(url, { name: 'iris', alias: 'production' });
  expect(version).toMatchObject({ name: 'iris', version: 1, aliases: ['production'] });
  const older = await model.toOnnx({ target: 'sql-edge-1' });
  expect(older.info()).toMatchObject({ target: 'sql-edge-1' });
  const registry = await openRegistry(url);
  expect(await older.toSql(registry, { name: 'iris' })).toMatchObject({ version: 2, target: 'sql-edge-1' });
  await registry.close();
});

it('saves and reads ONNX', async () => {
  const onnx = await model.toOnnx();
  await onnx.save(at('saved.onnx'));
  const again = await readOnnx(at('saved.onnx'));
  expect(again.signature).toEqual(onnx.signature);
  const wanted = (await onnx.predict(at('iris-linear.sample.csv'))).columns;
  expect((await again.predict(at('iris-linear.sample.csv'))).columns).toEqual(wanted);
});

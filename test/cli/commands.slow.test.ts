import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { DOCUMENTS, type DocumentName } from '../../src/cli/documents.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { strictly } from '../support/strictly.js';
import { document, predictable } from './run.js';

/** The main road by its commands, one after the other in one folder; every document is held to its published schema. */
let prepared: Prepared;
let cwd: string;

beforeAll(async () => {
  prepared = await prepare();
  cwd = prepared.folder;
  await prepared.python('samples/train.py', cwd, '--only', 'iris', 'iris-tree', 'iris-linear', 'penguin-mass');
});
afterAll(() => prepared.close());

async function ask<N extends DocumentName>(
  name: N,
  args: string[],
  exitCode = 0,
): Promise<z.infer<(typeof DOCUMENTS)[N]>> {
  const { json, ran } = await document([name, ...args], { cwd });
  expect(ran.exitCode, JSON.stringify(json).slice(0, 2000)).toBe(exitCode);
  return strictly(DOCUMENTS[name], json) as z.infer<(typeof DOCUMENTS)[N]>;
}

it('finds out what there is', async () => {
  expect((await ask('converters', [])).results.map(({ id }) => id)).toContain('sklearn');
  expect((await ask('detect', ['.'])).results).toHaveLength(4);
  expect((await ask('setup', ['sklearn'])).results).toMatchObject([{ converter: 'sklearn', built: false }]);
  const { findings } = await ask('doctor', []);
  expect(findings.map(({ part }) => part)).toEqual(
    expect.arrayContaining(['Node', 'scikit-learn', 'ONNX Runtime 1.12.1']),
  );
});

it('converts with trust in reviewed files only', async () => {
  const { files } = await ask('trust', ['iris.joblib', 'penguin-mass.joblib', '-o', 'trust.lock']);
  expect(files.map((file) => file.path)).toEqual(['iris.joblib', 'penguin-mass.joblib']);
  const { results } = await ask('convert', ['.', '--trust-lock', 'trust.lock'], 1);
  expect(results.map(({ name, status, error }) => [name, error?.code ?? status])).toEqual([
    ['iris-linear', 'converted'],
    ['iris-tree', 'UNTRUSTED_ARTIFACT'],
    ['iris', 'converted'],
    ['penguin-mass', 'converted'],
  ]);
  expect(results.find(({ name }) => name === 'penguin-mass')?.categories).toHaveProperty('island', [
    'Biscoe',
    'Dream',
    'Torgersen',
  ]);
});

it('inspects, normalises and verifies files', async () => {
  const inspection = await ask('inspect', ['out/iris.onnx']);
  expect(inspection.targets.find(({ target }) => target === 'sql-edge')).toEqual({
    target: 'sql-edge',
    fits: true,
    reasons: [],
  });
  const again = await ask('normalize', ['out/iris.onnx', '-o', 'again.onnx', '--explain']);
  expect(again.signature.inputs.map(({ name }) => name)).toEqual([
    'sepal_length',
    'sepal_width',
    'petal_length',
    'petal_width',
  ]);
  const verified = await ask('verify', [
    'out/iris.onnx',
    '--against',
    'iris.joblib',
    '--sample',
    'iris.sample.csv',
    '--trust',
  ]);
  expect(verified.verification).toMatchObject({ status: 'passed', rows: 150 });
  const other = await ask(
    'verify',
    ['out/iris.onnx', '--against', 'iris-tree.pkl', '--sample', 'iris.sample.csv', '--trust'],
    1,
  );
  expect(other.verification.status).toBe('failed');
  expect(other.verification.worst?.[0]?.inputs).toHaveProperty('sepal_length');
});

it('writes the quickstart’s [1,1] with --batch-dim 1, and scores with it', async () => {
  const [result] = (await ask('convert', ['iris-linear.skops', '--batch-dim', '1', '--outputs', 'label', '-o', 'one']))
    .results;
  expect(result).toMatchObject({ status: 'converted', outputs: [{ name: 'label' }] });
  expect((await ask('inspect', ['one/iris-linear.onnx'])).inputs[0]?.shape).toEqual([1, 1]);
  const registry = ['--registry', 'duckdb:one.duckdb'];
  await ask('register', ['one/iris-linear.onnx', ...registry]);
  expect(await ask('score', ['iris-linear', '--data', 'iris-linear.sample.csv', ...registry])).toMatchObject({
    rows: 150,
  });
});

it('registers versions, and the same bytes only once', async () => {
  const first = await ask('register', ['out/iris.onnx', '--alias', 'production']);
  expect(first.registry).toBe('duckdb:predictable.duckdb');
  expect(first.results).toMatchObject([
    { created: true, model: { name: 'iris', version: 1, aliases: ['production'] } },
  ]);
  expect((await ask('register', ['out/iris.onnx'])).results).toMatchObject([{ created: false, model: { version: 1 } }]);
  const second = await ask('register', ['out/iris-linear.onnx', '--name', 'iris']);
  expect(second.results).toMatchObject([{ created: true, model: { version: 2 } }]);
  await ask('register', ['out/penguin-mass.onnx']);
  expect((await ask('list', [])).models.map(({ name, version }) => [name, version])).toEqual([
    ['iris', 2],
    ['penguin-mass', 1],
  ]);
});

it('refuses what nobody verified, and another signature behind an alias', async () => {
  const unverified = await document(['register', 'again.onnx', '--name', 'iris'], { cwd });
  expect(DOCUMENTS.error.parse(unverified.json).error.code).toBe('UNVERIFIED_MODEL');
  const changed = await document(['register', 'out/penguin-mass.onnx', '--name', 'iris', '--alias', 'production'], {
    cwd,
  });
  expect(DOCUMENTS.error.parse(changed.json).error.code).toBe('SIGNATURE_CHANGED');
  expect((await ask('history', ['iris'])).versions).toHaveLength(2);
});

it('moves aliases, with a history', async () => {
  expect((await ask('promote', ['iris@2', 'production'])).model?.version).toBe(2);
  expect((await ask('show', ['iris@production'])).model.version).toBe(2);
  expect((await ask('rollback', ['iris', 'production'])).model?.version).toBe(1);
  const { events } = await ask('history', ['iris']);
  expect(events.map(({ action, version }) => [action, version])).toEqual([
    ['rollback', 1],
    ['promote', 2],
    ['register', 1],
  ]);
});

it('gives the file back, byte for byte', async () => {
  const { model } = await ask('pull', ['iris@production', '-o', 'pulled.onnx']);
  expect(model.version).toBe(1);
  expect(await readFile(path.join(cwd, 'pulled.onnx'))).toEqual(await readFile(path.join(cwd, 'out/iris.onnx')));
  // With its verification: another registry takes it as it is.
  const elsewhere = await ask('register', ['pulled.onnx', '--registry', 'duckdb:elsewhere.duckdb']);
  expect(elsewhere.results[0]?.model).toMatchObject({ name: 'iris', verification: { status: 'passed' } });
  await writeFile(path.join(cwd, 'own.json'), '{"mine": 1}');
  expect((await ask('pull', ['iris@production', '-o', 'own.onnx'])).files).toEqual(['own.onnx']);
  expect(await readFile(path.join(cwd, 'own.json'), 'utf8')).toBe('{"mine": 1}');
});

it('scores a file, with labels as text and the columns that the model does not read', async () => {
  const summary = await ask('score', ['iris@production', '--data', 'iris.sample.csv', '-o', 'predictions.csv']);
  expect(summary).toMatchObject({ rows: 150, output: 'predictions.csv', model: { name: 'iris', version: 1 } });
  const [header, ...rows] = (await readFile(path.join(cwd, 'predictions.csv'), 'utf8')).trim().split('\n');
  expect(header?.split(',')).toEqual([
    'species',
    'label',
    'probability_setosa',
    'probability_versicolor',
    'probability_virginica',
  ]);
  const right = rows.filter((row) => row.split(',')[0] === row.split(',')[1]).length;
  expect(right / rows.length).toBeGreaterThan(0.9);
});

it('scores categories and missing values, and counts what the model has never seen', async () => {
  const text = await readFile(path.join(cwd, 'penguin-mass.sample.csv'), 'utf8');
  await writeFile(path.join(cwd, 'odd.csv'), text.replace('Torgersen', 'Atlantis'));
  const summary = await ask('score', ['penguin-mass', '--data', 'odd.csv', '--into', 'masses', '--keys', 'species']);
  expect(summary.unknownCategories).toEqual({ island: 1 });
  const again = await ask('score', ['penguin-mass', '--data', 'odd.csv', '--map', 'isle=island'], 1).catch(() => null);
  expect(again).toBeNull();
});

it('compares two versions on the same rows, as a gate', async () => {
  const difference = await ask('diff', ['iris@1', 'iris@2', '--data', 'iris.sample.csv', '--max-changed', '0'], 1);
  expect(difference.passed).toBe(false);
  expect(difference.changedRows).toBeGreaterThan(0);
  expect((await ask('diff', ['iris@1', 'iris@1', '--data', 'iris.sample.csv', '--max-changed', '0'])).changedRows).toBe(
    0,
  );
});

it('writes T-SQL that stays the same, and notices when it is out of date', async () => {
  const { sql } = await ask('sql', ['iris@production', '--data', 'dbo.flowers']);
  expect(sql).toContain('FROM PREDICT(MODEL = @model, DATA = predict_input AS d, RUNTIME = ONNX)');
  await ask('sql', ['iris@production', '--data', 'dbo.flowers', '-o', 'score.sql']);
  expect(await readFile(path.join(cwd, 'score.sql'), 'utf8')).toBe(sql);
  expect((await ask('sql', ['iris@production', '--data', 'dbo.flowers', '--check', 'score.sql'])).upToDate).toBe(true);
  expect((await ask('sql', ['iris@2', '--data', 'dbo.flowers', '--check', 'score.sql'], 1)).upToDate).toBe(false);
});

it('removes versions, but none behind an alias', async () => {
  const { json, ran } = await document(['remove', 'iris@1'], { cwd });
  expect(ran.exitCode).toBe(2);
  expect(DOCUMENTS.error.parse(json).error.message).toContain('production');
  expect((await ask('prune', ['iris', '--keep', '1', '--dry-run'])).removed).toEqual([]);
  await ask('remove', ['iris@2']);
  expect((await ask('history', ['iris'])).versions.map(({ version }) => version)).toEqual([1]);
  expect((await ask('check', [])).results.every(({ ok }) => ok)).toBe(true);
});

it('prints the same for people, without control characters where there is no terminal', async () => {
  const { stdout, exitCode } = await predictable(['convert', 'iris-linear.skops', '-o', 'out2'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^✓ iris-linear {2}Pipeline\(StandardScaler, LogisticRegression\) → out2/);
  expect(stdout).toContain(
    'verified against scikit-learn on 150 rows of the sample, in ONNX Runtime 1.30.0 and 1.12.1:',
  );
  expect([...stdout].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
});

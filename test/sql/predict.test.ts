import { expect, test } from 'vitest';
import type { InputColumn } from '../../src/signature.js';
import { MOST_WRITTEN } from '../../src/sql/dictionary.js';
import { objectName } from '../../src/sql/object.js';
import { outputNames } from '../../src/sql/output-names.js';
import { renderPredict } from '../../src/sql/predict.js';
import type { PredictOptions } from '../../src/sql/predict-options.js';
import { churn, signature } from './churn.js';

const CITY = "CAST(s.[city] AS nvarchar(3999)) COLLATE Latin1_General_100_BIN2 + N'|'";

function withCity(city: Partial<InputColumn>): PredictOptions {
  const inputs = signature.inputs.map((input) => (input.categories ? { ...input, ...city } : input));
  return { ...churn, signature: { ...signature, inputs } };
}

function values(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `v${index}`);
}

test('matches categories by code point, with blanks, whatever the code page of the column', () => {
  const script = renderPredict(churn);
  expect(script).toContain(`WHEN ${CITY} = N'Lund|' THEN 0`);
  expect(script).toContain(`WHEN ${CITY} = N'M''ö|' THEN 1`);
  expect(script).toContain("CASE p.[label] WHEN 0 THEN N'no' WHEN 1 THEN N'y''es' END");
});

test('throws for an unknown category only where that is the policy', () => {
  const city = (unknown: 'error' | 'zeros' | 'null') => renderPredict(withCity({ unknown }));
  expect(city('error')).toContain(`WHEN s.[city] IS NOT NULL AND ${CITY} NOT IN (N'Lund|', N'M''ö|') THEN`);
  expect(city('error')).toContain('column city has a value that the model does not know');
  expect(city('zeros')).not.toContain('does not know');
  expect(city('zeros')).not.toContain('THEN NULL');
  expect(city('null')).toContain('CASE WHEN d.[city] = -1 THEN NULL ELSE p.[probability] END');
});

test('gives NULL its own code, or the one that is said', () => {
  expect(renderPredict(withCity({ nulls: 'nan' }))).toContain('WHEN s.[city] IS NULL THEN -2');
  expect(renderPredict(withCity({ nulls: 1 }))).toContain('WHEN s.[city] IS NULL THEN 1');
  expect(renderPredict(withCity({ nulls: 'error' }))).toContain('column city has NULL, and the model takes none');
});

test('writes a few dozen values in, and looks more of them up', () => {
  const few = renderPredict(withCity({ categories: values(MOST_WRITTEN) }));
  const many = renderPredict(withCity({ categories: values(MOST_WRITTEN + 1), unknown: 'error' }));
  expect(few).not.toContain('models_dictionaries');
  expect(few).toContain(`N'v${MOST_WRITTEN - 1}|' THEN ${MOST_WRITTEN - 1}`);
  expect(many).not.toContain("N'v0|'");
  expect(many).toContain(`AS c4 ON c4.[value] = ${CITY}`);
  expect(many).toContain('WHEN s.[city] IS NOT NULL AND c4.[code] IS NULL THEN');
  expect(many).toContain(`<> ${MOST_WRITTEN + 1}\nBEGIN; THROW 50002`);
});

test('a category column that has no categories knows nothing', () => {
  const script = renderPredict(withCity({ categories: [], unknown: 'error' }));
  expect(script).toContain('WHEN s.[city] IS NOT NULL AND 1 = 1 THEN');
});

test('refuses a value that cannot be told from a longer one', () => {
  renderPredict(withCity({ categories: ['x'.repeat(3998)] }));
  expect(() => renderPredict(withCity({ categories: ['x'.repeat(3999)] }))).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_TYPE', message: expect.stringContaining('city') }),
  );
});

test('takes the number that stands for NaN by way of real, which has it exactly', () => {
  const inputs = signature.inputs.map((input) => ({ ...input, nulls: 'nan' as const }));
  const script = renderPredict({ ...churn, signature: { ...signature, inputs } });
  expect(script).toContain('COALESCE(CAST(s.[income] AS float), CAST(CAST(-1.2676506002282294E30 AS real) AS float))');
});

test('reads the registry’s tables where they are', () => {
  const script = renderPredict({ ...withCity({ categories: values(99) }), modelsTable: '[my db].ml.[m]]x]' });
  expect(script).toContain('FROM [my db].[ml].[m]]x] WHERE');
  expect(script).toContain('FROM [my db].[ml].[m]]x_dictionaries]');
  expect(renderPredict({ ...churn, modelsTable: 'kept' })).toContain('FROM [dbo].[kept] WHERE');
});

test('lets a key be an input too, and passes columns on behind the keys', () => {
  const script = renderPredict({ ...churn, keys: ['rooms'], passThrough: ['city', 'rooms'] });
  expect(script).toContain('s.[rooms] AS [rooms_2]');
  expect(script).toContain('d.[rooms_2] AS [rooms],\n    d.[city_2] AS [city],\n');
});

test('is one batch that gives no rows when they are kept', () => {
  const script = renderPredict({ ...churn, into: 'kept', keys: [] });
  expect(script).toContain('INSERT INTO [kept] ([label], [probability], [model_name], [model_version], [scored_at])');
  expect(script).not.toMatch(/^GO/m);
  // Without keys every type is known.
  expect(script).toContain('CREATE TABLE [kept]');
});

test('says what a table for predictions needs where no server told the types of the keys', () => {
  const script = renderPredict({ ...churn, into: 'kept', keys: ['100%'] });
  expect(script).not.toContain('CREATE TABLE');
  // THROW takes a % for the start of a place-holder.
  expect(script).toContain(
    "THROW 50005, N'there is no table [kept]; create it with the columns [100%%], [label] nvarchar",
  );
});

test('does not let the columns beside the predictions have a name twice', () => {
  expect(renderPredict({ ...churn, into: 'kept', keys: ['Model_Name'] })).toContain(
    '[Model_Name], [label], [probability], [model_name_2], [model_version], [scored_at])',
  );
});

test('refuses a hash that is none, since its digits stand in the text as they are', () => {
  expect(() => renderPredict({ ...churn, sha256: '00; DROP TABLE models' })).toThrow(
    expect.objectContaining({ code: 'REGISTRY_DAMAGED' }),
  );
});

test('refuses more columns than a server takes', () => {
  const wide =
    (inputs: number, keys: number, outputs: number, sqlType: 'real' | 'float', more: Partial<PredictOptions> = {}) =>
    () =>
      renderPredict({
        ...churn,
        map: {},
        keys: values(keys),
        signature: {
          inputs: values(inputs).map((name) => ({ name: `i${name}`, type: 'float', sqlType: 'real', nulls: 'error' })),
          outputs: values(outputs).map((name) => ({ name: `o${name}`, type: 'float', sqlType, role: 'value' })),
        },
        ...more,
      });
  const into = { into: 'kept' };
  wide(1023, 1, 1, 'real')();
  wide(1, 1, 1020, 'real', into)();
  for (const render of [
    wide(1023, 2, 1, 'real'),
    wide(1, 1, 4096, 'real'),
    wide(1, 1, 1021, 'real', into),
    wide(1, 1, 1020, 'float', into),
  ]) {
    expect(render).toThrow(expect.objectContaining({ code: 'TOO_MANY_COLUMNS' }));
  }
  expect(wide(1, 1, 1020, 'float', into)).toThrow('kept would have rows of 8160 bytes at least');
});

test('refuses a map to an input that is not there', () => {
  for (const map of [{ a: 'nope' }, { a: 'age', b: 'age' }] as Record<string, string>[]) {
    expect(() => renderPredict({ ...churn, map })).toThrow(expect.objectContaining({ code: 'COLUMN_MISMATCH' }));
  }
});

test('calls an output that a key is called like something else, within 128 characters', () => {
  const long = '😀'.repeat(64);
  const outputs = [long, 'label'].map((name) => ({ name, type: 'float', sqlType: 'real', role: 'value' }) as const);
  const [first = '', second] = outputNames({ inputs: [], outputs }, [long]);
  expect(first).toMatch(/^(😀)+_predicted$/u);
  expect(first.length).toBeLessThanOrEqual(128);
  expect(second).toBe('label');
});

test('names a procedure after the model while that fits', () => {
  expect(objectName(undefined, 'ml', 'a]b')).toBe('[ml].[score_a]]b]');
  expect(objectName('x', 'ml', 'a')).toBe('[ml].[x]');
  expect(objectName('a.x', 'ml', 'a')).toBe('[a].[x]');
  expect(() => objectName(undefined, 'ml', 'x'.repeat(123))).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

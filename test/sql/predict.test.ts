import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Signature } from '../../src/signature.js';
import { type PredictOptions, renderPredict } from '../../src/sql/predict.js';
import { tokens } from './tokens.js';

const signature: Signature = {
  inputs: [
    { name: 'age', type: 'float', sqlType: 'real', nulls: 'nan' },
    { name: 'rooms', type: 'int64', sqlType: 'bigint', nulls: 'error' },
    { name: 'income', type: 'double', sqlType: 'float', nulls: 0.5 },
    { name: 'city', type: 'int64', sqlType: 'bigint', nulls: 'nan', categories: ['Lund', "M'ö"], unknown: 'null' },
  ],
  outputs: [
    { name: 'label', type: 'int64', sqlType: 'bigint', role: 'label', labels: ['no', "y'es"] },
    { name: 'probability', type: 'float', sqlType: 'real', role: 'probability' },
  ],
};
const options: PredictOptions = {
  name: 'churn',
  version: 3,
  sha256: 'ab'.repeat(32),
  signature,
  data: 'dbo.people',
  keys: ['id', 'label'],
  map: { years: 'age' },
};

test('is the whole script', () => {
  expect(renderPredict(options)).toMatchInlineSnapshot(`
    "-- Scores dbo.people with churn, version 3.
    -- sha256 of the model: abababababababababababababababababababababababababababababababab
    -- Written by predictable. Codes of categories and labels are written in: they belong to this version alone.

    DECLARE @model varbinary(max) = (SELECT [data] FROM [dbo].[models] WHERE [name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|' AND [version] = 3);
    DECLARE @sha256 varchar(64) = (SELECT [sha256] FROM [dbo].[models] WHERE [name] COLLATE Latin1_General_100_BIN2 + N'|' = N'churn|' AND [version] = 3);
    IF @model IS NULL
    BEGIN; THROW 50001, N'churn, version 3 is not in dbo.models', 1; END;
    IF @sha256 IS NULL OR LOWER(@sha256) <> N'abababababababababababababababababababababababababababababababab'
    BEGIN; THROW 50002, N'the stored churn, version 3 is not the model that this script was written for', 1; END;

    DECLARE @refused nvarchar(2048) = (
        SELECT TOP (1) CASE
            WHEN CAST(s.[years] AS real) = CAST(-1.2676506002282294E30 AS real) THEN N'column years has the number that stands for a missing value'
            WHEN s.[rooms] IS NULL THEN N'column rooms has NULL, and the model takes none'
            WHEN s.[rooms] <> CAST(s.[rooms] AS bigint) THEN N'column rooms has a value that is no bigint'
        END
        FROM [dbo].[people] AS s
        WHERE (CAST(s.[years] AS real) = CAST(-1.2676506002282294E30 AS real))
            OR (s.[rooms] IS NULL)
            OR (s.[rooms] <> CAST(s.[rooms] AS bigint))
    );
    IF @refused IS NOT NULL
    BEGIN; THROW 50003, @refused, 1; END;

    WITH predict_input AS (
        SELECT
            s.[id] AS [id],
            s.[label] AS [label],
            COALESCE(CAST(s.[years] AS real), CAST(-1.2676506002282294E30 AS real)) AS [age],
            CAST(s.[rooms] AS bigint) AS [rooms],
            COALESCE(CAST(s.[income] AS float), CAST(0.5E0 AS float)) AS [income],
            CAST(CASE WHEN s.[city] IS NULL THEN -2 WHEN s.[city] COLLATE Latin1_General_100_BIN2 + N'|' = N'Lund|' THEN 0 WHEN s.[city] COLLATE Latin1_General_100_BIN2 + N'|' = N'M''ö|' THEN 1 ELSE -1 END AS bigint) AS [city]
        FROM [dbo].[people] AS s
    )
    SELECT
        d.[id] AS [id],
        d.[label] AS [label],
        CASE WHEN d.[city] = -1 THEN NULL ELSE CASE p.[label] WHEN 0 THEN N'no' WHEN 1 THEN N'y''es' END END AS [label_predicted],
        CASE WHEN d.[city] = -1 THEN NULL ELSE p.[probability] END AS [probability]
    FROM PREDICT(MODEL = @model, DATA = predict_input AS d, RUNTIME = ONNX)
    WITH ([label] bigint, [probability] real) AS p;
    "
  `);
});

test('matches categories with case and blanks, and decodes labels as national text', () => {
  const script = renderPredict(options);
  expect(script).toContain(
    "CAST(CASE WHEN s.[city] IS NULL THEN -2 WHEN s.[city] COLLATE Latin1_General_100_BIN2 + N'|' = N'Lund|' THEN 0 WHEN s.[city] COLLATE Latin1_General_100_BIN2 + N'|' = N'M''ö|' THEN 1 ELSE -1 END AS bigint) AS [city]",
  );
  expect(script).toContain("CASE p.[label] WHEN 0 THEN N'no' WHEN 1 THEN N'y''es' END");
});

test('throws for an unknown category only where that is the policy', () => {
  const city = (unknown: 'error' | 'zeros' | 'null') =>
    renderPredict({
      ...options,
      signature: {
        ...signature,
        inputs: signature.inputs.map((input) => (input.categories ? { ...input, unknown } : input)),
      },
    });
  expect(city('error')).toContain('column city has a value that the model does not know');
  expect(city('zeros')).not.toContain('does not know');
  expect(city('zeros')).not.toContain('THEN NULL');
  expect(city('null')).toContain('CASE WHEN d.[city] = -1 THEN NULL ELSE p.[probability] END');
});

test('lets a key be an input too', () => {
  const script = renderPredict({ ...options, keys: ['rooms'] });
  expect(script).toContain('s.[rooms] AS [rooms_2]');
  expect(script).toContain('d.[rooms_2] AS [rooms]');
});

test('has nothing that SQL Edge lacks, and a semicolon before each THROW', () => {
  const script = renderPredict(options);
  expect(script).not.toMatch(/CREATE OR ALTER|IS (NOT )?DISTINCT FROM|DATETRUNC/i);
  for (const [before] of script.matchAll(/\S+\s+(?=THROW)/g)) expect(before).toMatch(/;\s+$/);
});

test('refuses a map to an input that is not there', () => {
  for (const map of [{ a: 'nope' }, { a: 'age', b: 'age' }] as Record<string, string>[]) {
    expect(() => renderPredict({ ...options, map })).toThrow(expect.objectContaining({ code: 'COLUMN_MISMATCH' }));
  }
});

test('is the same text each time, and no name or text gets out of its quotes', () => {
  const nasty = fc
    .array(fc.constantFrom("'", ']', '[', '"', '\\', '\n', '--', '/*', '*/', ';', ' ', 'å', '😀', 'x', '|'), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  const shape = (script: string) => tokens(script).flatMap(({ kind, value }) => (kind === 'other' ? [value] : [kind]));
  // A text with a backslash at the end of a line takes two literals and a +, which changes no more than that.
  const skeleton = (script: string) =>
    shape(script)
      .join(' ')
      .replaceAll(/text(?: \+ text)+/g, 'text');
  const render = (word: (text: string) => string) =>
    renderPredict({
      ...options,
      name: word('m'),
      data: `[${word('t').replaceAll(']', ']]')}]`,
      keys: [word('k')],
      map: {},
      signature: {
        inputs: signature.inputs.map((input) => ({
          ...input,
          name: word(input.name),
          ...(input.categories === undefined ? {} : { categories: input.categories.map(word) }),
        })),
        outputs: signature.outputs.map((output) => ({ ...output, name: word(output.name) })),
      },
    });
  const plain = skeleton(render((text) => text));
  fc.assert(
    fc.property(nasty, (bad) => {
      const script = render((text) => text + bad);
      expect(render((text) => text + bad)).toBe(script);
      expect(skeleton(script)).toBe(plain);
    }),
  );
});

import { describe, expect, it } from 'vitest';
import type { Signature } from '../../../src/signature.js';
import { renderPredict } from '../../../src/sql/predict.js';
import type { PredictOptions } from '../../../src/sql/predict-options.js';
import { canParseTsql, parseTsql } from './parse-tsql.js';
import { RIGHT, WRONG } from './samples.js';

const signature: Signature = {
  inputs: [
    { name: 'age', type: 'float', sqlType: 'real', nulls: 'nan' },
    { name: 'rooms', type: 'int64', sqlType: 'bigint', nulls: 'error' },
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
  keys: ['id', 'label'],
};

describe.skipIf(!canParseTsql)('the grammars of T-SQL', () => {
  it('take what is right', async () => {
    const verdicts = await parseTsql(RIGHT);
    expect(RIGHT.filter((_, index) => !verdicts[index]?.ok)).toEqual([]);
    expect(verdicts).toHaveLength(RIGHT.length);
  });

  it('refuse what is wrong, in a script, in a procedure, in a block, and where it is executed', async () => {
    const places = [
      (sql: string) => sql,
      (sql: string) => `CREATE PROCEDURE p @a int = NULL AS BEGIN SET NOCOUNT ON; ${sql} END`,
      (sql: string) => `IF OBJECT_ID(N'p', N'P') IS NULL BEGIN; ${sql} END;`,
      (sql: string) => `BEGIN TRY SELECT 1; ${sql} END TRY BEGIN CATCH THROW; END CATCH;`,
      (sql: string) => `IF OBJECT_ID(N'p', N'P') IS NULL EXEC(N'${sql.replaceAll("'", "''")}');`,
      (sql: string) => `EXEC sp_executesql N'${sql.replaceAll("'", "''")}';`,
      (sql: string) => `SELECT 1;\nGO\n${sql}\nGO\nSELECT 2;`,
    ];
    const texts = places.flatMap((place) => WRONG.map(place));
    const verdicts = await parseTsql(texts);
    expect(verdicts).toHaveLength(texts.length);
    expect(texts.filter((_, index) => verdicts[index]?.ok)).toEqual([]);
    // The places themselves are right.
    expect(await parseTsql(places.map((place) => place('SELECT 1;')))).toEqual(
      places.map(() => ({ ok: true, problems: [] })),
    );
  });

  it('say what is wrong, and where', async () => {
    const texts = [
      'SELECT 1;\n/* GO */\nGO\n\nSELECT (a FROM t;',
      "EXEC(N'CREATE PROCEDURE p AS\nSELEC 1');",
      'SELECT 1;',
      "SELECT 1;\nSELECT 'a;",
      'SELECT 1;',
      'CREATE PROCEDURE p AS\nSET XACT_ABORT YES;',
      'SELECT 1 GO',
    ];
    const verdicts = await parseTsql(texts);
    expect(verdicts.map(({ ok }) => ok)).toEqual([false, false, true, false, true, false, false]);
    const [bracket, executed, , quote, , option, go] = verdicts.map(({ problems }) => problems);
    expect(bracket).toContain("line 5: Microsoft's parser: Incorrect syntax near 'FROM'.");
    expect(executed).toContain("executed in line 1, line 2: Microsoft's parser: Incorrect syntax near 'SELEC'.");
    expect(quote).toEqual(["line 2: 'a is not closed"]);
    expect(option).toContain("line 2: sqlfluff: Found unparsable section: 'SET XACT_ABORT YES;'");
    expect(go).toContain('line 1: GO is not on a line of its own');
  });

  it('take no orders from comments', async () => {
    const texts = [
      'SELEC 1 -- noqa',
      '-- sqlfluff:dialect:ansi\nSELECT a FROM t LIMIT 5;',
      '/* /* */ SELEC */ SELECT 1;',
    ];
    expect((await parseTsql(texts)).map(({ ok }) => ok)).toEqual([false, false, true]);
  });

  it('take the scripts that score with PREDICT', async () => {
    const bare = { inputs: signature.inputs.slice(0, 1), outputs: signature.outputs.slice(1) };
    const scripts = [
      options,
      { ...options, signature: bare, keys: [] },
      { ...options, name: "it's]\n-- GO /*", data: '[a]]b].[c d]', modelsTable: '[x;].[y--]' },
      { ...options, keys: ['GO', 'THROW', "it's", 'a]b'] },
    ].map(renderPredict);
    expect(await parseTsql(scripts)).toEqual(scripts.map(() => ({ ok: true, problems: [] })));
    const broken = scripts.flatMap((script) => [
      script.replace('THROW 50001,', 'THROW 50001'),
      script.replace('BEGIN; THROW', 'BEGIN THROW'),
      script.replace(', RUNTIME = ONNX', ', RUNTIME = ONX'),
      script.replace('DATA = predict_input AS d', 'DATA = predict_input'),
      script.replace(/WITH (\(.*\) AS p)/, '$1'),
      script.replace(/;\n\nWITH predict_input/, '\n\nWITH predict_input').replace(/END;\n\nWITH/, 'END\n\nWITH'),
    ]);
    const verdicts = await parseTsql(broken);
    expect(broken.filter((_, index) => verdicts[index]?.ok)).toEqual([]);
  });
});

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/rows/duckdb.js';
import type { Frame } from '../../src/rows/frame.js';
import { frameOfRows } from '../../src/rows/frame-rows.js';
import { readCsv } from '../../src/rows/read-csv.js';
import { readTable } from '../../src/rows/read-table.js';
import { sharedFolder } from '../support/folder.js';

const folder = sharedFolder('read-table');
const at = (name: string) => path.join(folder, name);
const file = async (name: string, content: string | Uint8Array) => {
  await writeFile(at(name), content);
  return at(name);
};
const types = (frame: Frame) => Object.fromEntries(frame.columns.map(({ name, type }) => [name, type]));
const values = (frame: Frame, name: string) => [
  ...(frame.columns.find((column) => column.name === name)?.values ?? []),
];

async function sql(...statements: string[]): Promise<void> {
  const duckdb = await openDuckdb();
  for (const statement of statements) await duckdb.connection.run(statement);
  await duckdb.close();
}

test('names that every object has are columns and values like others', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const data = await file('proto.csv', `${names.join()}\n${names.join()}\n`);
  for (const frame of [await readTable(data), await readCsv(data, undefined)]) {
    expect(frame.columns.map(({ name, type, values: [value] }) => [name, type, value])).toEqual(
      names.map((name) => [name, 'string', name]),
    );
  }
  const { columns } = frameOfRows([{ a: 1 }, JSON.parse('{"__proto__": 2, "constructor": 3}')]);
  expect(columns.map(({ name, values: found }) => [name, ...found])).toEqual([
    ['a', 1, Number.NaN],
    ['__proto__', Number.NaN, 2],
    ['constructor', Number.NaN, 3],
  ]);
});

describe('a CSV', () => {
  test('has the types that pandas reads', async () => {
    const rows = [
      'id,gap,real,holes,flag,day,answer,code,empty',
      '1,4,1.5,NA,True,2024-01-01,yes,007,',
      '-2,,2,1.5,False,2024-01-02,no,8,',
    ];
    const frame = await readTable(await file('types.csv', `${rows.join('\n')}\n`));
    expect(frame.rows).toBe(2);
    expect(types(frame)).toEqual({
      id: 'int64',
      gap: 'double',
      real: 'double',
      holes: 'double',
      flag: 'bool',
      day: 'string',
      answer: 'string',
      code: 'string',
      empty: 'double',
    });
    expect(values(frame, 'id')).toEqual([1n, -2n]);
    expect(values(frame, 'gap')).toEqual([4, Number.NaN]);
    expect(values(frame, 'holes')).toEqual([Number.NaN, 1.5]);
    expect(values(frame, 'flag')).toEqual([1, 0]);
    expect(values(frame, 'code')).toEqual(['007', '8']);
    expect(values(frame, 'empty')).toEqual([Number.NaN, Number.NaN]);
  });

  test('keeps text as it stands; only an empty field is missing', async () => {
    const frame = await readTable(await file('text.csv', 'id,t\n1,NA\n2,a \n3, a\n4,""\n5,\n6,å\n7,"x, ""y""\nz"\n'));
    expect(values(frame, 't')).toEqual(['NA', 'a ', ' a', null, null, 'å', 'x, "y"\nz']);
  });

  test('has a header even if all of it is text', async () => {
    const frame = await readTable(await file('header.csv', 'city,country\nLund,Sweden\n'));
    expect(types(frame)).toEqual({ city: 'string', country: 'string' });
    expect(frame.rows).toBe(1);
  });

  test('finds a number that only the last row spoils', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index}`);
    const frame = await readTable(await file('late.csv', `n,m\n${lines.map((n) => `${n},1`).join('\n')}\nlast,2.5\n`));
    expect(types(frame)).toEqual({ n: 'string', m: 'double' });
  });

  test('takes the types that it is given', async () => {
    const source = await file('given.csv', 'zip,n,t\n007,1,1\n8,2.0,0\n');
    const frame = await readTable(source, { types: { n: 'int32', t: 'string', zip: 'int64' } });
    expect(types(frame)).toEqual({ zip: 'int64', n: 'int32', t: 'string' });
    expect(values(frame, 'zip')).toEqual([7n, 8n]);
    await expect(readTable(await file('bad.csv', 'n\n1\n2.7\n'), { types: { n: 'int64' } })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringContaining('"2.7" is no int64 (1 rows)'),
    });
    await expect(readTable(await file('hole.csv', 'n,m\n1,1\n,1\n'), { types: { n: 'int64' } })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringContaining('a missing value is no int64'),
    });
  });

  test('gives the columns asked for, in their order, and the first rows', async () => {
    const source = await file('choice.csv', 'a,b,c\n1,2,3\n4,5,6\n');
    const frame = await readTable(source, { columns: ['c', 'A'], limit: 1 });
    expect(frame.columns).toEqual([
      { name: 'c', type: 'int64', values: new BigInt64Array([3n]) },
      { name: 'A', type: 'int64', values: new BigInt64Array([1n]) },
    ]);
    await expect(readTable(source, { columns: ['d'] })).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
  });

  test('may have a name with the signs of a pattern', async () => {
    await file('x1.csv', 'a\n1\n');
    expect((await readTable(await file('x[1]*.csv', 'a\n2\n'))).columns[0]?.values[0]).toBe(2n);
  });
});

describe('NULL in every type', () => {
  test('is missing, never the 0 that its slot holds', async () => {
    const parquet = at('nulls.parquet');
    await sql(`COPY (SELECT * FROM (VALUES
        (1::TINYINT, 1::BIGINT, 1::UBIGINT, 1.5::FLOAT, 1.5::DOUBLE, 1.5::DECIMAL(9,2), true, 'a', DATE '2024-01-01'),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS t(i1, i8, u8, f, d, dec, b, s, day))
      TO '${parquet}' (FORMAT parquet)`);
    const frame = await readTable(parquet);
    expect(types(frame)).toEqual({
      i1: 'double',
      i8: 'double',
      u8: 'double',
      f: 'float',
      d: 'double',
      dec: 'double',
      b: 'double',
      s: 'string',
      day: 'string',
    });
    for (const name of ['i1', 'i8', 'u8', 'f', 'd', 'dec', 'b']) expect(values(frame, name)[1]).toBeNaN();
    expect(values(frame, 's')).toEqual(['a', null]);
    expect(values(frame, 'day')).toEqual(['2024-01-01', null]);
  });
});

describe('Parquet', () => {
  test('refuses a type that is neither number nor text only when it is asked for', async () => {
    const parquet = at('nested.parquet');
    await sql(`COPY (SELECT 1 AS a, [1, 2] AS list, 'x'::BLOB AS bytes) TO '${parquet}' (FORMAT parquet)`);
    expect(types(await readTable(parquet))).toEqual({ a: 'int64' });
    await expect(readTable(parquet, { columns: ['list'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      message: expect.stringContaining('column list'),
    });
  });
});

describe('JSON', () => {
  test('is read as an array and as lines, with dates left as text', async () => {
    const rows = [
      { a: 1, day: '2024-01-01', code: '007', b: true },
      { a: 2, day: '2024-01-02', code: null, b: false },
    ];
    const expected = { a: 'int64', day: 'string', code: 'string', b: 'bool' };
    expect(types(await readTable(await file('rows.json', JSON.stringify(rows))))).toEqual(expected);
    const lines = await readTable(await file('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')));
    expect(types(lines)).toEqual(expected);
    expect(values(lines, 'code')).toEqual(['007', null]);
  });
});

describe('a table', () => {
  test('is found in a DuckDB file, with awkward names', async () => {
    const database = at('data.duckdb');
    await sql(
      `ATTACH '${database}' AS d`,
      `CREATE TABLE d."odd ""name""" AS SELECT 1 AS "a ""b"""`,
      'CREATE SCHEMA d.s',
      'CREATE TABLE d.s.t AS SELECT 2 AS n',
      'CREATE VIEW d.v AS SELECT 3 AS n',
    );
    const frame = await readTable(`duckdb:${database}#odd "name"`);
    expect(frame.columns).toEqual([{ name: 'a "b"', type: 'int64', values: new BigInt64Array([1n]) }]);
    expect(values(await readTable('table:s.t', { database }), 'n')).toEqual([2n]);
    expect(values(await readTable('table:v', { database }), 'n')).toEqual([3n]);
    await expect(readTable('table:nope', { database })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      hint: expect.stringContaining('odd "name"'),
    });
  });

  test('needs a database', async () => {
    await expect(readTable('table:t')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readTable(`duckdb:${at('none.duckdb')}#t`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readTable(`duckdb:${await file('text.duckdb', 'no database')}#t`)).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
    });
  });
});

test.each([
  ['absent.csv', null, 'FILE_NOT_FOUND'],
  ['empty.csv', '', 'UNKNOWN_FORMAT'],
  ['broken.parquet', 'PAR1 and then nothing', 'UNKNOWN_FORMAT'],
  ['broken.json', '[{"a": 1', 'UNKNOWN_FORMAT'],
  ['rows.xlsx', 'x', 'USAGE'],
])('%s gets an error that names it', async (name, content, code) => {
  if (content !== null) await file(name, content);
  await expect(readTable(at(name))).rejects.toMatchObject({ code, message: expect.stringContaining(name) });
});

/** Networks over pictures: as many columns as pixels, from each kind of source, in the memory that there is for it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/rows/duckdb.js';
import { score } from '../../src/score/score.js';
import { echoModel } from './echo-model.js';

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wide-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function sql(...statements: string[]) {
  const duckdb = await openDuckdb();
  try {
    for (const statement of statements.slice(0, -1)) await duckdb.connection.run(statement);
    return (await duckdb.connection.runAndReadAll(statements.at(-1) ?? '')).getRowObjectsJson();
  } finally {
    await duckdb.close();
  }
}

const ROWS = 300;
const named = (columns: number) => Array.from({ length: columns }, (_, index) => `p${index}`);
/** No two columns are alike; pixels are whole numbers, of which most files have small ones. */
const rowsOf = (columns: number, type: string) =>
  `SELECT r AS id, ${named(columns).map((name, i) => `((r + 1) * ${i + 1} % 251)::${type} AS ${name}`)} FROM range(${ROWS}) t(r)`;

const SOURCES = {
  csv: async (columns: number) => {
    await sql(`COPY (${rowsOf(columns, 'UTINYINT')}) TO '${at('wide.csv')}'`);
    return at('wide.csv');
  },
  parquet: async (columns: number) => {
    await sql(`COPY (${rowsOf(columns, 'UTINYINT')}) TO '${at('wide.parquet')}'`);
    return at('wide.parquet');
  },
  table: async (columns: number) => {
    const file = at(`wide-${columns}.duckdb`);
    await sql(`ATTACH '${file}' AS w`, `CREATE TABLE w.t AS ${rowsOf(columns, 'DOUBLE')}`);
    return `duckdb:${file}#t`;
  },
};

describe.each(Object.entries(SOURCES))('a %s', (kind, make) => {
  test.each([64, 784, 1500])('of %i columns', async (columns) => {
    const data = await make(columns);
    const output = { file: at(`${kind}-${columns}.parquet`) };
    // Codes of words and pixels as whole numbers are inputs of other types than floats.
    const types = ['float', 'int32', 'double', 'int64'] as const;
    const typed = named(columns).map((name, i) => ({
      name,
      type: columns < 100 ? (types[i % 4] ?? 'float') : 'float',
    }));
    const { rows } = await score({ ...echoModel(typed), data, output, origin: 'made' });
    expect(rows).toBe(ROWS);
    const wrong = named(columns).map((name, i) => `${name}_out <> (id::INT + 1) * ${i + 1} % 251`);
    expect(await sql(`SELECT count(*)::INT AS bad FROM '${output.file}' WHERE ${wrong.join(' OR ')}`)).toEqual([
      { bad: 0 },
    ]);
  });
});

describe('a wide CSV', () => {
  const cells = named(100).map(() => '1');
  const model = (nulls: 'error' | number) =>
    echoModel(named(100).map((name) => ({ name, type: 'float' as const, nulls })));
  const csv = async (name: string, delimiter: string, ...rows: string[][]) => {
    await writeFile(at(name), [named(100), ...rows].map((row) => `${row.join(delimiter)}\n`).join(''));
    return at(name);
  };

  test.each([',', ';', '\t', '|'])('with delimiter %j, quoted or not', async (delimiter) => {
    for (const quote of ['', '"', "'"]) {
      const data = await csv('delimited.csv', delimiter, cells, [...cells.slice(1), `${quote}2${quote}`]);
      const { preview } = await score({ ...model('error'), data, origin: 'made' });
      expect(preview.map(({ p99_out }) => p99_out)).toEqual([1, 2]);
    }
  });

  test('has every spelling of a missing value, and says where one is not allowed', async () => {
    const data = await csv(
      'missing.csv',
      ',',
      cells,
      ['NA', ' null ', ...cells.slice(3), 'nan'],
      ['', ...cells.slice(1)],
    );
    const { preview, nulls } = await score({ ...model(7), data, origin: 'made' });
    expect(nulls).toEqual({ p0: 2, p1: 1, p99: 1 });
    expect(preview.map((row) => [row.p0_out, row.p1_out, row.p99_out])).toEqual([
      [1, 1, 1],
      [7, 7, 7],
      [7, 1, 1],
    ]);
    await expect(score({ ...model('error'), data, origin: 'made' })).rejects.toMatchObject({
      code: 'NULL_VALUE',
      message: expect.stringMatching(/^column p0 has no value in 2 rows, .*column p1 .*column p99 /),
    });
  });

  test('with more spoilt columns than can be told one by one', async () => {
    const data = await csv(
      'words.csv',
      ',',
      cells,
      cells.map(() => 'word'),
    );
    await expect(score({ ...model(0), data, origin: 'made' })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringMatching(/^column p0 has values that are no real: "word" .*; and so in 84 columns more$/),
    });
  });
});

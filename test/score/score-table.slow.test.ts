import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/rows/duckdb.js';
import type { Model } from '../../src/score/here/predict-rows.js';
import { scoreTable } from '../../src/score/score-table.js';
import type { TableScoreOptions } from '../../src/score/server/options.js';
import { freshFolder } from '../support/folder.js';
import { served } from '../support/served.js';
import type { TdsValue } from '../support/tds/values.js';
import { echoModel } from './echo-model.js';
import type { ServedTable } from './served-table.js';

const folder = freshFolder('score-table');
const scripted = served();

async function run(table: ServedTable, model: Model, options: Partial<TableScoreOptions> = {}) {
  const registry = await scripted.start(table, model);
  return scoreTable({ registry, name: 'm', table: 'dbo.features', engine: 'local', ...options });
}

const at = (name: string) => path.join(folder, name);

async function sql(statement: string) {
  const duckdb = await openDuckdb();
  try {
    return (await duckdb.connection.runAndReadAll(statement)).getRowObjectsJson();
  } finally {
    await duckdb.close();
  }
}

/** Every type of key, with a row of values and a row without. */
const KEYS: Record<string, [type: string, value: TdsValue, duckdb: string, read: string]> = {
  big: ['bigint', 9007199254740993n, 'BIGINT', '9007199254740993'],
  small: ['smallint', -5, 'INTEGER', '-5'],
  exact: [
    'decimal(38,10)',
    '-1234567890123456789012345678.0123456789',
    'DECIMAL(38,10)',
    '-1234567890123456789012345678.0123456789',
  ],
  price: ['decimal(9,2)', '1234567.89', 'DECIMAL(9,2)', '1234567.89'],
  cash: ['money', '922337203685477.5807', 'DECIMAL(19,4)', '922337203685477.5807'],
  text: ['nvarchar(50)', 'Malmö 🙂 ’a "b", c', 'VARCHAR', 'Malmö 🙂 ’a "b", c'],
  flag: ['bit', true, 'BOOLEAN', 'true'],
  day: ['date', new Date('0001-01-01T00:00:00Z'), 'DATE', '0001-01-01'],
  moment: ['datetime', new Date('2024-02-29T23:59:59.997Z'), 'TIMESTAMP', '2024-02-29 23:59:59.997'],
  guid: ['uniqueidentifier', '6F9619FF-8B86-D011-B42D-00C04FC964FF', 'UUID', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  single: ['real', Math.fround(0.1), 'FLOAT', '0.1'],
  double: ['float', 0.1, 'DOUBLE', '0.1'],
};
const FINE: typeof KEYS = {
  fine: ['datetime2(7)', '9999-12-31T23:59:59.9999999', 'VARCHAR', '9999-12-31T23:59:59.9999999'],
  coarse: ['datetime2(3)', '2024-01-31T10:11:12.123', 'TIMESTAMP', '2024-01-31 10:11:12.123'],
  zoned: ['datetimeoffset(7)', '2024-01-31 10:11:12.1234567 +05:30', 'VARCHAR', '2024-01-31 10:11:12.1234567 +05:30'],
  clock: ['time(3)', '10:11:12.123', 'TIME', '10:11:12.123'],
};

function typedTable(keys: typeof KEYS, extra: Partial<ServedTable> = {}): ServedTable {
  const columns = Object.fromEntries(Object.entries(keys).map(([name, [type]]) => [name, type]));
  return {
    columns: { x: 'real', ...columns } as ServedTable['columns'],
    rows: [
      [1.5, ...Object.values(keys).map(([, value]) => value)],
      [2.5, ...Object.keys(keys).map(() => null)],
    ],
    ...extra,
  };
}

const one = echoModel([{ name: 'x', type: 'float' }]);

describe('types of the server', () => {
  test.each(['local', 'predict'] as const)('reach a file as they are, scored by %s', async (engine) => {
    const keys = engine === 'local' ? { ...KEYS, ...FINE } : KEYS;
    const predictions = { signature: one.signature, rows: [[1.5], [2.5]] };
    const output = { file: at('out.parquet') };
    await run(typedTable(keys, { predictions }), one, { engine, output });
    const types = await sql(`DESCRIBE SELECT * FROM '${output.file}'`);
    expect(Object.fromEntries(types.map((row) => [row.column_name, row.column_type]))).toEqual({
      ...Object.fromEntries(Object.entries(keys).map(([name, [, , type]]) => [name, type])),
      x_out: 'FLOAT',
    });
    const names = Object.keys(keys).map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`);
    expect(await sql(`SELECT ${names.join(', ')} FROM '${output.file}' ORDER BY x_out`)).toEqual([
      Object.fromEntries(Object.entries(keys).map(([name, [, , , read]]) => [name, read])),
      Object.fromEntries(Object.keys(keys).map((name) => [name, null])),
    ]);
  });

  test.each(['csv', 'tsv', 'json', 'jsonl'])('are written as %s, too', async (ending) => {
    const output = { file: at(`out.${ending}`) };
    await run(typedTable({ big: KEYS.big!, text: KEYS.text! }), one, { output });
    const content = await readFile(output.file, 'utf8');
    expect(content).toContain('9007199254740993');
    expect(content).toContain('Malmö 🙂');
  });
});

describe('columns', () => {
  const keyed = { ...typedTable({ id: ['int', 1, '', ''], note: ['nvarchar(9)', 'a', '', ''] }), primaryKey: ['id'] };

  test('are the primary key by default, and only what is needed travels', async () => {
    const { preview, version, engine } = await run({ ...keyed, rows: [[1.5, 1, 'a']] }, one);
    expect(preview).toEqual([{ id: 1, x_out: 1.5 }]);
    expect({ name: version.name, engine }).toEqual({ name: 'm', engine: 'local' });
    expect(scripted.server.tds.requests.map(({ text }) => text)).toContain(
      'SELECT s.[x], s.[id] FROM [dbo].[features] AS s;',
    );
  });

  test('are all that the model does not read, and have a form in a file, where there is no key', async () => {
    const table = typedTable({ a: ['int', 1, '', ''], raw: ['varbinary(9)', Buffer.from([1]), '', ''] });
    const { preview, leftOut } = await run({ ...table, rows: [[1.5, 7, Buffer.from([1])]] }, one);
    expect({ preview, leftOut }).toEqual({ preview: [{ a: 7, x_out: 1.5 }], leftOut: ['raw'] });
  });

  test('that were asked for must be there, and have a form', async () => {
    const registry = await scripted.start(typedTable({ raw: ['varbinary(9)', null, '', ''] }), one);
    const options = { registry, name: 'm', table: 'dbo.features', engine: 'local' } as const;
    await expect(scoreTable({ ...options, keys: ['raws'] })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: 'dbo.features has no column raws (did you mean raw?)',
    });
    await expect(scoreTable({ ...options, keys: ['raw'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      message: 'column raw of dbo.features is varbinary(9), which cannot be a key',
    });
    await expect(scoreTable({ ...options, map: { raw: 'x' } })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: 'dbo.features does not fit the model: x (real) is varbinary(9) in the data',
    });
    await expect(scoreTable({ ...options, table: 'dbo.feature' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'there is no table or view dbo.feature (did you mean dbo.features?)',
    });
    // None of these read a row.
    expect(scripted.server.tds.requests.filter(({ text }) => text.includes('AS s;'))).toEqual([]);
  });

  test.each(['local', 'predict'] as const)('with names of any kind are mapped, scored by %s', async (engine) => {
    const name = "a]b'c; DROP TABLE x --";
    const model = echoModel([{ name: 'x', type: 'double' }]);
    const predictions = { signature: model.signature, rows: [[2.5]] };
    const table: ServedTable = { columns: { [name]: 'float', 'k]': 'int' }, rows: [[2.5, 7]], predictions };
    const summary = await run(table, model, { engine, map: { [name]: 'x' } });
    expect(summary.preview).toEqual([{ 'k]': 7, x_out: 2.5 }]);
  });
});

describe('many rows', () => {
  const ROWS = 100_000;
  const filler = 'x'.repeat(200);

  test('stream: the server waits for the file', async () => {
    let made = 0;
    const table: ServedTable = {
      columns: { id: 'bigint', x: 'real', note: 'varchar(200)' },
      primaryKey: ['id'],
      async *rows() {
        for (let id = 0; id < ROWS; id++) {
          made = id;
          yield [BigInt(id), id % 1000, filler];
        }
      },
    };
    const registry = await scripted.start(table, one);
    // Whoever reads slowly holds the server back: what lies between them is what sockets and a few buffers hold.
    const stream = registry.server.stream('SELECT s.[id], s.[x], s.[note] FROM [dbo].[features] AS s;');
    for (let row = 0; row < 1000; row++) await stream.next();
    await new Promise((resume) => setTimeout(resume, 300));
    expect(made).toBeLessThan(ROWS / 2);
    await stream.return(undefined);

    const output = { file: at('many.parquet') };
    const seen: number[] = [];
    const summary = await scoreTable({
      ...{ registry, name: 'm', table: 'dbo.features', engine: 'local', keys: ['id', 'note'], output },
      onProgress: ({ rows }) => seen.push(rows),
    });
    expect(summary.rows).toBe(ROWS);
    expect(Math.max(...seen)).toBe(ROWS);
    expect(
      await sql(`SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids,
        count(*) FILTER (x_out <> id % 1000 OR note <> '${filler}')::INT AS wrong FROM '${output.file}'`),
    ).toEqual([{ n: ROWS, ids: ROWS, wrong: 0 }]);
  });

  test('leave nothing behind when the connection is lost among them', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id): TdsValue[] => [id, id / 2]);
    const predictions = { signature: one.signature, rows: rows.map(([, x]) => [x ?? null]) };
    const table: ServedTable = { columns: { id: 'int', x: 'real' }, rows, primaryKey: ['id'], predictions };
    const registry = await scripted.start(table, one);
    for (const engine of ['local', 'predict'] as const) {
      const what = engine === 'local' ? 'AS s;' : 'predict_input AS d';
      const struck = scripted.server.tds.fault({
        when: ({ text }) => text.includes(what) && !text.includes('CAST(1.5 AS real)'),
        do: 'drop',
        afterBytesSent: 100_000,
      });
      const output = { file: at('lost.csv') };
      await expect(scoreTable({ registry, name: 'm', table: 'dbo.features', engine, output })).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
      });
      await struck;
      expect(await readdir(folder)).toEqual([]);
    }
    // The next run gets another connection.
    expect((await scoreTable({ registry, name: 'm', table: 'dbo.features', engine: 'predict' })).rows).toBe(20_000);
  });

  test('end with the signal', async () => {
    const controller = new AbortController();
    const rows = Array.from({ length: 20_000 }, (_, id): TdsValue[] => [id / 2]);
    const registry = await scripted.start({ columns: { x: 'real' }, rows }, one);
    const output = { file: at('interrupted.csv') };
    const running = scoreTable({
      ...{ registry, name: 'm', table: 'dbo.features', engine: 'local', output, signal: controller.signal },
      onProgress: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });
});

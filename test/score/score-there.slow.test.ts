import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/score/here/predict-rows.js';
import { scoreTable } from '../../src/score/score-table.js';
import type { TableScoreOptions } from '../../src/score/server/options.js';
import { columnFeeds, runGraph } from '../graph/run.js';
import { freshFolder } from '../support/folder.js';
import { served } from '../support/served.js';
import type { TdsValue } from '../support/tds/values.js';
import { echoModel } from './echo-model.js';
import type { ServedTable } from './served-table.js';

const folder = freshFolder('score-there');
const scripted = served();

async function run(table: ServedTable, model: Model, options: Partial<TableScoreOptions> = {}) {
  const registry = await scripted.start(table, model);
  return scoreTable({ registry, name: 'm', table: 'dbo.features', engine: 'local', ...options });
}

const at = (name: string) => path.join(folder, name);

const one = echoModel([{ name: 'x', type: 'float' }]);

describe('PREDICT', () => {
  const table: ServedTable = {
    columns: { id: 'int', x: 'real' },
    rows: [[1, 1.5]],
    primaryKey: ['id'],
    predictions: { signature: one.signature, rows: [[1.5]] },
  };

  test('that is not there is said, with what to do, and nothing is scored elsewhere', async () => {
    const withoutPredict = { number: 102, message: "Incorrect syntax near '='." };
    await expect(run({ ...table, withoutPredict }, one, { engine: 'predict' })).rejects.toMatchObject({
      code: 'NO_ONNX_PREDICT',
      message: expect.stringContaining("Incorrect syntax near '='."),
      hint: expect.stringContaining('--engine local'),
    });
    expect(scripted.server.tds.requests.filter(({ text }) => text.includes('[features]'))).toEqual([]);
  });

  test.each([
    [39051, 'CORRUPT_MODEL'],
    [39052, 'UNSUPPORTED_MODEL'],
    [39093, 'UNSUPPORTED_TYPE'],
    [39094, 'MODEL_TOO_LARGE'],
    [39096, 'COLUMN_MISMATCH'],
    [39097, 'UNSUPPORTED_TYPE'],
    [39098, 'SERVER_ERROR'],
    [229, 'PERMISSION_DENIED'],
    [50001, 'MODEL_NOT_FOUND'],
    [50002, 'CHECKSUM_MISMATCH'],
  ])('error %i is %s, with what the server says', async (number, code) => {
    const registry = await scripted.start(table, one);
    scripted.server.tds.fault({
      when: ({ text }) => text.includes('FROM PREDICT') && text.includes('[features]'),
      do: 'error',
      error: { number, message: 'The true schema is (variable1 real).' },
    });
    await expect(scoreTable({ registry, name: 'm', table: 'dbo.features', engine: 'predict' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining('The true schema is (variable1 real).'),
      hint: expect.stringMatching(/\w/),
    });
  });

  test.each([
    ['column x has NULL, and the model takes none', 'NULL_VALUE'],
    ['column x has a value that the model does not know', 'UNKNOWN_CATEGORY'],
    ['column x has a value that is no int', 'COLUMN_MISMATCH'],
  ])('is not asked for rows that must be refused: %s', async (message, code) => {
    const registry = await scripted.start(table, one);
    scripted.server.tds.fault({
      when: ({ text }) => text.includes('[features]') && text.includes('FROM PREDICT'),
      do: 'error',
      error: { number: 50003, message },
    });
    await expect(scoreTable({ registry, name: 'm', table: 'dbo.features', engine: 'predict' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('writes into a table of the server: nothing travels, and the rows are counted', async () => {
    const summary = await run(table, one, { engine: 'predict', output: { into: 'dbo.predictions' } });
    expect(summary).toMatchObject({ rows: 1, output: 'table:dbo.predictions', preview: [], comparison: null });
    const [insert] = scripted.server.tds.requests.filter(({ text }) =>
      text.includes('INSERT INTO [dbo].[predictions]'),
    );
    expect(insert?.text).toMatch(/INSERT INTO \[dbo\]\.\[predictions\] \(\[id\], \[x_out\]/);
    expect(scripted.server.tds.requests.filter(({ text }) => text.endsWith('FROM [dbo].[features] AS s;'))).toEqual([]);
  });
});

describe('a comparison', () => {
  const model = echoModel([
    { name: 'kind', type: 'int64', categories: ['a', 'b', 'c'], labels: ['A', 'B', 'C'], unknown: 'null' },
    { name: 'size', type: 'float' },
    { name: 'count', type: 'int32' },
  ]);
  const data = { kind: ['a', 'b', 'c', 'b', 'q'], size: [0.1, 2.5, -3, 1e30, 7], count: [1, 2, 3, 4, 2 ** 31 - 1] };

  /** What the model itself gives in the runtime of SQL Edge 2.0. */
  async function predictions(): Promise<TdsValue[][]> {
    const results = await runGraph(model.bytes, columnFeeds(model.signature, data), '1.12.1');
    return data.kind.map((kind, row) =>
      model.signature.outputs.map(({ name, labels }) => {
        const value = Number(results[name]?.values[row]);
        if (kind === 'q') return null;
        return labels === undefined ? value : (labels[value] ?? null);
      }),
    );
  }

  async function compared(rows: TdsValue[][], options: Partial<TableScoreOptions> = {}) {
    const table: ServedTable = {
      columns: { id: 'decimal(18,0)', size: 'float', kind: 'varchar(9)', count: 'decimal(10,0)' },
      rows: data.kind.map((kind, row) => [
        `${10n ** 17n + BigInt(row)}`,
        data.size[row] ?? null,
        kind,
        String(data.count[row]),
      ]),
      primaryKey: ['id'],
      predictions: { signature: model.signature, rows },
    };
    return run(table, model, { engine: 'predict', compare: true, ...options });
  }

  test('finds no difference where there is none', async () => {
    const output = { file: at('compared.csv') };
    const { comparison, rows } = await compared(await predictions(), { output });
    expect(rows).toBe(5);
    expect(comparison).toMatchObject({ rows: 5, changedRows: 0, maxAbsDiff: 0, passed: true, rtol: 1e-4, atol: 1e-5 });
    expect(comparison?.outputs.map(({ name, changed }) => [name, changed])).toEqual([
      ['kind_out', 0],
      ['size_out', 0],
      ['count_out', 0],
    ]);
    expect(comparison?.worst).toEqual([]);
    expect((await readFile(output.file, 'utf8')).split('\n').slice(0, 3)).toEqual([
      'id,kind_out,size_out,count_out',
      '100000000000000000,A,0.1,1',
      '100000000000000001,B,2.5,2',
    ]);
  });

  test('finds a number and a label that the server gives otherwise, and says in which rows', async () => {
    const bent = await predictions();
    bent[1] = ['B', 2.625, 2];
    bent[2] = ['A', -3, 3];
    const { comparison } = await compared(bent);
    expect(comparison).toMatchObject({ rows: 5, changedRows: 1, maxAbsDiff: 0.125, passed: false });
    expect(comparison?.outputs[1]?.histogram.filter(({ rows }) => rows > 0)).toEqual([
      { above: null, upTo: 0, rows: 4 },
      { above: 0.1, upTo: 1, rows: 1 },
    ]);
    expect(comparison?.worst).toEqual([
      {
        row: 3,
        keys: { id: '100000000000000002' },
        local: { kind_out: 'C', size_out: -3, count_out: 3 },
        server: { kind_out: 'A', size_out: -3, count_out: 3 },
      },
      {
        row: 2,
        keys: { id: '100000000000000001' },
        local: { kind_out: 'B', size_out: 2.5, count_out: 2 },
        server: { kind_out: 'B', size_out: 2.625, count_out: 2 },
      },
    ]);
  });

  test('takes a difference within the tolerance for none', async () => {
    const near = await predictions();
    near[1] = ['B', 2.5001, 2];
    const { comparison } = await compared(near);
    expect(comparison).toMatchObject({ changedRows: 0, passed: true });
    expect(comparison?.maxAbsDiff).toBeCloseTo(1e-4, 6);
  });

  test('of no rows is passed', async () => {
    const table: ServedTable = {
      columns: { size: 'float', kind: 'varchar(9)', count: 'int' },
      rows: [],
      predictions: { signature: model.signature, rows: [] },
    };
    const { comparison, rows } = await run(table, model, { engine: 'predict', compare: true });
    expect(rows).toBe(0);
    expect(comparison).toMatchObject({ rows: 0, changedRows: 0, maxAbsDiff: null, passed: true, worst: [] });
  });

  test.each([
    [{ engine: 'local', compare: true }],
    [{ engine: 'local', output: { into: 'dbo.p' } }],
    [{ engine: 'predict', compare: true, output: { into: 'dbo.p' } }],
  ] as const)('and a table to keep predictions in do not go with everything: %j', async (options) => {
    const table: ServedTable = { columns: { x: 'real' }, rows: [] };
    await expect(run(table, one, options)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { askRegistry } from '../../src/cli/arguments/sample.js';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { echoModel } from '../score/echo-model.js';
import type { ServedTable } from '../score/served-table.js';
import { sharedFolder } from '../support/folder.js';
import { served } from '../support/served.js';
import { strictly } from '../support/strictly.js';
import type { TdsValue } from '../support/tds/values.js';
import { document, predictable } from './run.js';

const PASSWORD = 'pä$$ wörd';
const model = echoModel([{ name: 'x', type: 'float' }]);

const folder = sharedFolder('score-server');
const scripted = served();

/** The options that name a server with that table; the password is in the environment only. */
async function registry(predictions: TdsValue[][], table: Partial<ServedTable> = {}) {
  await scripted.start(
    {
      columns: { id: 'int', x: 'real' },
      rows: [
        [1, 1.5],
        [2, 2.5],
      ],
      primaryKey: ['id'],
      predictions: { signature: model.signature, rows: predictions },
      ...table,
    },
    model,
  );
  return `mssql://ml@127.0.0.1:${scripted.server.tds.port}/plant?encrypt=false`;
}

const options = {
  env: { PREDICTABLE_PASSWORD: PASSWORD },
  get cwd() {
    return folder;
  },
};
const score = (url: string, ...args: string[]) =>
  document(['score', 'm', '--registry', url, '--data', 'dbo.features', ...args], options);

test('a table of the server is scored there, and the document says so without a secret', async () => {
  const url = await registry([[1.5], [2.5]]);
  const { json, ran } = await score(url, '-o', 'out.csv', '--compare');
  expect(ran.exitCode).toBe(0);
  expect(strictly(DOCUMENTS.score, json)).toMatchObject({
    engine: 'predict',
    registry: url,
    rows: 2,
    output: 'out.csv',
    comparison: { passed: true, rows: 2 },
  });
  expect(ran.stdout + ran.stderr).not.toContain(PASSWORD);
  expect(await readFile(path.join(folder, 'out.csv'), 'utf8')).toBe('id,x_out\n1,1.5\n2,2.5\n');
});

test('an address in the environment is shown without its password', async () => {
  const url = await registry([[1.5], [2.5]]);
  const env = { PREDICTABLE_REGISTRY: url.replace('ml@', 'ml:s3cret@') };
  const { json, ran } = await document(['score', 'm', '--data', 'table:dbo.features', '--engine', 'local'], {
    ...options,
    env,
  });
  expect(strictly(DOCUMENTS.score, json)).toMatchObject({ engine: 'local', registry: url, rows: 2 });
  expect(ran.stdout + ran.stderr).not.toContain('s3cret');
});

test('a server that predicts something else is found out: exit code 1', async () => {
  const url = await registry([[1.5], [2.75]]);
  const ran = await predictable(['score', 'm', '--registry', url, '--data', 'dbo.features', '--compare'], options);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain(
    '✗ the server predicts something else than this machine: 2 rows, 1 changed, max difference 0.25',
  );
  expect(ran.stdout).toMatch(/ROW +id +x_out HERE +x_out SERVER\n +2 +2 +2\.5 +2\.75/);
});

test('a file is scored here', async () => {
  const url = await registry([]);
  await writeFile(path.join(folder, 'rows.csv'), 'id,x\n7,0.5\n');
  const { json } = await document(['score', 'm', '--registry', url, '--data', 'rows.csv'], options);
  expect(strictly(DOCUMENTS.score, json)).toMatchObject({ engine: 'local', preview: [{ id: '7', x_out: 0.5 }] });
});

test.each([
  ['--engine plain', ['--engine', 'plain'], /--engine plain/],
  ['--compare here', ['--engine', 'local', '--compare'], /--compare/],
  ['--into from here', ['--engine', 'local', '--into', 'dbo.p'], /--into dbo\.p/],
  ['--compare and --into', ['--compare', '--into', 'dbo.p'], /--into/],
  ['--engine predict for a file', ['--engine', 'predict', '--data', 'rows.csv'], /rows\.csv is a file/],
])('%s is refused, and nothing is read', async (_title, args, message) => {
  const url = await registry([]);
  const data = args.includes('--data') ? [] : ['--data', 'dbo.features'];
  const { json, ran } = await document(['score', 'm', '--registry', url, ...data, ...args], options);
  expect(ran.exitCode).toBe(2);
  expect(json).toMatchObject({ error: { code: 'USAGE', message: expect.stringMatching(message) } });
  expect(scripted.server.tds.requests.filter(({ text }) => text.includes('[features]'))).toEqual([]);
});

test('two versions are held against each other on a table of the server', async () => {
  const url = await registry([]);
  const { json } = await document(['diff', 'm@1', 'm@1', '--registry', url, '--data', 'dbo.features'], options);
  expect(strictly(DOCUMENTS.diff, json)).toMatchObject({ registry: url, rows: 2, changedRows: 0, passed: true });
});

test('a sample comes from the first rows of a table, as the types of a file would be', async () => {
  process.env.PREDICTABLE_PASSWORD = PASSWORD;
  const columns = {
    whole: 'int',
    hollow: 'bigint',
    single: 'real',
    exact: 'decimal(18,2)',
    flag: 'bit',
    city: 'nvarchar(20)',
    day: 'date',
    raw: 'varbinary(4)',
  } as const;
  const row = (hollow: TdsValue): TdsValue[] => [
    1,
    hollow,
    0.5,
    '2.25',
    true,
    'Malmö',
    new Date('2024-02-29'),
    Buffer.from([1]),
  ];
  const rows = Array.from({ length: 12_000 }, (_, index) => row(index === 0 ? null : BigInt(index)));
  const url = await registry([], { columns, rows });
  const asked = { registry: url, sample: 'table:dbo.features', signal: new AbortController().signal };
  const { sample, engine } = await askRegistry(asked);
  delete process.env.PREDICTABLE_PASSWORD;
  expect(engine).toBe('sql-edge');
  if (typeof sample !== 'object') throw new Error('no rows');
  expect(sample.rows).toBe(10_000);
  expect(sample.columns.map(({ name, type, values }) => [name, type, values[0], values[1]])).toEqual([
    ['whole', 'int64', 1n, 1n],
    ['hollow', 'double', Number.NaN, 1],
    ['single', 'float', 0.5, 0.5],
    ['exact', 'double', 2.25, 2.25],
    ['flag', 'bool', 1, 1],
    ['city', 'string', 'Malmö', 'Malmö'],
    ['day', 'string', '2024-02-29', '2024-02-29'],
  ]);
});

test('a sample in a table needs to be told where', async () => {
  const asked = { sample: 'table:flowers', signal: new AbortController().signal };
  await expect(askRegistry(asked)).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('--registry'),
  });
  expect(await askRegistry({ ...asked, sample: 'rows.csv' })).toEqual({ sample: 'rows.csv', engine: null });
  expect(await readdir(folder)).not.toContain('predictable.duckdb');
});

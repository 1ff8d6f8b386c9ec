import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/rows/duckdb.js';
import { type ScoreOptions, score } from '../../src/score/score.js';
import { type EchoColumn, echoModel } from './echo-model.js';

let folder = '';
const at = (name: string) => path.join(folder, name);
const file = async (name: string, content: string) => {
  await writeFile(at(name), content);
  return at(name);
};
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'score-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Statements in a DuckDB of their own; the rows of the last one, as JSON shows them. */
async function sql(...statements: string[]) {
  const duckdb = await openDuckdb();
  try {
    for (const statement of statements.slice(0, -1)) await duckdb.connection.run(statement);
    return (await duckdb.connection.runAndReadAll(statements.at(-1) ?? '')).getRowObjectsJson();
  } finally {
    await duckdb.close();
  }
}

const run = (model: ReturnType<typeof echoModel>, data: string, options: Partial<ScoreOptions> = {}) =>
  score({ ...model, data, origin: 'made', ...options });

const ages = echoModel([{ name: 'age', type: 'float' }]);

const EVERY_OBJECT_HAS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('names that every object has', () => {
  const header = EVERY_OBJECT_HAS.map((name) => `in ${name}`).join();

  test('are columns, outputs and keys like others', async () => {
    const model = echoModel(EVERY_OBJECT_HAS.map((name) => ({ name, type: 'float' })));
    const data = await file('proto.csv', `${EVERY_OBJECT_HAS.join()}\n1,2,3,4\n`);
    const { preview } = await run(model, data, { keys: EVERY_OBJECT_HAS });
    expect(Object.entries(preview[0] ?? {})).toEqual([
      ...EVERY_OBJECT_HAS.map((name, index) => [name, String(index + 1)]),
      ...EVERY_OBJECT_HAS.map((name, index) => [`${name}_out`, index + 1]),
    ]);
  });

  test('can be mapped', async () => {
    const model = echoModel(EVERY_OBJECT_HAS.map((name) => ({ name, type: 'float' })));
    const data = await file('mapped.csv', `${header}\n1,2,3,4\n`);
    const map = Object.fromEntries(EVERY_OBJECT_HAS.map((name) => [`in ${name}`, name]));
    expect(Object.values((await run(model, data, { map })).preview[0] ?? {})).toEqual([1, 2, 3, 4]);
  });

  test('are counted where a policy was needed, as categories and as columns', async () => {
    const column = { type: 'int64', categories: EVERY_OBJECT_HAS, unknown: 'zeros', nulls: 'nan' } as const;
    const model = echoModel(EVERY_OBJECT_HAS.map((name) => ({ name, ...column, labels: EVERY_OBJECT_HAS })));
    const data = await file(
      'counted.csv',
      `${EVERY_OBJECT_HAS.join()}\n${EVERY_OBJECT_HAS.join()}\nvalueOf,isPrototypeOf,x,y\n,,,\n`,
    );
    const { preview, nulls, unknownCategories } = await run(model, data);
    expect(Object.values(preview[0] ?? {})).toEqual(EVERY_OBJECT_HAS);
    expect(Object.entries(nulls)).toEqual(EVERY_OBJECT_HAS.map((name) => [name, 1]));
    expect(Object.entries(unknownCategories)).toEqual(EVERY_OBJECT_HAS.map((name) => [name, 1]));
  });

  test('are missed like others', async () => {
    const model = echoModel(EVERY_OBJECT_HAS.map((name) => ({ name, type: 'float' })));
    const data = await file('none.csv', 'a,proto,toStrin\n1,2,3\n');
    await expect(run(model, data)).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringContaining('toString (real) is missing (did you mean toStrin?)'),
    });
  });
});

describe('values', () => {
  test('of every type reach the model as they are', async () => {
    const parquet = at('types.parquet');
    const types = ['TINYINT', 'USMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(9,2)'];
    await sql(`COPY (SELECT ${types.map((type, i) => `7::${type} AS c${i}`).join(', ')}, true AS b) TO '${parquet}'`);
    for (const type of ['float', 'double', 'int32', 'int64'] as const) {
      const model = echoModel([...types.map((_, i) => ({ name: `c${i}`, type })), { name: 'b', type }]);
      const [row] = (await run(model, parquet)).preview;
      expect(Object.values(row ?? {})).toEqual([...types.map(() => 7), 1]);
    }
  });

  test('NULL in every type is missing, never the 0 in its slot', async () => {
    const parquet = at('nulls.parquet');
    const types = ['TINYINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(9,2)', 'BOOLEAN'];
    await sql(
      `COPY (SELECT ${types.map((type, i) => `CASE WHEN r = 1 THEN 1::${type} END AS c${i}`).join(', ')},
         CASE WHEN r = 1 THEN 'a' END AS t FROM range(3) AS x(r)) TO '${parquet}'`,
    );
    for (const [i] of types.entries()) {
      const refused = echoModel([{ name: `c${i}`, type: 'float' }]);
      await expect(run(refused, parquet)).rejects.toMatchObject({
        code: 'NULL_VALUE',
        message: `column c${i} has no value in 2 rows, first in row 1, and the model takes none`,
      });
      const marked = await run(echoModel([{ name: `c${i}`, type: 'float', nulls: 'nan' }]), parquet, { keys: [] });
      expect(marked.preview.map((row) => row[`c${i}_out`])).toEqual([-(2 ** 100), 1, -(2 ** 100)]);
      expect(marked.nulls).toEqual({ [`c${i}`]: 2 });
      const replaced = await run(echoModel([{ name: `c${i}`, type: 'int64', nulls: 9 }]), parquet, { keys: [] });
      expect(replaced.preview.map((row) => row[`c${i}_out`])).toEqual([9, 1, 9]);
      expect(replaced.nulls).toEqual({ [`c${i}`]: 2 });
    }
    const text: EchoColumn = { name: 't', type: 'int64', categories: ['a'], unknown: 'zeros' };
    const coded = await run(echoModel([{ ...text, nulls: 'nan' }]), parquet, { keys: [] });
    expect(coded.preview.map(({ t_out }) => t_out)).toEqual([-2, 0, -2]);
    expect(coded.nulls).toEqual({ t: 2 });
    await expect(run(echoModel([text]), parquet)).rejects.toMatchObject({ code: 'NULL_VALUE' });
  });

  test('NaN is missing too, and the sentinel is refused', async () => {
    const parquet = at('nan.parquet');
    await sql(
      `COPY (SELECT unnest([1.5, 'nan'::DOUBLE]) AS d, unnest([1.5, -power(2::DOUBLE, 100)]) AS s) TO '${parquet}'`,
    );
    await expect(run(echoModel([{ name: 'd', type: 'double' }]), parquet)).rejects.toMatchObject({
      code: 'NULL_VALUE',
    });
    const marked = await run(echoModel([{ name: 'd', type: 'double', nulls: 'nan' }]), parquet, { keys: [] });
    expect(marked.preview).toEqual([{ d_out: 1.5 }, { d_out: -(2 ** 100) }]);
    await expect(run(echoModel([{ name: 's', type: 'double', nulls: 'nan' }]), parquet)).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringContaining('1 row, first in row 2'),
    });
  });

  test.each([
    ['2.7', 'int64'],
    ['9223372036854775808', 'int64'],
    ['2147483648', 'int32'],
    ['1e39', 'float'],
    ['abc', 'float'],
    ['abc', 'int64'],
  ] as const)('%s is no %s', async (value, type) => {
    const csv = await file('bad.csv', `x\n1\n${value}\n`);
    const refused = { code: 'COLUMN_MISMATCH', message: expect.stringContaining(`"${value}" (1 row, first in row 2)`) };
    await expect(run(echoModel([{ name: 'x', type }]), csv)).rejects.toMatchObject(refused);
    if (value === 'abc') return;
    const parquet = at('bad.parquet');
    await sql(`COPY (SELECT ${value} AS x) TO '${parquet}'`);
    await expect(run(echoModel([{ name: 'x', type }]), parquet)).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
  });

  test.each(['float', 'double'] as const)('missing ones in a %s are found wherever they are', async (type) => {
    const parquet = at('holes.parquet');
    const value = fc.oneof(
      fc.constantFrom('NULL', "'nan'", "'inf'", '0', '-1e-300'),
      fc.integer({ max: 9 }).map((n) => String(n / 8)),
    );
    const columns = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(columns, fc.constantFrom(1, 2047, 2048, 2049), async (values, lead) => {
        const rows = values.map(([a, b]) => `(${a}::DOUBLE, ${b}::FLOAT)`).join(', ');
        await sql(
          `COPY (SELECT 1::DOUBLE AS a, 1::FLOAT AS b FROM range(${lead}) UNION ALL VALUES ${rows}) TO '${parquet}'`,
        );
        const model = echoModel([
          { name: 'a', type, nulls: 'nan' },
          { name: 'b', type, nulls: 0.5 },
        ]);
        const output = { file: at('holes-out.parquet') };
        const { nulls } = await run(model, parquet, { keys: [], output });
        const real = type === 'float' ? 'FLOAT' : 'DOUBLE';
        const marked = (name: string, mark: number) =>
          `CASE WHEN ${name} IS NULL OR isnan(${name}) THEN ${mark} ELSE ${name} END::${real}`;
        const [row] = await sql(
          `SELECT count(*) FILTER (a_out IS DISTINCT FROM ${marked('a', -(2 ** 100))}
             OR b_out IS DISTINCT FROM ${marked('b', 0.5)})::INT AS bad,
           count(*) FILTER (a IS NULL OR isnan(a))::INT AS a, count(*) FILTER (b IS NULL OR isnan(b))::INT AS b
           FROM '${parquet}' POSITIONAL JOIN '${output.file}'`,
        );
        expect({ bad: row?.bad, a: nulls.a ?? 0, b: nulls.b ?? 0 }).toEqual({ bad: 0, a: row?.a, b: row?.b });
        const strict = run(echoModel([{ name: 'a', type }]), parquet, { keys: [] });
        if (row?.a === 0) expect((await strict).rows).toBe(lead + values.length);
        else await expect(strict).rejects.toMatchObject({ code: 'NULL_VALUE' });
      }),
      { numRuns: 20 },
    );
  });

  test('whole numbers keep every digit', async () => {
    const csv = await file('digits.csv', 'x,y\n9007199254740993,16777217\n-9223372036854775808,2.0\n');
    const model = echoModel([
      { name: 'x', type: 'int64' },
      { name: 'y', type: 'int32' },
    ]);
    expect((await run(model, csv)).preview).toEqual([
      { x_out: '9007199254740993', y_out: 16777217 },
      { x_out: '-9223372036854775808', y_out: 2 },
    ]);
  });
});

describe('categories', () => {
  const cities = ['a', 'A', 'å', 'a ', "o'x", '', '😀'];
  const column = { name: 'city', type: 'int64', categories: cities, nulls: 'nan' } as const;

  test('match as Python matches: case, accents and blanks count', async () => {
    const parquet = at('cities.parquet');
    await sql(`COPY (SELECT unnest(['a ', 'A', 'a', 'å', '', '😀', 'o''x', 'Å', ' a', NULL]) AS city) TO '${parquet}'`);
    const output = { file: at('cities-out.parquet') };
    const summary = await run(echoModel([{ ...column, unknown: 'zeros' }]), parquet, { output });
    expect((await sql(`SELECT city_out::INT AS c FROM '${output.file}'`)).map(({ c }) => c)).toEqual([
      3, 1, 0, 2, 5, 6, 4, -1, -1, -2,
    ]);
    expect(summary).toMatchObject({ rows: 10, unknownCategories: { city: 2 }, nulls: { city: 1 } });
  });

  test('that are unknown are refused, make NULL, or count as none', async () => {
    const csv = await file('unknown.csv', 'city,id\na,1\nq,2\nA,3\nz,4\n');
    await expect(run(echoModel([column]), csv)).rejects.toMatchObject({
      code: 'UNKNOWN_CATEGORY',
      message: 'column city has values that the model does not know: "q", "z" (2 rows, first in row 2)',
    });
    const voided = await run(echoModel([{ ...column, unknown: 'null', labels: cities }]), csv);
    expect(voided.preview.map(({ city_out }) => city_out)).toEqual(['a', null, 'A', null]);
    expect(voided.unknownCategories).toEqual({ city: 2 });
  });

  test('may hold a NUL character', async () => {
    const parquet = at('nul.parquet');
    await sql(`COPY (SELECT unnest(['a', 'a' || chr(0), 'a' || chr(0) || 'b']) AS city) TO '${parquet}'`);
    const categories = ['a\0b', 'a', 'a\0'];
    const summary = await run(echoModel([{ ...column, categories, labels: categories }]), parquet, { keys: [] });
    expect(summary.preview.map(({ city_out }) => city_out)).toEqual(['a', 'a\0', 'a\0b']);
  });

  test('are a thousand as well as three', async () => {
    const categories = Array.from({ length: 1000 }, (_, index) => `c'${index}`);
    const csv = await file('many.csv', `city\nc'999\nc'0\n`);
    const summary = await run(echoModel([{ name: 'city', type: 'int64', categories, labels: categories }]), csv);
    expect(summary.preview).toEqual([{ city_out: "c'999" }, { city_out: "c'0" }]);
  });
});

describe('columns', () => {
  test('match ignoring case, and through a map', async () => {
    const csv = await file('map.csv', 'Years,AGE\n3,4\n');
    expect((await run(ages, csv)).preview).toEqual([{ Years: '3', age_out: 4 }]);
    expect((await run(ages, csv, { map: { years: 'age' } })).preview).toEqual([{ AGE: '4', age_out: 3 }]);
    await expect(run(ages, csv, { map: { nope: 'age' } })).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
    await expect(run(ages, csv, { map: { Years: 'nope' } })).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
  });

  test('that are missing or mistyped are all listed, with what may have been meant', async () => {
    const parquet = at('mistyped.parquet');
    await sql(`COPY (SELECT 'x' AS age, 1 AS heigth, 1 AS city, [1] AS list) TO '${parquet}'`);
    const model = echoModel([
      { name: 'age', type: 'float' },
      { name: 'height', type: 'float' },
      { name: 'city', type: 'int64', categories: ['x'] },
      { name: 'list', type: 'float' },
    ]);
    await expect(run(model, parquet)).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      details: {
        complaints: [
          'age (real) is VARCHAR in the data',
          'height (real) is missing (did you mean heigth?)',
          'city (text) is INTEGER in the data',
          'list (real) is INTEGER[] in the data',
        ],
      },
    });
  });
});

describe('output', () => {
  test('has the keys, the decoded labels and a name of its own where a key has it', async () => {
    const csv = await file('keys.csv', 'id,age,age_out,note\n007,1,x,"a, b"\n8,0,y,\n');
    const labelled = echoModel([{ name: 'age', type: 'int64', labels: ['no', "y'es"] }]);
    const output = { file: at('keys-out.csv') };
    const summary = await run(labelled, csv, { output });
    expect(await readFile(output.file, 'utf8')).toBe(`id,age_out,note,age_out_predicted\n007,x,"a, b",y'es\n8,y,,no\n`);
    expect(summary).toMatchObject({ rows: 2, output: output.file });
    await run(labelled, csv, { output, keys: ['ID'] });
    expect(await readFile(output.file, 'utf8')).toBe("id,age_out\n007,y'es\n8,no\n");
    await expect(run(labelled, csv, { output, keys: ['nope'] })).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
  });

  test('has typed keys in Parquet, as far as the rows allow', async () => {
    const late = Array.from({ length: 30_000 }, (_, index) => `${index},${index},1`).join('\n');
    const csv = await file('typed.csv', `id,code,age\n${late}\n30000,K,1\n`);
    const output = { file: at('typed.parquet') };
    await run(ages, await file('short.csv', 'id,code,age\n1,007,1\n'), { output });
    expect(await sql(`SELECT * FROM '${output.file}'`)).toEqual([{ id: '1', code: '007', age_out: 1 }]);
    expect((await run(ages, csv, { output })).rows).toBe(30_001);
    expect(await sql(`SELECT code FROM '${output.file}' WHERE code = 'K'`)).toEqual([{ code: 'K' }]);
  });

  test('keeps rows and keys together, in order, over many batches', async () => {
    const parquet = at('order.parquet');
    await sql(
      `COPY (SELECT r AS id, (r % 100003)::FLOAT AS age FROM range(300000) t(r)) TO '${parquet}' (ROW_GROUP_SIZE 5000)`,
    );
    const output = { file: at('order-out.parquet') };
    const seen: number[] = [];
    const onProgress = ({ rows }: { rows: number }) => seen.push(rows);
    expect((await run(ages, parquet, { output, onProgress })).rows).toBe(300_000);
    expect(seen.at(-1)).toBe(300_000);
    expect(
      await sql(`SELECT count(*)::INT AS n, count(*) FILTER (age_out <> id % 100003 OR id <> file_row_number)::INT AS bad
        FROM read_parquet('${output.file}', file_row_number = true)`),
    ).toEqual([{ n: 300_000, bad: 0 }]);
  });

  test('of a view is that of one reading', async () => {
    const database = at('views.duckdb');
    await sql(
      `ATTACH '${database}' AS d`,
      'CREATE VIEW d.shuffled AS SELECT r AS id, r::FLOAT AS age FROM range(50000) t(r) ORDER BY random()',
      'SELECT 1',
    );
    const output = { file: at('shuffled.parquet') };
    await run(ages, 'table:shuffled', { database, output });
    expect(await sql(`SELECT count(*)::INT AS bad FROM '${output.file}' WHERE age_out <> id`)).toEqual([{ bad: 0 }]);
  });

  test('goes into a table, of the same database too', async () => {
    const database = at('tables.duckdb');
    await sql(`ATTACH '${database}' AS d`, 'CREATE TABLE d.people AS SELECT 1 AS id, 41 AS age', 'SELECT 1');
    const output = { table: 'scored "x"', database };
    expect((await run(ages, 'table:people', { database, output })).output).toBe(`duckdb:${database}#scored "x"`);
    const rows = async () => sql(`ATTACH '${database}' AS d (READ_ONLY)`, 'SELECT * FROM d."scored ""x"""');
    expect(await rows()).toEqual([{ id: 1, age_out: 41 }]);
    await expect(run(ages, 'table:people', { database, output })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    // To DuckDB the names of tables, and of views, are the same in any case.
    for (const table of [output.table.toUpperCase(), 'PEOPLE']) {
      const shouted = { ...output, table };
      await expect(run(ages, 'table:people', { database, output: shouted })).rejects.toMatchObject({
        code: 'FILE_EXISTS',
      });
    }
    await run(ages, 'table:people', { database, output: { ...output, ifExists: 'append' } });
    expect(await rows()).toHaveLength(2);
    await run(ages, 'table:people', { database, output: { ...output, ifExists: 'replace' } });
    expect(await rows()).toHaveLength(1);
  });

  test('of no rows is a file with its header', async () => {
    const output = { file: at('none-out.csv') };
    expect(await run(ages, await file('none.csv', 'id,age\n'), { output })).toMatchObject({ rows: 0, preview: [] });
    expect(await readFile(output.file, 'utf8')).toBe('id,age_out\n');
  });

  test('is not touched by a run that fails or is interrupted', async () => {
    const own = at('untouched');
    await writeFile(`${own}.csv`, 'what was there');
    const late = await file('late.csv', `age\n${'1\n'.repeat(100_000)}oops\n`);
    await expect(run(ages, late, { output: { file: `${own}.csv` } })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
    });
    const controller = new AbortController();
    const interrupted = run(ages, late, {
      output: { file: `${own}.csv` },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readFile(`${own}.csv`, 'utf8')).toBe('what was there');
    const table = { table: 't', database: `${own}.duckdb` };
    await expect(run(ages, late, { output: table })).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
    expect((await readdir(folder)).filter((name) => name.includes('untouched'))).toEqual(['untouched.csv']);
    await expect(run(ages, late, { output: { file: at('out.xlsx') } })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

test.each([
  ['made', '1.30.0'],
  ['made', '1.12.1'],
  ['foreign', '1.30.0'],
] as const)('a graph that was %s gets its own columns in %s', async (origin, runtime) => {
  const csv = await file('several.csv', 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n');
  const types = { a: 'float', b: 'int64', c: 'double' } as const;
  const model = echoModel(Object.entries(types).map(([name, type]) => ({ name, type })));
  expect((await run(model, csv, { origin, runtime })).preview).toEqual([
    { a_out: 1, b_out: 2, c_out: 3 },
    { a_out: 4, b_out: 5, c_out: 6 },
    { a_out: 7, b_out: 8, c_out: 9 },
  ]);
});

test.each(['made', 'foreign'] as const)('a %s graph for one row at a time scores all of them', async (origin) => {
  const csv = await file('single.csv', 'age\n1\n2\n3\n');
  const single = echoModel([{ name: 'age', type: 'float' }], 0, 1);
  expect((await run(single, csv, { origin })).preview).toEqual([{ age_out: 1 }, { age_out: 2 }, { age_out: 3 }]);
});

test('a thousand columns of many rows', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
  const parquet = at('wide.parquet');
  await sql(
    `COPY (SELECT ${names.map((name, i) => `(r + ${i})::FLOAT AS ${name}`)} FROM range(9000) t(r)) TO '${parquet}'`,
  );
  const output = { file: at('wide-out.parquet') };
  const model = echoModel(names.map((name) => ({ name, type: 'float' })));
  expect((await run(model, parquet, { output })).rows).toBe(9000);
  const wrong = names.map((name, i) => `${name}_out <> file_row_number + ${i}`).join(' OR ');
  expect(
    await sql(`SELECT count(*)::INT AS bad FROM read_parquet('${output.file}', file_row_number = true) WHERE ${wrong}`),
  ).toEqual([{ bad: 0 }]);
});

test('doubles come back bit for bit from CSV and JSON', async () => {
  const model = echoModel([{ name: 'x', type: 'double' }]);
  const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(doubles, async (values) => {
      const csv = await run(model, await file('doubles.csv', `x\n${values.join('\n')}\n`));
      const json = await run(model, await file('doubles.json', JSON.stringify(values.map((x) => ({ x })))));
      for (const { preview } of [csv, json])
        expect(preview.map(({ x_out }) => Number(x_out) + 0)).toEqual(values.map((x) => x + 0));
    }),
    { numRuns: 15 },
  );
});

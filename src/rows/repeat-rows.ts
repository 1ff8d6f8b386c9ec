/** A file of many rows from one of few: for demonstrations and benchmarks. */

import path from 'node:path';
import { makeFolder, replaceWhole } from '../files/write-whole.js';
import { openDuckdb } from './duckdb.js';
import { text } from './duckdb-text.js';
import { openSource } from './source.js';

/** Writes `count` rows as Parquet: those of `source`, again and again, types as DuckDB reads them from a CSV. */
export async function repeatRows(source: string, file: string, count: number): Promise<void> {
  await makeFolder(path.dirname(file));
  const duckdb = await openDuckdb();
  try {
    const { kind, relation } = await openSource(duckdb, source);
    const rows = kind === 'csv' ? `read_csv(${text(path.resolve(source))}, header = true)` : relation;
    const [counted] = await duckdb.rows(`SELECT count(*) AS n FROM ${rows}`);
    const times = Math.ceil(count / Math.max(1, Number(counted?.n ?? 1)));
    const select = `SELECT r.* FROM range(${times}) AS again, ${rows} AS r LIMIT ${count}`;
    await replaceWhole(file, (temporary) =>
      duckdb.connection.run(`COPY (${select}) TO ${text(path.resolve(temporary))} (FORMAT parquet)`),
    );
  } finally {
    await duckdb.close();
  }
}

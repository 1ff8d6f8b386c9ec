/** A file of many rows from one of few: for demonstrations and benchmarks. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { text } from './duckdb-text.js';
import { openEngine } from './engine.js';
import { openSource } from './source.js';

/** Writes `count` rows as Parquet: those of `source`, again and again, types as DuckDB reads them from a CSV. */
export async function repeatRows(source: string, file: string, count: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const engine = await openEngine();
  try {
    const { kind, relation } = await openSource(engine, source);
    const rows = kind === 'csv' ? `read_csv(${text(path.resolve(source))}, header = true)` : relation;
    const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${rows}`);
    const times = Math.ceil(count / Math.max(1, Number(counted?.n ?? 1)));
    await engine.connection.run(
      `COPY (SELECT r.* FROM range(${times}) AS again, ${rows} AS r LIMIT ${count}) TO ${text(path.resolve(file))} (FORMAT parquet)`,
    );
  } finally {
    await engine.close();
  }
}

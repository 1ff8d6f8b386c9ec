/** A result as a table of a DuckDB file: made in one transaction. */

import { rm, stat } from 'node:fs/promises';
import { PredictableError } from '../../errors.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier, text } from '../../rows/duckdb-text.js';

export interface TableOutput {
  table: string;
  /** A DuckDB file, which is made when it is missing. */
  database: string;
  /** What to do when the table is there already; `error` by default. */
  ifExists?: 'error' | 'replace' | 'append';
}

export interface TableTarget {
  write(select: string): Promise<void>;
  /** Removes the file when this run made it. */
  abandon(): Promise<void>;
}

/** Opens the database for writing, so that one that is locked, or has the table, is noticed before any work. */
export async function openTableTarget(
  duckdb: Duckdb,
  { table, database, ifExists = 'error' }: TableOutput,
): Promise<TableTarget> {
  if (table.trim() === '')
    throw new PredictableError('USAGE', '--into takes the name of a table', { hint: 'Name one.' });
  const existed = await exists(database);
  const catalog = await duckdb.attach(database, 'write');
  const name = `${catalog}.${identifier(table)}`;
  // DuckDB's names ignore case: "FLOWERS" would take the place of "flowers".
  const known = await duckdb.rows(
    `SELECT t FROM (
       SELECT table_name AS t, database_name AS d, schema_name AS s FROM duckdb_tables()
       UNION ALL SELECT view_name, database_name, schema_name FROM duckdb_views()
     ) WHERE d = ${text(catalog)} AND s = 'main' AND lower(t) = lower(${text(table)})`,
  );
  if (known.length > 0 && ifExists === 'error') {
    throw new PredictableError('FILE_EXISTS', `${database} already has a table ${String(known[0]?.t)}`, {
      hint: 'Choose another name, or drop the table first.',
      details: { table, database },
    });
  }
  const append = known.length > 0 && ifExists === 'append';
  return {
    async write(select) {
      const made = ifExists === 'replace' ? 'CREATE OR REPLACE TABLE' : 'CREATE TABLE';
      const into = append ? `INSERT INTO ${name} BY NAME` : `${made} ${name} AS`;
      await duckdb.connection.run(`${into} ${select}`);
    },
    async abandon() {
      if (existed) return;
      await duckdb.detach(database);
      await rm(database, { force: true });
      await rm(`${database}.wal`, { force: true });
    },
  };
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

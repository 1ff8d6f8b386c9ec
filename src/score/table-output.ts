/** A result as a table of a DuckDB file: made in one transaction. */

import { rm, stat } from 'node:fs/promises';
import { PredictableError } from '../errors.js';
import { identifier, text } from '../rows/duckdb-text.js';
import type { Engine } from '../rows/engine.js';

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
  engine: Engine,
  { table, database, ifExists = 'error' }: TableOutput,
): Promise<TableTarget> {
  const existed = await exists(database);
  const catalog = await engine.attach(database, 'write');
  const name = `${catalog}.${identifier(table)}`;
  const known = await engine.rows(
    `SELECT 1 FROM duckdb_tables()
     WHERE database_name = ${text(catalog)} AND schema_name = 'main' AND table_name = ${text(table)}`,
  );
  if (known.length > 0 && ifExists === 'error') {
    throw new PredictableError('FILE_EXISTS', `${database} already has a table ${table}`, {
      hint: 'Choose another name, or drop the table first.',
      details: { table, database },
    });
  }
  const append = known.length > 0 && ifExists === 'append';
  return {
    async write(select) {
      const into = append ? `INSERT INTO ${name} BY NAME` : `CREATE OR REPLACE TABLE ${name} AS`;
      await engine.connection.run(`${into} ${select}`);
    },
    async abandon() {
      if (existed) return;
      await engine.detach(database);
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

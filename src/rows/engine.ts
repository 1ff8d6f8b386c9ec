/** An in-memory DuckDB that reads files and tables; loaded only when rows are needed, since its import takes 0.13 s. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { text } from './duckdb-text.js';

/** Enough for the reader's buffers and a sort that spills; DuckDB's own default, 80 % of the machine, is no bound. */
const MEMORY_LIMIT = '1GB';

export interface EngineOptions {
  /** DuckDB's notation, e.g. `512MB`. */
  memoryLimit?: string;
  threads?: number;
}

export interface Engine {
  readonly connection: DuckDBConnection;
  /** A folder for what does not fit into memory; it goes when the engine is closed. */
  readonly scratch: string;
  /** Another connection to the same database, e.g. to write while a result is being streamed. */
  connect(): Promise<DuckDBConnection>;
  /** All rows of a small result. */
  rows(sql: string): Promise<Record<string, DuckDBValue>[]>;
  /** A number that this engine has not given before: for names of catalogs and tables. */
  nextName(): number;
  close(): Promise<void>;
}

export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const scratch = await mkdtemp(path.join(tmpdir(), 'predictable-'));
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: options.memoryLimit ?? MEMORY_LIMIT });
  const connection = await instance.connect();
  const connections = [connection];
  let names = 0;
  await connection.run(`SET temp_directory = ${text(scratch)}`);
  if (options.threads !== undefined) await connection.run(`SET threads = ${options.threads}`);
  return {
    connection,
    scratch,
    async connect() {
      const another = await instance.connect();
      connections.push(another);
      return another;
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowObjects();
    },
    nextName: () => ++names,
    async close() {
      for (const open of connections) open.closeSync();
      instance.closeSync();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

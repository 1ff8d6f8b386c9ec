/** An in-memory DuckDB that reads files and tables; loaded only when rows are needed, since its import takes 0.13 s. */

import path from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { fileError, PredictableError } from '../errors.js';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import { text } from './duckdb-text.js';

/** Enough for the reader's buffers and a sort that spills; DuckDB's own default, 80 % of the machine, is no bound. */
const MEMORY_LIMIT = '1GB';

interface DuckdbOptions {
  /** DuckDB's notation, e.g. `512MB`. */
  memoryLimit?: string;
  threads?: number;
}

export interface Duckdb {
  readonly connection: DuckDBConnection;
  /** A folder for what does not fit into memory; it goes when the engine is closed. */
  readonly scratch: string;
  /** Another connection to the same database, e.g. to write while a result is being streamed. */
  connect(): Promise<DuckDBConnection>;
  /** All rows of a small result. */
  rows(sql: string): Promise<Record<string, DuckDBValue>[]>;
  /** A number that this engine has not given before: for names of catalogs and tables. */
  nextName(): number;
  /**
   * The catalog of a DuckDB file, which is opened once: for writing if the first to ask wants to write.
   * Throws REGISTRY_LOCKED, UNKNOWN_FORMAT.
   */
  attach(file: string, access: 'read' | 'write'): Promise<string>;
  detach(file: string): Promise<void>;
  close(): Promise<void>;
}

export async function openDuckdb(options: DuckdbOptions = {}): Promise<Duckdb> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const scratch = temporaryFolder('duckdb');
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: options.memoryLimit ?? MEMORY_LIMIT });
  const connection = await instance.connect();
  const connections = [connection];
  const catalogs = new Map<string, string>();
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
      const result = await connection.runAndReadAll(sql);
      const names = result.deduplicatedColumnNames();
      // DuckDB's own row objects lack a column called `__proto__`.
      return result.getRows().map((row) => Object.fromEntries(row.map((value, column) => [names[column], value])));
    },
    nextName: () => ++names,
    async attach(file, access) {
      const key = path.resolve(file);
      const known = catalogs.get(key);
      if (known !== undefined) return known;
      const catalog = `file_${++names}`;
      await attachFile(connection, file, catalog, access);
      catalogs.set(key, catalog);
      return catalog;
    },
    async detach(file) {
      const catalog = catalogs.get(path.resolve(file));
      if (catalog === undefined) return;
      await connection.run(`DETACH ${catalog}`);
      catalogs.delete(path.resolve(file));
    },
    async close() {
      for (const open of connections) open.closeSync();
      instance.closeSync();
      await removeTemporary(scratch);
    },
  };
}

async function attachFile(
  connection: DuckDBConnection,
  file: string,
  catalog: string,
  access: 'read' | 'write',
): Promise<void> {
  const mode = access === 'read' ? ', READ_ONLY' : '';
  try {
    await connection.run(`ATTACH ${text(path.resolve(file))} AS ${catalog} (TYPE duckdb${mode})`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes('lock')) {
      const holder = /PID \d+/.exec(message)?.[0] ?? 'another process';
      throw new PredictableError('REGISTRY_LOCKED', `${file} is open in another program (${holder})`, {
        hint: 'Close the program that has it open, then run it again.',
        cause: error,
      });
    }
    const refused = fileError(error, file);
    if (refused !== undefined) throw refused;
    throw new PredictableError('UNKNOWN_FORMAT', `${file} cannot be opened: ${message.split('\n')[0]}`, {
      hint: 'It must be a DuckDB file, written by a version that this one can read.',
      cause: error,
    });
  }
}

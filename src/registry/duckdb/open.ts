/** One DuckDB file, opened only for as long as one method of the registry takes, so that processes can take turns. */

import { link, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PredictableError } from '../../errors.js';
import { draftBeside, forgetDraft } from '../../files/draft.js';
import { mustNotBeSpecial } from '../../files/ordinary.js';
import { text } from '../../rows/duckdb-text.js';
import { damaged, isLock, registryError } from './errors.js';
import { migrate, schemaVersion } from './schema.js';

export interface DatabaseFile {
  file: string;
  readOnly: boolean;
  /** Milliseconds to wait for another process. */
  patience: number;
}

/** A file holds `DUCK` after an 8-byte checksum. DuckDB itself would open a CSV as a database without a word. */
const MAGIC = 'DUCK';
const MAGIC_OFFSET = 8;
const RETRY_EVERY = 50;
const CATALOG = 'registry_file';
/** A part of a model is 4 MiB; the rest is DuckDB's own. */
const MEMORY_LIMIT = '512MB';
/** A checkpoint between the parts of a model would keep them in memory; one comes when the file is closed. */
const CHECKPOINT_FROM = '1GB';

/** What a method does while the file is open. Null when there is no file yet, or none of our tables in it. */
export async function reading<T>(
  database: DatabaseFile,
  act: (connection: DuckDBConnection) => Promise<T>,
): Promise<T | null> {
  return inTurn(database.file, async () => {
    if (!(await exists(database.file))) return null;
    return connected(database, 'READ_ONLY', async (connection) =>
      (await schemaVersion(connection)) === 0 ? null : act(connection),
    );
  });
}

/** Runs `act` in one transaction, in a file that is made when it is missing. */
export async function writing<T>(
  database: DatabaseFile,
  act: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  if (database.readOnly) {
    throw new PredictableError('PERMISSION_DENIED', `${database.file} was opened for reading only`, {
      hint: 'Open the registry without readOnly.',
    });
  }
  return inTurn(database.file, async () => {
    if (!(await exists(database.file))) await create(database);
    return connected(database, 'READ_WRITE', (connection) =>
      transaction(connection, async () => {
        await migrate(connection);
        return act(connection);
      }),
    );
  });
}

/** Turns within this process, by file: the lock on a file holds between processes only, and a second opening drops it. */
const turns = new Map<string, Promise<unknown>>();

async function inTurn<T>(file: string, act: () => Promise<T>): Promise<T> {
  const key = path.resolve(file);
  const turn = (turns.get(key) ?? Promise.resolve()).then(act, act);
  turns.set(key, turn);
  try {
    return await turn;
  } catch (error) {
    throw await registryError(file, error);
  } finally {
    if (turns.get(key) === turn) turns.delete(key);
  }
}

async function exists(file: string): Promise<boolean> {
  const status = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (status?.isDirectory() === true) throw damaged(file, 'it is a folder');
  for (const part of [file, `${file}.wal`]) await mustNotBeSpecial(part);
  return status !== null;
}

/** Made whole beside its place and then linked there: a killed process leaves no half-made registry. */
async function create(database: DatabaseFile): Promise<void> {
  const { file } = database;
  const draft = draftBeside(file);
  try {
    await connected({ ...database, file: draft }, 'CREATE', (connection) =>
      transaction(connection, () => migrate(connection)),
    );
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker: its registry is as good.
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.wal`, { force: true });
    forgetDraft(draft);
  }
}

async function connected<T>(
  { file, patience }: DatabaseFile,
  mode: 'READ_ONLY' | 'READ_WRITE' | 'CREATE',
  act: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  if (mode !== 'CREATE') await mustBeDatabase(file);
  const access = mode === 'READ_ONLY' ? ', READ_ONLY' : '';
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    checkpoint_threshold: CHECKPOINT_FROM,
    threads: '1',
  });
  try {
    const connection = await instance.connect();
    try {
      // Attached under a name of ours: opened by itself, predictable.duckdb would be a catalog of the schema's name.
      await patiently(patience, () =>
        connection.run(`ATTACH ${text(path.resolve(file))} AS ${CATALOG} (TYPE duckdb${access})`),
      );
      await connection.run(`USE ${CATALOG}`);
      return await act(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function mustBeDatabase(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(MAGIC_OFFSET + MAGIC.length);
    await handle.read(start, 0, start.length, 0);
    if (start.toString('latin1', MAGIC_OFFSET) !== MAGIC) throw damaged(file, 'it is not a DuckDB file');
  } finally {
    await handle.close();
  }
}

async function patiently<T>(patience: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLock(error) || Date.now() >= deadline) throw error;
      await sleep(RETRY_EVERY);
    }
  }
}

async function transaction<T>(connection: DuckDBConnection, act: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  let result: T;
  try {
    result = await act();
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {
      // The first error says what went wrong; closing the file rolls back as well.
    });
    throw error;
  }
  await connection.run('COMMIT');
  return result;
}

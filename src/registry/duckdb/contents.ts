/** A model's bytes in the file: in parts, read one at a time, and always against their sha256. */

import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PredictableError } from '../../errors.js';
import { isDamage } from './errors.js';

/** Bounds what a part costs in DuckDB's and Node's memory together; a 90 MB model is 23 of them. */
const PART_BYTES = 4 * 2 ** 20;

/**
 * What one transaction writes, DuckDB holds three times until it is committed. Parts of larger models are committed one by
 * one, before the version that they belong to: without it they are nothing, and go when the next model is written.
 */
const LARGE_BYTES = 4 * PART_BYTES;
const DELETE_ABANDONED = `
  DELETE FROM predictable.contents AS c WHERE NOT EXISTS
    (SELECT 1 FROM predictable.models AS m WHERE m.name = c.name AND m.version = c.version)`;

interface StoredModel {
  name: string;
  version: number;
  sha256: string;
  bytes: number;
}

/** In a transaction of the caller's, which the version itself is written in afterwards. */
export async function writeContents(
  connection: DuckDBConnection,
  { name, version }: { name: string; version: number },
  bytes: Uint8Array,
): Promise<void> {
  const isLarge = bytes.length > LARGE_BYTES;
  await connection.run(DELETE_ABANDONED);
  const insert = await connection.prepare('INSERT INTO predictable.contents VALUES ($1, $2, $3, $4)');
  try {
    for (let part = 0; part * PART_BYTES < bytes.length; part++) {
      insert.bindVarchar(1, name);
      insert.bindInteger(2, version);
      insert.bindInteger(3, part);
      // Bound as it is: a value made of it would stay in native memory until it is collected.
      insert.bindBlob(4, bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
      await insert.run();
      if (isLarge) await connection.run('COMMIT; BEGIN TRANSACTION');
    }
  } finally {
    insert.destroySync();
  }
}

/** The bytes, or CHECKSUM_MISMATCH when they are not those that were registered. */
export async function readContents(connection: DuckDBConnection, model: StoredModel): Promise<Uint8Array> {
  const whole = new Uint8Array(model.bytes);
  await visitParts(connection, model, (data, offset) => whole.set(data, offset));
  return whole;
}

/** Throws CHECKSUM_MISMATCH; holds one part at a time. */
export async function checkContents(connection: DuckDBConnection, model: StoredModel): Promise<void> {
  await visitParts(connection, model, () => {});
}

async function visitParts(
  connection: DuckDBConnection,
  model: StoredModel,
  visit: (data: Uint8Array, offset: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  let offset = 0;
  try {
    const select = await connection.prepare(
      'SELECT data FROM predictable.contents WHERE name = $1 AND version = $2 AND part = $3',
    );
    for (let part = 0; offset < model.bytes; part++) {
      select.bind([model.name, model.version, part]);
      const chunk = await (await select.run()).fetchChunk();
      const data = chunk === null || chunk.rowCount !== 1 ? null : chunk.getColumnValues(0)[0];
      const bytes = blobBytes(data);
      if (bytes === null || bytes.length === 0 || offset + bytes.length > model.bytes) throw mismatch(model);
      visit(bytes, offset);
      hash.update(bytes);
      offset += bytes.length;
    }
    select.destroySync();
  } catch (error) {
    if (isDamage(error)) throw mismatch(model, error);
    throw error;
  }
  if (hash.digest('hex') !== model.sha256) throw mismatch(model);
}

function blobBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return null;
  return value.bytes instanceof Uint8Array ? value.bytes : null;
}

function mismatch({ name, version, sha256 }: StoredModel, cause?: unknown): PredictableError {
  return new PredictableError('CHECKSUM_MISMATCH', `the stored bytes of ${name}@${version} are not those registered`, {
    hint: 'Restore the registry from a copy, or remove this version and register its file again.',
    details: { name, version, sha256 },
    cause,
  });
}

/** The registry's tables, in a schema of their own, so that a user's tables may lie in the same file. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { PredictableError } from '../../errors.js';

/**
 * Each entry is one numbered step and is never changed once it is released. No keys or indexes: one process at a time
 * writes, each method looks before it writes, and DuckDB refuses to delete and insert the same key in one transaction.
 */
const MIGRATIONS: readonly { version: number; statements: readonly string[] }[] = [
  {
    version: 1,
    statements: [
      // The last version given to a name: it outlives the versions, which are never given again.
      'CREATE TABLE predictable.names (name VARCHAR NOT NULL, last_version INTEGER NOT NULL)',
      `CREATE TABLE predictable.models (
         name VARCHAR NOT NULL, version INTEGER NOT NULL, sha256 VARCHAR NOT NULL, bytes BIGINT NOT NULL,
         target VARCHAR NOT NULL, description VARCHAR, signature VARCHAR NOT NULL, verification VARCHAR,
         provenance VARCHAR NOT NULL, created VARCHAR NOT NULL)`,
      // A model's bytes in parts, so that reading and checking hold one part at a time.
      'CREATE TABLE predictable.contents (name VARCHAR NOT NULL, version INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL)',
      'CREATE TABLE predictable.aliases (name VARCHAR NOT NULL, alias VARCHAR NOT NULL, version INTEGER NOT NULL)',
      `CREATE TABLE predictable.alias_events (
         event BIGINT NOT NULL, name VARCHAR NOT NULL, alias VARCHAR NOT NULL, version INTEGER, previous INTEGER,
         action VARCHAR NOT NULL, happened VARCHAR NOT NULL)`,
    ],
  },
];

const SCHEMA_VERSION = MIGRATIONS.length;

/** The version of the tables in this file; 0 when it has none. */
export async function schemaVersion(connection: DuckDBConnection): Promise<number> {
  const known = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_tables() WHERE schema_name = 'predictable' AND table_name = 'schema_version'`,
  );
  if (known.currentRowCount === 0) return 0;
  const newest = await connection.runAndReadAll('SELECT max(version) AS version FROM predictable.schema_version');
  const version = Number(newest.getRowObjects()[0]?.version ?? 0);
  if (version <= SCHEMA_VERSION) return version;
  throw new PredictableError('USAGE', `this registry was written by a newer predictable (schema ${version})`, {
    hint: `This one knows schema ${SCHEMA_VERSION}: update it.`,
    details: { version, known: SCHEMA_VERSION },
  });
}

/** Brings the tables up to date; all of it or nothing, inside the caller's transaction. */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  const current = await schemaVersion(connection);
  if (current === SCHEMA_VERSION) return;
  await connection.run('CREATE SCHEMA IF NOT EXISTS predictable');
  await connection.run(
    'CREATE TABLE IF NOT EXISTS predictable.schema_version (version INTEGER NOT NULL, applied VARCHAR NOT NULL)',
  );
  for (const { version, statements } of MIGRATIONS.slice(current)) {
    for (const statement of statements) await connection.run(statement);
    await connection.run('INSERT INTO predictable.schema_version VALUES ($1, $2)', [version, new Date().toISOString()]);
  }
}

/** Aliases: where each points now, and the append-only history of where it pointed. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { type AliasEvent, aliasEventSchema } from '../documents.js';

const eventSchema = aliasEventSchema.extend({
  // A file has no logins.
  by: z.null().default(null),
});

/** The version that the alias points to, or null. */
export async function aliasVersion(connection: DuckDBConnection, name: string, alias: string): Promise<number | null> {
  const result = await connection.runAndReadAll(
    'SELECT version FROM predictable.aliases WHERE name = $1 AND alias = $2',
    [name, alias],
  );
  const version = result.getRowObjects()[0]?.version;
  return version === undefined || version === null ? null : Number(version);
}

/** Puts the alias on the version and writes that down; nothing when it is there already. */
export async function moveAlias(
  connection: DuckDBConnection,
  name: string,
  alias: string,
  version: number,
  action: AliasEvent['action'],
): Promise<void> {
  const previous = await aliasVersion(connection, name, alias);
  if (previous === version) return;
  await connection.run(
    previous === null
      ? 'INSERT INTO predictable.aliases VALUES ($1, $2, $3)'
      : 'UPDATE predictable.aliases SET version = $3 WHERE name = $1 AND alias = $2',
    [name, alias, version],
  );
  await connection.run(
    `INSERT INTO predictable.alias_events
     SELECT coalesce(max(event), 0) + 1, $1, $2, $3, $4, $5, $6 FROM predictable.alias_events`,
    [name, alias, version, previous, action, new Date().toISOString()],
  );
}

/** Newest first. */
export async function aliasEvents(connection: DuckDBConnection, name: string, alias?: string): Promise<AliasEvent[]> {
  const result = await connection.runAndReadAll(
    `SELECT alias, version, previous, action, happened AS "at" FROM predictable.alias_events
     WHERE name = $1 AND ($2 IS NULL OR alias = $2) ORDER BY event DESC`,
    [name, alias ?? null],
  );
  return result.getRowObjects().map((row) => eventSchema.parse(row));
}

/** Aliases: where each points now, and the append-only log of where it pointed. */

import { z } from 'zod';
import { int, nvarchar, varchar } from '../../server/parameters.js';
import type { StatementPlace } from '../../sql/registry-tables.js';
import { type AliasEvent, aliasEventSchema } from '../documents.js';
import type { Store } from './store.js';

const eventSchema = aliasEventSchema.extend({ at: z.date().transform((date) => date.toISOString()) });

export function aliasStatements({ tables: { aliases, events }, dialect: { login } }: StatementPlace) {
  const columns = '[alias], [version], [previous], [action], [happened_at] AS [at], [happened_by] AS [by]';
  const logRow = (
    version: string,
    previous: string,
    action: string,
  ) => `INSERT INTO ${events} ([name], [alias], [version], [previous], [action], [happened_at], [happened_by])
SELECT @name, @alias, ${version}, ${previous}, ${action}, SYSUTCDATETIME(), ${login};`;
  return {
    version: `SELECT [version] FROM ${aliases} WHERE [name] = @name AND [alias] = @alias;`,
    insert: `INSERT INTO ${aliases} ([name], [alias], [version]) VALUES (@name, @alias, @version);`,
    update: `UPDATE ${aliases} SET [version] = @version WHERE [name] = @name AND [alias] = @alias;`,
    log: logRow('@version', '@previous', '@action'),
    logRow,
    events: `SELECT ${columns} FROM ${events} WHERE [name] = @name ORDER BY [event_id] DESC;`,
  } as const;
}

/** The version that the alias points to, or null. */
export async function aliasVersion(store: Store, name: string, alias: string): Promise<number | null> {
  const [row] = await store.session.query(aliasStatements(store).version, {
    name: nvarchar(name, 128),
    alias: nvarchar(alias, 128),
  });
  return row === undefined ? null : Number(row.version);
}

/** Puts the alias on the version and writes that down; nothing when it is there already. */
export async function moveAlias(
  store: Store,
  move: { name: string; alias: string; version: number; action: AliasEvent['action'] },
): Promise<void> {
  const statements = aliasStatements(store);
  const previous = await aliasVersion(store, move.name, move.alias);
  if (previous === move.version) return;
  const parameters = {
    name: nvarchar(move.name, 128),
    alias: nvarchar(move.alias, 128),
    version: int(move.version),
  };
  await store.session.query(previous === null ? statements.insert : statements.update, parameters);
  await store.session.query(statements.log, {
    ...parameters,
    previous: int(previous),
    action: varchar(move.action, 16),
  });
}

/** Newest first. */
export async function aliasEvents(store: Store, name: string): Promise<AliasEvent[]> {
  const rows = await store.session.query(aliasStatements(store).events, { name: nvarchar(name, 128) });
  return rows.map((row) => eventSchema.parse(row));
}

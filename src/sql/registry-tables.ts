/** The registry's tables on a server, by name: one that the official quickstart knows, and those beside it. */

import { parseName, quoteIdentifier, quoteName } from '../server/names.js';
import type { Dialect } from './dialect.js';

/** Names as T-SQL writes them, quoted. */
export interface Tables {
  schema: string;
  models: string;
  names: string;
  aliases: string;
  events: string;
  dictionaries: string;
  versions: string;
}

/** What the text of a statement depends on. */
export interface StatementPlace {
  tables: Tables;
  dialect: Dialect;
}

/** The collation of names and text that must match as Python matches: case and accents count. */
export const BINARY = 'COLLATE Latin1_General_100_BIN2';

export function tablesOf(schema: string, table: string): Tables {
  const beside = (suffix: string) => quoteName([schema, `${table}_${suffix}`]);
  return {
    schema,
    models: quoteName([schema, table]),
    names: beside('names'),
    aliases: beside('aliases'),
    events: beside('alias_events'),
    dictionaries: beside('dictionaries'),
    versions: beside('schema_versions'),
  };
}

/** `models`, `dbo.models` or `db.dbo.models`. */
export function registryTables(modelsTable: string): Tables {
  const parts = parseName(modelsTable);
  const tables = tablesOf(parts.at(-2) ?? 'dbo', parts.at(-1) ?? '');
  const before = parts.slice(0, -2).map((part) => `${quoteIdentifier(part)}.`);
  const { schema, ...names } = tables;
  const placed = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `${before.join('')}${name}`]));
  return { ...tables, ...placed, schema };
}

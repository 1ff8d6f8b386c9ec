/** The registry's tables from the name of the first of them, as a script reads them. */

import { type Tables, tablesOf } from '../registry/mssql/tables.js';
import { parseName, quoteIdentifier } from './quote.js';

/** `models`, `dbo.models` or `db.dbo.models`. */
export function registryTables(modelsTable: string): Tables {
  const parts = parseName(modelsTable);
  const tables = tablesOf(parts.at(-2) ?? 'dbo', parts.at(-1) ?? '');
  const before = parts.slice(0, -2).map((part) => `${quoteIdentifier(part)}.`);
  const { schema, ...names } = tables;
  const placed = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `${before.join('')}${name}`]));
  return { ...tables, ...placed, schema };
}

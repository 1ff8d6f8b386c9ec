/** The registry's tables on a server: one that the official quickstart knows, and those beside it. */

import type { Session } from '../../server/connection.js';
import type { Dialect } from '../../sql/dialect.js';
import { quoteName } from '../../sql/quote.js';

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

/** Where statements go, too: a transaction, or any connection. */
export interface Store extends StatementPlace {
  session: Session;
}

/** The collation of names and text that must match as Python matches: case and accents count. */
export const BINARY = 'COLLATE Latin1_General_100_BIN2';

/** The longest category or label that a dictionary holds: a script compares it with a character behind it, in nvarchar. */
export const LONGEST_VALUE = 3998;

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

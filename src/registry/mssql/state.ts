/** What there is of the registry's objects on a server. */

import { PredictableError } from '../../errors.js';
import type { Row } from '../../server/connection.js';
import { quoteText } from '../../server/names.js';
import type { StatementPlace } from '../../sql/registry-tables.js';
import { ADDED_COLUMNS, SCHEMA_VERSION, STUDIO_COLUMNS } from './schema.js';
import type { Store } from './store.js';

/** What there is, by the names of the query below: null where it is missing. */
export type State = Row;

const COLUMNS = [...new Set(['id', 'data', 'description', ...ADDED_COLUMNS.map(([name]) => name), ...STUDIO_COLUMNS])];

/** One query for all objects: OBJECT_ID and COL_LENGTH compare names as the database does. */
export function stateStatement({ tables }: StatementPlace): string {
  const { schema, ...named } = tables;
  const objects = Object.entries(named).map(([key, name]) => `OBJECT_ID(${quoteText(name)}, N'U') AS [table_${key}]`);
  const columns = COLUMNS.map(
    (name) => `COL_LENGTH(${quoteText(tables.models)}, ${quoteText(name)}) AS [column_${name}]`,
  );
  return `SELECT ${[`SCHEMA_ID(${quoteText(schema)}) AS [schema]`, ...objects, ...columns].join(',\n  ')};`;
}

export function versionStatement({ tables }: StatementPlace): string {
  return `SELECT MAX([version]) AS [version] FROM ${tables.versions};`;
}

/** 0 when there is none. `known`: the state, where it has just been read. */
export async function schemaVersion(store: Store, known?: State): Promise<number> {
  const state = known ?? (await readState(store));
  if (state.table_versions === null) return 0;
  const [row] = await store.session.query(versionStatement(store));
  const version = Number(row?.version ?? 0);
  if (version <= SCHEMA_VERSION) return version;
  throw new PredictableError('USAGE', `this registry was written by a newer predictable (schema ${version})`, {
    hint: `This one knows schema ${SCHEMA_VERSION}: update it.`,
    details: { version, known: SCHEMA_VERSION },
  });
}

export async function readState(store: Store): Promise<State> {
  const [state] = await store.session.query(stateStatement(store));
  if (state === undefined) throw new Error('the server says nothing about its objects');
  return state;
}

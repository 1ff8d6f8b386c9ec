/** The registry's objects on a server: what is there, what would be made, and making it. */

import { PredictableError } from '../../errors.js';
import type { Server, Session } from '../../server/connection.js';
import type { StatementPlace } from '../../sql/registry-tables.js';
import type { TargetId } from '../../targets/targets.js';
import type { Initialization } from '../registry.js';
import { adoptRows } from './adopt.js';
import { ADDED_COLUMNS, type Batch, migrations, recordMigration, SCHEMA_VERSION, STUDIO_COLUMNS } from './schema.js';
import { readState, type State, schemaVersion } from './state.js';
import type { Store } from './store.js';

/** Throws REGISTRY_NOT_INITIALIZED, and USAGE when a newer program made it. */
export async function mustBeInitialized(store: Store, place: string): Promise<void> {
  const version = await schemaVersion(store);
  if (version === SCHEMA_VERSION) return;
  const { tables } = store;
  const what = version === 0 ? `has no registry in ${tables.models}` : `has a registry of an older predictable`;
  throw new PredictableError('REGISTRY_NOT_INITIALIZED', `${place} ${what}`, {
    hint: 'predictable init says what it would create, and creates it; register does the same with --init.',
    details: { server: place, table: tables.models, version },
  });
}

/** What would be made or altered. */
export async function planInitialization(store: Store): Promise<Initialization> {
  const { changes } = await look(store);
  return { changes, adopted: [], left: [] };
}

/** In one transaction where the engine can; each batch looks before it acts, so that a second run goes on where one ended. */
export async function initialize(server: Server, store: Store, engine: TargetId): Promise<Initialization> {
  const { changes, version } = await look(store);
  const apply = (session: Session) => applyMigrations({ ...store, session });
  if (changes.length > 0 || version === 0) {
    if (store.dialect.transactionalDdl) await server.transaction(apply, { repeatable: true });
    else await apply(server);
  }
  return { changes, ...(await adoptRows(server, store, engine)) };
}

async function look(store: Store): Promise<{ changes: string[]; version: number }> {
  const state = await readState(store);
  mustBeKnown(store, state);
  const version = await schemaVersion(store, state);
  if (version === SCHEMA_VERSION) return { changes: [], version };
  const batches = migrations(store.tables, store.dialect).flatMap((migration) => migration.batches);
  return { changes: batches.flatMap((batch) => (isNeeded(batch, state) ? [batch.title] : [])), version };
}

async function applyMigrations(store: Store): Promise<void> {
  const { tables, dialect, session } = store;
  const current = await schemaVersion(store);
  for (const { version, batches } of migrations(tables, dialect)) {
    if (version <= current) continue;
    for (const { sql } of batches) await session.query(sql);
    await session.query(recordMigration(tables, dialect, version));
  }
}

/** Throws USAGE for a table of that name that is neither ours, nor the quickstart's, nor Azure Data Studio's. */
function mustBeKnown({ tables }: StatementPlace, state: State): void {
  const has = (name: string) => state[`column_${name}`] !== null;
  // With the table of versions beside it, it is ours, if only half made.
  if (state.table_models === null || state.table_versions !== null) return;
  const added = ADDED_COLUMNS.filter(([name]) => has(name)).length;
  const ours = added === ADDED_COLUMNS.length;
  const studio = added === 0 && STUDIO_COLUMNS.every(has);
  const quickstart = added === 0 && has('id') && has('data');
  if (ours || studio || quickstart) return;
  throw new PredictableError('USAGE', `${tables.models} is a table of something else: it was left as it is`, {
    hint: 'Choose another name or schema for the registry: ?table=… or ?schema=… in the address of the server.',
    details: { table: tables.models },
  });
}

function isNeeded({ needed }: Batch, state: State): boolean {
  return needed((name) => state[name] !== null && state[name] !== undefined);
}

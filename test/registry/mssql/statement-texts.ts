/** Every statement that the registry sends, and every script that it writes, by dialect: for snapshots and for the grammar. */

import { adoptionStatements } from '../../../src/registry/mssql/adopt.js';
import { aliasStatements } from '../../../src/registry/mssql/aliases.js';
import { contentStatements } from '../../../src/registry/mssql/contents.js';
import { migrations, recordMigration } from '../../../src/registry/mssql/schema.js';
import { promoteScript, rollbackScript } from '../../../src/registry/mssql/scripts/alias.js';
import { initScript, rolesScript } from '../../../src/registry/mssql/scripts/init.js';
import { registerScript, removeScript } from '../../../src/registry/mssql/scripts/register.js';
import type { ChangeScript } from '../../../src/registry/mssql/scripts/text.js';
import { stateStatement, versionStatement } from '../../../src/registry/mssql/state.js';
import { versionStatements } from '../../../src/registry/mssql/versions.js';
import type { RegisterRequest } from '../../../src/registry/registry.js';
import { ENGINE_QUERY } from '../../../src/server/engine.js';
import { DIALECTS, type Dialect } from '../../../src/sql/dialect.js';
import { type StatementPlace, tablesOf } from '../../../src/sql/registry-tables.js';
import { passed, request } from '../contract.js';

export type DialectId = Dialect['target'];
export const DIALECT_IDS = Object.keys(DIALECTS) as DialectId[];

export function placeOf(dialect: DialectId, schema = 'dbo', table = 'models'): StatementPlace {
  return { tables: tablesOf(schema, table), dialect: DIALECTS[dialect] };
}

export function statementTexts(place: StatementPlace): Record<string, string> {
  const { insertRow: _row, dictionary, ...contents } = contentStatements(place);
  const { logRow: _log, ...aliases } = aliasStatements(place);
  const batches = migrations(place.tables, place.dialect).flatMap((migration) => migration.batches);
  return {
    engine: ENGINE_QUERY,
    state: stateStatement(place),
    'schema version': versionStatement(place),
    ...Object.fromEntries(batches.map(({ title, sql }) => [`init: ${title}`, sql])),
    'init: record': recordMigration(place.tables, place.dialect, 1),
    ...prefixed('version', versionStatements(place.tables)),
    ...prefixed('alias', aliases),
    ...prefixed('contents', contents),
    'contents: dictionary of 2': dictionary(2),
    ...prefixed('adopt', adoptionStatements(place)),
  };
}

export function scriptTexts(
  place: StatementPlace,
  name = 'iris',
  alias = 'production',
  changes: Partial<RegisterRequest> = {},
): Record<string, string> {
  const asked = request('one', { name, alias, ...changes });
  const version = {
    ...asked,
    version: 3,
    sha256: 'ab'.repeat(32),
    bytes: 3,
    created: '',
    createdBy: null,
    aliases: [],
  };
  const scripts: Record<string, ChangeScript> = {
    init: initScript(place),
    register: registerScript(place, asked),
    'register without an alias': registerScript(place, {
      ...asked,
      alias: null,
      verification: null,
      description: null,
    }),
    promote: promoteScript(place, { name, version: 3, alias, allowSignatureChange: false }),
    'promote to other columns': promoteScript(place, { name, version: 3, alias, allowSignatureChange: true }),
    rollback: rollbackScript(place, { name, alias, from: 3, to: 2 }),
    remove: removeScript(place, { ...version, verification: passed }, asked.bytes),
  };
  return {
    ...Object.fromEntries(
      Object.entries(scripts).flatMap(([title, { apply, undo }]) => [
        [title, apply],
        [`${title}, undo`, undo],
      ]),
    ),
    roles: rolesScript(place),
  };
}

function prefixed(prefix: string, statements: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(statements).map(([key, sql]) => [`${prefix}: ${key}`, sql]));
}

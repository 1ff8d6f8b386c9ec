/** Scripts that make the registry's objects, take them away again, and give rights on them to roles. */

import { commentText, quoteIdentifier, quoteStatement, quoteText } from '../../../server/names.js';
import type { StatementPlace } from '../../../sql/registry-tables.js';
import { ROLES } from '../../../sql/roles.js';
import { message, throwIf } from '../../../sql/throw.js';
import { ADDED_COLUMNS, hasColumn, migrations, recordMigration } from '../schema.js';
import { block, type ChangeScript, head, SETTINGS, script, transaction } from './text.js';

export function initScript(place: StatementPlace): ChangeScript {
  const { tables, dialect } = place;
  const steps = migrations(tables, dialect).flatMap(({ version, batches }) => [
    ...batches.flatMap(({ title, sql }) => [`-- ${commentText(title)}`, sql]),
    recordMigration(tables, dialect, version),
  ]);
  const body = dialect.transactionalDdl ? transaction(steps) : steps;
  return {
    apply: script(...head([`Makes the registry ${tables.models}, or brings it up to date.`]), ...SETTINGS, ...body),
    undo: undoScript(place),
  };
}

/** Refused while there are models that were registered; a table that was there before stays, with the rows that it had. */
function undoScript({ tables, dialect }: StatementPlace): string {
  const { models, names, aliases, events, dictionaries, versions } = tables;
  const exists = hasColumn(models, 'name');
  const refusal = throwIf(
    `EXISTS (SELECT 1 FROM ${models} WHERE [name] IS NOT NULL AND [provenance] NOT LIKE N'{"adopted":true%')`,
    'inUse',
    message('the registry has models: remove them first'),
  ).join(' ');
  // In a string: the batch does not compile when the column is not there.
  const registered = `EXEC(${quoteStatement(refusal)});`;
  const steps = [
    ...block(exists, [
      registered,
      `DROP INDEX [predictable_name] ON ${models};`,
      ...ADDED_COLUMNS.map(([name]) => `ALTER TABLE ${models} DROP COLUMN ${quoteIdentifier(name)};`),
    ]),
    ...block(`OBJECT_ID(${quoteText(models)}, N'U') IS NOT NULL`, [
      `IF NOT EXISTS (SELECT 1 FROM ${models}) DROP TABLE ${models};`,
    ]),
    ...[names, aliases, events, dictionaries, versions].map(
      (table) => `IF OBJECT_ID(${quoteText(table)}, N'U') IS NOT NULL DROP TABLE ${table};`,
    ),
  ];
  return script(
    ...head([`Takes the registry ${models} away again, as long as it has no models.`]),
    ...SETTINGS,
    ...(dialect.transactionalDdl ? transaction(steps) : steps),
  );
}

/** A scorer gets EXECUTE on scoring procedures only, from the scripts that create them. Nobody may change the log of aliases. */
export function rolesScript({ tables, dialect }: StatementPlace): string {
  const { models, names, aliases, events, dictionaries, versions } = tables;
  const readable = [models, names, aliases, events, dictionaries, versions];
  const grant = (right: string, table: string, role: string) =>
    `GRANT ${right} ON OBJECT::${table} TO ${quoteIdentifier(role)};`;
  const { scorer, registrar, promoter } = ROLES;
  const steps = [
    ...[scorer, registrar, promoter].map(
      (role) =>
        `IF DATABASE_PRINCIPAL_ID(${quoteText(role)}) IS NULL EXEC(${quoteStatement(`CREATE ROLE ${quoteIdentifier(role)}`)});`,
    ),
    ...[registrar, promoter].flatMap((role) => readable.map((table) => grant('SELECT', table, role))),
    '-- registers versions; moves no alias',
    grant('INSERT', models, registrar),
    grant('UPDATE ([verification], [provenance])', models, registrar),
    grant('INSERT', names, registrar),
    grant('UPDATE', names, registrar),
    grant('INSERT', dictionaries, registrar),
    '-- moves aliases, each move into the log',
    grant('UPDATE', names, promoter),
    grant('INSERT', aliases, promoter),
    grant('UPDATE', aliases, promoter),
    grant('INSERT', events, promoter),
    ...[registrar, promoter].map((role) => `DENY UPDATE, DELETE ON OBJECT::${events} TO ${quoteIdentifier(role)};`),
  ];
  return script(
    ...head([`Roles over the registry ${models}; add members with ALTER ROLE … ADD MEMBER …`]),
    ...SETTINGS,
    ...(dialect.transactionalDdl ? transaction(steps) : steps),
  );
}

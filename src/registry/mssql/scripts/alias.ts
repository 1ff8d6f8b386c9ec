/** Scripts that move an alias: promote and rollback, and what takes a move back. */

import { quoteText } from '../../../server/names.js';
import type { StatementPlace } from '../../../sql/registry-tables.js';
import { message, throwIf } from '../../../sql/throw.js';
import { aliasStatements } from '../aliases.js';
import { block, type ChangeScript, declare, head, lockName, SETTINGS, script, transaction } from './text.js';

export interface Promotion {
  name: string;
  version: number;
  alias: string;
  allowSignatureChange: boolean;
}

export function promoteScript(
  place: StatementPlace,
  { name, version, alias, allowSignatureChange }: Promotion,
): ChangeScript {
  const variables = [
    ...aliasVariables(name, alias),
    declare('version', 'int', String(version)),
    declare('action', 'varchar(16)', "'promote'"),
  ];
  return {
    apply: script(
      ...head([`Points ${name}@${alias} to version ${version}.`]),
      ...SETTINGS,
      ...variables,
      ...transaction([
        ...lockName(place),
        ...mustExist(place, `${name}@${version}`),
        ...moveAlias(place, `${name}@${alias}`, allowSignatureChange),
      ]),
    ),
    undo: script(
      ...head([`Takes back: ${name}@${alias} to version ${version}.`]),
      ...SETTINGS,
      ...variables,
      ...transaction([...lockName(place), ...moveBack(place, `${name}@${alias}`)]),
    ),
  };
}

/** `from` and `to` were read when the script was written; it refuses to run when the alias has moved since. */
export function rollbackScript(
  place: StatementPlace,
  { name, alias, from, to }: { name: string; alias: string; from: number; to: number },
): ChangeScript {
  const move = (version: number, expected: number, action: string) => [
    ...SETTINGS,
    ...aliasVariables(name, alias),
    declare('version', 'int', String(version)),
    declare('action', 'varchar(16)', quoteText(action)),
    ...transaction([
      ...lockName(place),
      ...mustExist(place, `${name}@${version}`),
      `DECLARE @current int = (${current(place)});`,
      ...throwIf(
        `@current IS NULL OR @current NOT IN (${expected}, ${version})`,
        'moved',
        message(`${name}@${alias} points to another version than when this script was written: write it again`),
      ),
      ...moveAlias(place, `${name}@${alias}`, true),
    ]),
  ];
  return {
    apply: script(
      ...head([`Puts ${name}@${alias} back from version ${from} to version ${to}.`]),
      ...move(to, from, 'rollback'),
    ),
    undo: script(...head([`Takes back: ${name}@${alias} back to version ${to}.`]), ...move(from, to, 'promote')),
  };
}

export function aliasVariables(name: string, alias: string): string[] {
  return [declare('name', 'nvarchar(128)', quoteText(name)), declare('alias', 'nvarchar(128)', quoteText(alias))];
}

/** Puts @alias on @version and logs @action; nothing when it is there already. */
export function moveAlias(place: StatementPlace, title: string, allowSignatureChange: boolean): string[] {
  const { models } = place.tables;
  const statements = aliasStatements(place);
  const key = (version: string) =>
    `(SELECT m.[interface_sha256] FROM ${models} AS m WHERE m.[name] = @name AND m.[version] = ${version})`;
  return [
    `DECLARE @previous int = (${current(place)});`,
    ...(allowSignatureChange
      ? []
      : throwIf(
          `@previous IS NOT NULL AND ${key('@previous')} <> ${key('@version')}`,
          'signature',
          message(
            `SIGNATURE_CHANGED: the version behind ${title} has other columns. Write the script with --allow-signature-change when callers are ready for it.`,
          ),
        )),
    ...block('@previous IS NULL', [statements.insert]),
    ...block('@previous <> @version', [statements.update]),
    ...block('@previous IS NULL OR @previous <> @version', [statements.log]),
  ];
}

/** Puts @alias back where the log says it was before it came to @version; takes it away when it was nowhere. */
export function moveBack({ tables, dialect }: StatementPlace, title: string): string[] {
  const { aliases, events } = tables;
  const statements = aliasStatements({ tables, dialect });
  const log = (action: string) => statements.logRow('@before', '@version', `'${action}'`);
  return [
    `DECLARE @now int = (${current({ tables, dialect })});`,
    `DECLARE @before int = (SELECT TOP (1) [previous] FROM ${events} WHERE [name] = @name AND [alias] = @alias AND [version] = @version ORDER BY [event_id] DESC);`,
    ...throwIf(
      '@now IS NOT NULL AND @now <> @version AND (@before IS NULL OR @now <> @before)',
      'moved',
      message(`${title} has moved on since: take the later move back first`),
    ),
    ...block('@now = @version AND @before IS NOT NULL', [
      `UPDATE ${aliases} SET [version] = @before WHERE [name] = @name AND [alias] = @alias;`,
      log('rollback'),
    ]),
    ...block('@now = @version AND @before IS NULL', [
      `DELETE FROM ${aliases} WHERE [name] = @name AND [alias] = @alias;`,
      log('remove'),
    ]),
  ];
}

function current({ tables: { aliases } }: StatementPlace): string {
  return `SELECT a.[version] FROM ${aliases} AS a WHERE a.[name] = @name AND a.[alias] = @alias`;
}

function mustExist({ tables: { models } }: StatementPlace, title: string): string[] {
  const found = `SELECT 1 FROM ${models} AS m WHERE m.[name] = @name AND m.[version] = @version`;
  return throwIf(`NOT EXISTS (${found})`, 'missing', message(`${title} is not in this registry`));
}

/** Scripts that put a version into a registry, and that take one out: the bytes as literals, in parts. */

import { sha256Of } from '../../../files/sha256.js';
import { quoteText } from '../../../server/names.js';
import { bindingKey } from '../../../sql/binding-key.js';
import type { StatementPlace } from '../../../sql/registry-tables.js';
import { message, throwIf } from '../../../sql/throw.js';
import type { ModelVersion, RegisterRequest } from '../../registry.js';
import { interfaceKey } from '../../signature-change.js';
import { contentStatements, dictionaryEntries, mustHoldDictionary } from '../contents.js';
import { aliasVariables, moveAlias, moveBack } from './alias.js';
import {
  block,
  type ChangeScript,
  declare,
  head,
  lockName,
  SETTINGS,
  script,
  textOrNull,
  transaction,
} from './text.js';

/** Bytes of one literal. A batch of a client holds 256 MB of UTF-16; joining fewer, larger parts copies less. */
const PART_BYTES = 512 * 1024;
/** Rows of one INSERT into the dictionaries. */
const ROWS_AT_ONCE = 500;

type Contents = Pick<
  RegisterRequest,
  'name' | 'bytes' | 'target' | 'description' | 'signature' | 'verification' | 'provenance'
>;

export function registerScript(place: StatementPlace, request: RegisterRequest): ChangeScript {
  const { name, alias } = request;
  const sha256 = request.sha256 ?? sha256Of(request.bytes);
  const title = `${name}${alias === null ? '' : ` and points ${name}@${alias} to it`}`;
  const aliasLines =
    alias === null
      ? []
      : [declare('alias', 'nvarchar(128)', quoteText(alias)), declare('action', 'varchar(16)', "'register'")];
  return {
    apply: script(
      ...head([`Registers a version of ${title}.`, `sha256 of the model: ${sha256}`]),
      ...parts(request.bytes),
      ...SETTINGS,
      ...contentVariables(request, sha256),
      ...aliasLines,
      ...joinParts(name, sha256),
      ...transaction([
        ...lockName(place),
        `DECLARE @version int = (${versionBySha256(place)});`,
        ...block('@version IS NULL', [...insertContents(place, request), 'SET @version = @new_version;']),
        ...(alias === null ? [] : moveAlias(place, `${name}@${alias}`, request.allowSignatureChange)),
      ]),
      'SELECT @name AS [name], @version AS [version];',
      DROP_PARTS,
    ),
    undo: script(
      ...head([
        `Takes back: a version of ${title}.`,
        `Removes the version with these bytes: do not run it when they were registered before.`,
        `sha256 of the model: ${sha256}`,
      ]),
      ...SETTINGS,
      ...aliasVariables(name, alias ?? '').slice(0, alias === null ? 1 : 2),
      declare('sha256', 'char(64)', quoteText(sha256)),
      ...transaction([
        ...lockName(place),
        `DECLARE @version int = (${versionBySha256(place)});`,
        ...(alias === null ? [] : block('@version IS NOT NULL', moveBack(place, `${name}@${alias}`))),
        ...removeVersion(place, name),
      ]),
    ),
  };
}

/** `version` and its bytes were read when the script was written: the undo puts them back under the same number. */
export function removeScript(place: StatementPlace, version: ModelVersion, bytes: Uint8Array): ChangeScript {
  const { name, sha256 } = version;
  const title = `${name}@${version.version}`;
  const number = declare('version', 'int', `(${versionBySha256(place)} AND m.[version] = ${version.version})`);
  return {
    apply: script(
      ...head([`Removes ${title}.`, `sha256 of the model: ${sha256}`]),
      ...SETTINGS,
      declare('name', 'nvarchar(128)', quoteText(name)),
      declare('sha256', 'char(64)', quoteText(sha256)),
      ...transaction([...lockName(place), number, ...removeVersion(place, title)]),
    ),
    undo: script(
      ...head([`Takes back: the removal of ${title}.`, `sha256 of the model: ${sha256}`]),
      ...parts(bytes),
      ...SETTINGS,
      ...contentVariables({ ...version, bytes }, sha256),
      ...joinParts(name, sha256),
      ...transaction([
        ...lockName(place),
        number,
        ...block('@version IS NULL', insertContents(place, { ...version, bytes }, version.version)),
      ]),
      DROP_PARTS,
    ),
  };
}

/** A temporary table keeps the parts from batch to batch; a script that was cut fails at its sha256. */
function parts(bytes: Uint8Array): string[] {
  const count = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [
    "IF OBJECT_ID(N'tempdb..#predictable_parts') IS NOT NULL DROP TABLE #predictable_parts;",
    'CREATE TABLE #predictable_parts ([part] int NOT NULL PRIMARY KEY, [data] varbinary(max) NOT NULL);',
    'GO',
    ...Array.from({ length: count }, (_, part) => [
      `INSERT INTO #predictable_parts ([part], [data]) VALUES (${part + 1}, 0x${hex.toString('hex', part * PART_BYTES, (part + 1) * PART_BYTES)});`,
      'GO',
    ]).flat(),
  ];
}

const DROP_PARTS = 'DROP TABLE #predictable_parts;';

function joinParts(name: string, sha256: string): string[] {
  return [
    // Not from 0x on: there is an engine that takes that for four zeros.
    'DECLARE @data varbinary(max) = (SELECT [data] FROM #predictable_parts WHERE [part] = 1);',
    'DECLARE @part int = 2;',
    'WHILE @part <= (SELECT MAX([part]) FROM #predictable_parts)',
    'BEGIN',
    '    SET @data = @data + (SELECT [data] FROM #predictable_parts WHERE [part] = @part);',
    '    SET @part = @part + 1;',
    'END;',
    ...throwIf(
      `@data IS NULL OR HASHBYTES('SHA2_256', @data) <> 0x${sha256}`,
      'changed',
      message(`the bytes of ${name} in this script are not whole: write it again`),
    ),
  ];
}

function contentVariables(
  { name, bytes, target, description, signature, verification, provenance }: Contents,
  sha256: string,
): string[] {
  return [
    declare('name', 'nvarchar(128)', quoteText(name)),
    declare('sha256', 'char(64)', quoteText(sha256)),
    declare('bytes', 'bigint', String(bytes.length)),
    declare('target', 'varchar(32)', quoteText(target)),
    declare('description', 'nvarchar(max)', textOrNull(description)),
    declare('signature', 'nvarchar(max)', quoteText(JSON.stringify(signature))),
    declare('verification', 'nvarchar(max)', textOrNull(verification === null ? null : JSON.stringify(verification))),
    declare('provenance', 'nvarchar(max)', quoteText(JSON.stringify(provenance))),
    declare('interface_sha256', 'char(64)', quoteText(interfaceKey(signature))),
    declare('binding_sha256', 'char(64)', quoteText(bindingKey(signature))),
  ];
}

/** The program's own statement, and what it checks afterwards. `version`: under this number, not the next one. */
function insertContents(place: StatementPlace, { name, bytes, signature }: Contents, version?: number): string[] {
  const { models, names, dictionaries } = place.tables;
  const statements = contentStatements(place);
  mustHoldDictionary(signature);
  const entries = dictionaryEntries(signature);
  const chunks = Array.from({ length: Math.ceil(entries.length / ROWS_AT_ONCE) }, (_, chunk) =>
    entries.slice(chunk * ROWS_AT_ONCE, (chunk + 1) * ROWS_AT_ONCE),
  );
  const [number, insert] =
    version === undefined
      ? [
          `(SELECT n.[last_version] FROM ${names} AS n WHERE n.[name] = @name)`,
          [statements.count, statements.insertRow('n.[last_version]')],
        ]
      : [String(version), [statements.insertRow(String(version))]];
  return [
    ...insert,
    declare('new_version', 'int', number),
    declare('id', 'int', `(SELECT m.[id] FROM ${models} AS m WHERE m.[name] = @name AND m.[version] = @new_version)`),
    ...throwIf(
      `NOT EXISTS (SELECT 1 FROM ${models} AS m WHERE m.[id] = @id AND HASHBYTES('SHA2_256', m.[data]) = 0x${sha256Of(bytes)})`,
      'changed',
      message(`the stored bytes of ${name} are not those of this script`),
    ),
    ...chunks.map(
      (chunk) => `INSERT INTO ${dictionaries} ([model_id], [kind], [column_name], [code], [value])
${chunk.map(({ kind, column, code, value }) => `SELECT @id, '${kind}', ${quoteText(column)}, ${code}, ${quoteText(value)}`).join('\nUNION ALL ')};`,
    ),
  ];
}

function removeVersion({ tables, dialect }: StatementPlace, title: string): string[] {
  const { models, aliases } = tables;
  return block('@version IS NOT NULL', [
    ...throwIf(
      `EXISTS (SELECT 1 FROM ${aliases} AS a WHERE a.[name] = @name AND a.[version] = @version)`,
      'inUse',
      message(`${title} is in use: an alias points to it. Put the alias on another version first.`),
    ),
    declare('id', 'int', `(SELECT m.[id] FROM ${models} AS m WHERE m.[name] = @name AND m.[version] = @version)`),
    contentStatements({ tables, dialect }).remove,
  ]);
}

function versionBySha256({ tables: { models } }: StatementPlace): string {
  return `SELECT MAX(m.[version]) FROM ${models} AS m WHERE m.[name] = @name AND m.[sha256] = @sha256`;
}

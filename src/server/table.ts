/** A table or view as the server describes it: its real name, its columns with their types, and its primary key. */

import { PredictableError } from '../errors.js';
import { nearestNames } from '../rows/columns.js';
import type { Row, Session } from './connection.js';
import { quoteIdentifier, quoteName } from './names.js';
import { nvarchar } from './parameters.js';

export interface TableColumn {
  name: string;
  /** Without its length, in lower case; of an alias type the one behind it. */
  type: string;
  /** In bytes; -1 for (max). */
  length: number;
  precision: number;
  scale: number;
  nullable: boolean;
  /** Of text only. */
  collation: string | null;
  identity: boolean;
}

export interface TableShape {
  /** As the server spells them: schema and name, and before them the database where one was given. */
  parts: readonly string[];
  kind: 'table' | 'view';
  columns: readonly TableColumn[];
  /** In the key's order; empty where there is none, as in any view. */
  primaryKey: readonly string[];
}

/** Throws FILE_NOT_FOUND, with the names that may have been meant, for one that is not there or may not be seen. */
export async function describeTable(session: Session, parts: readonly string[]): Promise<TableShape> {
  const found = await findTable(session, parts);
  if (found !== null) return found;
  const schema = parts.at(-2) ?? null;
  const rows = await session.query(tableStatements(parts).names, { schema: nvarchar(schema, 128) });
  const names = rows.map((row) => String(row.name));
  const near = nearestNames(names, parts.at(-1) ?? '').map((name) => shortName([...parts.slice(0, -1), name]));
  const meant = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  throw new PredictableError('FILE_NOT_FOUND', `there is no table or view ${shortName(parts)}${meant}`, {
    hint: `--data names one that this login may read.${names.length > 0 && names.length <= MOST_LISTED ? ` The schema has ${names.join(', ')}.` : ''}`,
    details: { table: shortName(parts), near },
  });
}

/** null for one that is not there. */
export async function findTable(session: Session, parts: readonly string[]): Promise<TableShape | null> {
  const statements = tableStatements(parts);
  const parameters = { table: nvarchar(quoteName(parts), LONGEST_NAME) };
  const [object] = await session.query(statements.object, parameters);
  if (object === undefined) return null;
  const columns = (await session.query(statements.columns, parameters)).map(readColumn);
  const key = await session.query(statements.primaryKey, parameters);
  return {
    parts: [...parts.slice(0, -2), String(object.schema), String(object.name)],
    kind: String(object.type).trim() === 'V' ? 'view' : 'table',
    columns,
    primaryKey: key.map((row) => String(row.name)),
  };
}

/** The type as T-SQL declares it, e.g. `nvarchar(50)`. */
export function declaredType({ type, length, precision, scale }: Omit<TableColumn, 'name'>): string {
  if (type === 'decimal' || type === 'numeric') return `${type}(${precision}, ${scale})`;
  if (type === 'time' || type === 'datetime2' || type === 'datetimeoffset') return `${type}(${scale})`;
  if (!/char$|binary$/.test(type)) return type;
  if (length < 0) return `${type}(max)`;
  return `${type}(${type.startsWith('n') ? length / 2 : length})`;
}

/** The name as people write it: brackets only where it needs them. */
export function shortName(parts: readonly string[]): string {
  return parts.map((part) => (/^[\p{L}_#][\p{L}\p{N}_#$@]*$/u.test(part) ? part : quoteIdentifier(part))).join('.');
}

/** What is asked about a table: a table of another database is described in that one. */
export function tableStatements(parts: readonly string[]) {
  const database = parts.length > 2 ? `${quoteIdentifier(parts.at(-3) ?? '')}.` : '';
  const from = (view: string, alias: string) => `${database}[sys].[${view}] AS ${alias}`;
  return {
    object: `SELECT s.[name] AS [schema], o.[name] AS [name], o.[type] AS [type]
FROM ${from('objects', 'o')} JOIN ${from('schemas', 's')} ON s.[schema_id] = o.[schema_id]
WHERE o.[object_id] = OBJECT_ID(@table) AND o.[type] IN ('U', 'V');`,
    // An alias type and the type behind it have the same system type; a type of the CLR has only its own name.
    columns: `SELECT c.[name] AS [name], b.[name] AS [base], t.[name] AS [type], c.[max_length] AS [length],
  c.[precision] AS [precision], c.[scale] AS [scale], c.[is_nullable] AS [nullable], c.[collation_name] AS [collation],
  c.[is_identity] AS [identity]
FROM ${from('columns', 'c')} JOIN ${from('types', 't')} ON t.[user_type_id] = c.[user_type_id]
LEFT JOIN ${from('types', 'b')} ON b.[user_type_id] = c.[system_type_id]
WHERE c.[object_id] = OBJECT_ID(@table) ORDER BY c.[column_id];`,
    primaryKey: `SELECT c.[name] AS [name]
FROM ${from('indexes', 'i')}
JOIN ${from('index_columns', 'k')} ON k.[object_id] = i.[object_id] AND k.[index_id] = i.[index_id]
JOIN ${from('columns', 'c')} ON c.[object_id] = k.[object_id] AND c.[column_id] = k.[column_id]
WHERE i.[object_id] = OBJECT_ID(@table) AND i.[is_primary_key] = 1 ORDER BY k.[key_ordinal];`,
    names: `SELECT o.[name] AS [name]
FROM ${from('objects', 'o')} JOIN ${from('schemas', 's')} ON s.[schema_id] = o.[schema_id]
WHERE s.[name] = COALESCE(@schema, SCHEMA_NAME()) AND o.[type] IN ('U', 'V') ORDER BY o.[name];`,
  } as const;
}

/** Three names of 128 characters, each in brackets and with each of its brackets doubled. */
const LONGEST_NAME = 776;
const MOST_LISTED = 20;

function readColumn(row: Row): TableColumn {
  return {
    name: String(row.name),
    type: String(row.base ?? row.type).toLowerCase(),
    length: Number(row.length),
    precision: Number(row.precision),
    scale: Number(row.scale),
    nullable: Boolean(row.nullable),
    collation: typeof row.collation === 'string' ? row.collation : null,
    identity: Boolean(row.identity),
  };
}

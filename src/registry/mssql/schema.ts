/**
 * The registry's objects as numbered migrations. Every batch looks before it acts, so that any of them may be run again,
 * by two clients at once too, and so that the same text serves online and as a script.
 *
 * `models` begins as the official quickstart's table (id, data, description). A table of that kind that is already there
 * is taken over with its rows, and so is Azure Data Studio's of 11 columns: columns are added, nothing is renamed.
 */

import { quoteIdentifier, quoteStatement, quoteText } from '../../server/names.js';
import type { Dialect } from '../../sql/dialect.js';
import { BINARY, type Tables } from '../../sql/registry-tables.js';

interface Migration {
  version: number;
  batches: Batch[];
}

/** One batch: a statement that uses a new column cannot stand in the batch that adds it. */
export interface Batch {
  /** What it makes, for people. */
  title: string;
  sql: string;
  /** Whether there is something to do: `has` knows `schema`, `table_models`, `column_name` and the like. */
  needed: (has: (name: string) => boolean) => boolean;
}

export const SCHEMA_VERSION = 1;

/** Columns that are added to the quickstart's three. */
export const ADDED_COLUMNS: readonly [name: string, type: string][] = [
  ['name', `nvarchar(128) ${BINARY}`],
  ['version', 'int'],
  ['sha256', 'char(64)'],
  ['bytes', 'bigint'],
  ['target', 'varchar(32)'],
  ['full_description', 'nvarchar(max)'],
  ['signature', 'nvarchar(max)'],
  ['verification', 'nvarchar(max)'],
  ['provenance', 'nvarchar(max)'],
  ['interface_sha256', 'char(64)'],
  ['binding_sha256', 'char(64)'],
  ['created_at', 'datetime2(3)'],
  ['created_by', 'nvarchar(128)'],
];

/** Azure Data Studio's machine learning extension (retired 2026-02-28) wrote these. */
export const STUDIO_COLUMNS = [
  'model_id',
  'model_name',
  'model_framework',
  'model_framework_version',
  'model',
  'model_version',
  'model_creation_time',
  'model_deployment_time',
  'deployed_by',
  'model_description',
  'run_id',
] as const;

export function migrations(tables: Tables, dialect: Dialect): Migration[] {
  return [{ version: 1, batches: firstMigration(tables, dialect) }];
}

/** Writes down that a migration was applied, once. */
export function recordMigration({ versions }: Tables, { login }: Dialect, version: number): string {
  return `INSERT INTO ${versions} ([version], [applied_at], [applied_by])
SELECT ${version}, SYSUTCDATETIME(), ${login}
WHERE NOT EXISTS (SELECT 1 FROM ${versions} WHERE [version] = ${version});`;
}

function firstMigration(tables: Tables, dialect: Dialect): Batch[] {
  const { models, schema } = tables;
  const has = (column: string) => hasColumn(models, column);
  const lacks = (column: string) => `NOT ${hasColumn(models, column)}`;
  return [
    {
      title: `schema ${schema}`,
      sql: `IF SCHEMA_ID(${quoteText(schema)}) IS NULL EXEC(${quoteStatement(`CREATE SCHEMA ${quoteIdentifier(schema)}`)});`,
      needed: (known) => !known('schema'),
    },
    // First, so that what was begun is known again.
    table(
      dialect,
      'versions',
      tables.versions,
      [
        ['version', 'int NOT NULL'],
        ['applied_at', 'datetime2(3) NOT NULL'],
        ['applied_by', 'nvarchar(128) NULL'],
      ],
      ['version'],
    ),
    table(dialect, 'models', models, QUICKSTART_COLUMNS, ['id']),
    {
      title: `columns id, data and description of ${models} beside those of Azure Data Studio, and its models in them`,
      sql: [
        `IF ${has('model_id')} AND ${lacks('id')} ALTER TABLE ${models} ADD [id] AS [model_id];`,
        `IF ${lacks('data')} ALTER TABLE ${models} ADD [data] varbinary(max) NULL;`,
        `IF ${lacks('description')} ALTER TABLE ${models} ADD [description] varchar(1000) NULL;`,
        ...studioRows(models, `${has('model_name')} AND ${has('model')}`),
      ].join('\n'),
      needed: (known) => known('column_model_id') && !known('column_id'),
    },
    {
      title: `columns of ${models} for names, versions, signatures and proofs`,
      // One at a time: not every engine of the family takes several in one statement.
      sql: ADDED_COLUMNS.map(
        ([column, type]) => `IF ${lacks(column)} ALTER TABLE ${models} ADD ${quoteIdentifier(column)} ${type} NULL;`,
      ).join('\n'),
      needed: (known) => !known('column_name'),
    },
    {
      title: `index of ${models} by name`,
      // By its column: engines may give an index another name than the one asked for.
      sql: `IF NOT EXISTS (SELECT 1 FROM sys.index_columns AS i JOIN sys.columns AS c
        ON c.[object_id] = i.[object_id] AND c.[column_id] = i.[column_id]
        WHERE i.[object_id] = OBJECT_ID(${quoteText(models)}, N'U') AND c.[name] = N'name')
    CREATE INDEX [predictable_name] ON ${models} ([name], [version]);`,
      needed: (known) => !known('column_name'),
    },
    table(
      dialect,
      'names',
      tables.names,
      [
        ['name', `nvarchar(128) ${BINARY} NOT NULL`],
        ['last_version', 'int NOT NULL'],
      ],
      ['name'],
    ),
    table(
      dialect,
      'aliases',
      tables.aliases,
      [
        ['name', `nvarchar(128) ${BINARY} NOT NULL`],
        ['alias', `nvarchar(128) ${BINARY} NOT NULL`],
        ['version', 'int NOT NULL'],
      ],
      ['name', 'alias'],
    ),
    table(
      dialect,
      'events',
      tables.events,
      [
        ['event_id', 'bigint IDENTITY(1,1) NOT NULL'],
        ['name', `nvarchar(128) ${BINARY} NOT NULL`],
        ['alias', `nvarchar(128) ${BINARY} NOT NULL`],
        ['version', 'int NULL'],
        ['previous', 'int NULL'],
        ['action', 'varchar(16) NOT NULL'],
        ['happened_at', 'datetime2(3) NOT NULL'],
        ['happened_by', 'nvarchar(128) NULL'],
      ],
      ['event_id'],
    ),
    table(
      dialect,
      'dictionaries',
      tables.dictionaries,
      [
        ['model_id', 'int NOT NULL'],
        ['kind', 'varchar(8) NOT NULL'],
        ['column_name', `nvarchar(128) ${BINARY} NOT NULL`],
        ['code', 'bigint NOT NULL'],
        ['value', `nvarchar(4000) ${BINARY} NOT NULL`],
      ],
      ['model_id', 'kind', 'column_name', 'code'],
    ),
  ];
}

/** Not COL_LENGTH: one engine of the family does not see by it what the same transaction has made. */
export function hasColumn(table: string, column: string): string {
  return `EXISTS (SELECT 1 FROM sys.columns WHERE [object_id] = OBJECT_ID(${quoteText(table)}, N'U') AND [name] = ${quoteText(column)})`;
}

/** As the official quickstart creates its table. */
const QUICKSTART_COLUMNS: [string, string][] = [
  ['id', 'int IDENTITY(1,1) NOT NULL'],
  ['data', 'varbinary(max) NULL'],
  ['description', 'varchar(1000) NULL'],
];

/** In strings: a batch that names a column which is not there does not compile. New rows leave the old columns empty. */
function studioRows(models: string, condition: string): string[] {
  const copy = `UPDATE ${models} SET [data] = [model], [description] = [model_description] WHERE [data] IS NULL;`;
  const fallback = (column: string, value: string) =>
    `    IF NOT EXISTS (SELECT 1 FROM sys.default_constraints AS d JOIN sys.columns AS c
        ON c.[object_id] = d.[parent_object_id] AND c.[column_id] = d.[parent_column_id]
        WHERE d.[parent_object_id] = OBJECT_ID(${quoteText(models)}) AND c.[name] = ${quoteText(column)})
        EXEC(${quoteStatement(`ALTER TABLE ${models} ADD DEFAULT ${value} FOR ${quoteIdentifier(column)};`)});`;
  return [
    `IF ${condition}`,
    'BEGIN',
    `    EXEC(${quoteStatement(copy)});`,
    fallback('model', '0x'),
    fallback('model_name', "''"),
    'END;',
  ];
}

function table(dialect: Dialect, key: string, name: string, columns: [string, string][], primary: string[]): Batch {
  const lines = columns.map(([column, type]) => `        ${quoteIdentifier(column)} ${type}`);
  if (dialect.keys) lines.push(`        PRIMARY KEY (${primary.map(quoteIdentifier).join(', ')})`);
  return {
    title: `table ${name}`,
    sql: `IF OBJECT_ID(${quoteText(name)}, N'U') IS NULL
    CREATE TABLE ${name} (
${lines.join(',\n')}
    )${dialect.heap};`,
    needed: (known) => !known(`table_${key}`),
  };
}

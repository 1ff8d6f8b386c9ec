/** Where rows come from: a CSV, Parquet or JSON file, or a table of a DuckDB file, as one relation for SELECT. */

import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { fileError, PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { ordinary } from '../files/ordinary.js';
import { wideDialect } from './csv-dialect.js';
import type { Duckdb } from './duckdb.js';
import { identifier, text } from './duckdb-text.js';
import { DEEPEST_JSON, isShallowJson } from './json-depth.js';

type SourceKind = 'csv' | 'parquet' | 'json' | 'table';

export interface SourceColumn {
  name: string;
  /** DuckDB's type, e.g. `BIGINT` or `DECIMAL(18,3)`; of a CSV's column `TEXT`, since a CSV has no types. */
  type: string;
}

export interface Source {
  kind: SourceKind;
  /** As the user named it. */
  title: string;
  /** What stands after FROM; every column of a CSV is VARCHAR in it, and an empty field is NULL, quoted or not. */
  relation: string;
  columns: SourceColumn[];
  /** A view may give other rows, or another order, each time it is read. */
  view: boolean;
}

const EXTENSIONS: Record<string, SourceKind> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
};
/** Before the name of a table beside the models: in the registry's file, or on its server. */
const TABLE = 'table:';
const COMPRESSIONS = ['.gz', '.zst'];
const FORMS = 'a .csv, .tsv, .parquet, .json or .jsonl file, duckdb:FILE#TABLE, or table:NAME';

/**
 * Opens a source for reading. `table:NAME` needs `database`, the DuckDB file that it lies in.
 * Throws FILE_NOT_FOUND, REGISTRY_LOCKED (a table's file is open elsewhere), UNKNOWN_FORMAT when the file is not what
 * its name says, USAGE for a source of an unknown form.
 */
export async function openSource(duckdb: Duckdb, source: string, database?: string): Promise<Source> {
  const table = tableOf(source, database);
  if (table !== null) return openTable(duckdb, source, table.file, table.name);
  const kind = kindOf(source);
  await mustBeReadable(source);
  if (kind === 'json') await mustBeShallow(source);
  return describe(duckdb, kind, source, await fileRelation(kind, source));
}

/** Of `table:NAME` the name; null for other sources. */
export function namedTable(source: string): string | null {
  return source.startsWith(TABLE) ? source.slice(TABLE.length) : null;
}

function tableOf(source: string, database: string | undefined): { file: string; name: string } | null {
  const name = namedTable(source);
  if (name !== null) {
    if (database === undefined) {
      throw new PredictableError('USAGE', `${source} names a table, but no database was given to look for it in`, {
        hint: 'Write duckdb:FILE#TABLE, or give the --registry whose file or server has the table.',
      });
    }
    return { file: database, name };
  }
  if (!source.startsWith('duckdb:')) return null;
  const hash = source.lastIndexOf('#');
  if (hash < 0) {
    throw new PredictableError('USAGE', `${source} does not say which table`, { hint: 'Write duckdb:FILE#TABLE.' });
  }
  return { file: source.slice('duckdb:'.length, hash), name: source.slice(hash + 1) };
}

/** The file that a source lies in: of `duckdb:FILE#TABLE` the first part. */
export function fileOfSource(source: string): string {
  return /^duckdb:(.*?)(?:#[^#]*)?$/s.exec(source)?.[1] ?? source;
}

async function mustBeShallow(file: string): Promise<void> {
  const shallow = await isShallowJson(file, compressionOf(file)).catch((error) => {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  });
  if (shallow === null) throw unreadable(file, `this Node cannot look into ${compressionOf(file)}: unpack it first`);
  if (!shallow) throw unreadable(file, `it nests more than ${DEEPEST_JSON} deep`);
}

function compressionOf(file: string): string {
  return COMPRESSIONS.find((extension) => file.toLowerCase().endsWith(extension)) ?? '';
}

/** What the file's ending says, or null when it says nothing. */
export function kindOfFile(file: string): SourceKind | null {
  const lower = file.toLowerCase();
  const compression = compressionOf(lower);
  return EXTENSIONS[path.extname(compression === '' ? lower : lower.slice(0, -compression.length))] ?? null;
}

function kindOf(file: string): SourceKind {
  const kind = kindOfFile(file);
  if (kind !== null) return kind;
  throw new PredictableError('USAGE', `${file}: its ending does not say what kind of rows it holds`, {
    hint: `Rows come from ${FORMS}.`,
  });
}

/** Looks without opening: closing a file drops every lock that this process holds on it, a registry's included. */
export async function mustBeReadable(file: string): Promise<void> {
  const status = await ordinary(file, `Check the path. Rows come from ${FORMS}.`);
  if (status.isDirectory()) throw new PredictableError('USAGE', `${file} is a folder`, { hint: `Give ${FORMS}.` });
  if (status.size === 0) throw unreadable(file, 'it is empty');
  await named(file, () => access(file, constants.R_OK));
}

/** Patterns (`*`, `?`, `[`) mean themselves: a file is one file. */
async function fileRelation(kind: SourceKind, file: string): Promise<string> {
  const literal = text(path.resolve(file).replace(/[*?[\]]/g, (character) => `[${character}]`));
  switch (kind) {
    case 'csv':
      // The header is a promise: DuckDB would take a file whose columns are all text to have none.
      return `read_csv(${literal}, header = true, all_varchar = true${await wideDialect(file)})`;
    case 'parquet':
      return `read_parquet(${literal})`;
    default:
      // Dates stay text, as pandas leaves them: a category may look like one. Types are those of the whole file.
      return `read_json(${literal}, dateformat = 'none', timestampformat = 'none', sample_size = -1)`;
  }
}

async function openTable(duckdb: Duckdb, title: string, file: string, name: string): Promise<Source> {
  await mustBeReadable(file);
  const catalog = await duckdb.attach(file, 'read');
  const known = await duckdb.rows(
    `SELECT schema_name AS s, table_name AS t, false AS v FROM duckdb_tables() WHERE database_name = ${text(catalog)}
     UNION ALL SELECT schema_name, view_name, true FROM duckdb_views() WHERE database_name = ${text(catalog)} AND NOT internal
     ORDER BY 1, 2`,
  );
  const tables = known.map((row) => ({ schema: String(row.s), table: String(row.t), view: row.v === true }));
  const match =
    tables.find(({ schema, table }) => table === name && schema === 'main') ??
    tables.find(({ schema, table }) => `${schema}.${table}` === name);
  if (match === undefined) {
    const names = tables.map(({ schema, table }) => (schema === 'main' ? table : `${schema}.${table}`));
    throw new PredictableError('FILE_NOT_FOUND', `there is no table ${name} in ${file}`, {
      hint: names.length === 0 ? 'It has no tables at all.' : `It has: ${names.join(', ')}.`,
      details: { tables: names },
    });
  }
  const relation = `${catalog}.${identifier(match.schema)}.${identifier(match.table)}`;
  return { ...(await describe(duckdb, 'table', title, relation)), view: match.view };
}

async function describe(duckdb: Duckdb, kind: SourceKind, title: string, relation: string): Promise<Source> {
  try {
    const rows = await duckdb.rows(`DESCRIBE SELECT * FROM ${relation}`);
    const columns = rows.map((row) => ({
      name: String(row.column_name),
      type: kind === 'csv' ? 'TEXT' : String(row.column_type),
    }));
    return { kind, title, relation, columns, view: false };
  } catch (error) {
    throw unreadable(title, firstLine(error), error);
  }
}

/** What DuckDB says while reading a source, with the source's name. */
export function readingFailed(source: Source, error: unknown): PredictableError {
  if (error instanceof PredictableError) return error;
  return unreadable(source.title, firstLine(error), error);
}

/** What the file system refused on the way, of a temporary file for instance, is no fault of the source. */
function unreadable(title: string, why: string, cause?: unknown): PredictableError {
  const refused = fileError(cause);
  if (refused !== undefined) return refused;
  return new PredictableError('UNKNOWN_FORMAT', `${title} cannot be read: ${why}`, {
    hint: `Rows come from ${FORMS}; check that the file is complete and that its ending says what it is.`,
    cause,
  });
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Rows of a file or table as a frame, with the types that pandas gives them.
 *
 * | in the source | in the frame |
 * | --- | --- |
 * | whole numbers | int64; with missing values double and NaN |
 * | FLOAT | float; DECIMAL and DOUBLE: double; missing is NaN |
 * | HUGEINT, UBIGINT | double: they may not fit into int64 |
 * | BOOLEAN | bool; with missing values double and NaN |
 * | text, ENUM, dates, times, UUID | string; missing is null |
 * | BLOB, lists, structs, maps | left out, and UNSUPPORTED_TYPE when asked for by name |
 *
 * A CSV's first line is its header, and an empty field is missing, quoted or not. In a column of numbers, NA, NaN, null
 * and pandas' other spellings are missing too; in a column of text they are text, as are blanks at either end. Numbers
 * with leading zeros (007), dates and yes/no stay text. `types` overrules all of that.
 */

import { PredictableError } from '../errors.js';
import { classOf, type ValueClass } from './cast.js';
import { findName, missingColumns } from './columns.js';
import { csvTypes } from './csv-types.js';
import { type Duckdb, openDuckdb } from './duckdb.js';
import { identifier } from './duckdb-text.js';
import { type FramePlan, fetchFrame } from './fetch-frame.js';
import type { Frame, FrameColumn } from './frame.js';
import { readCsv } from './read-csv.js';
import { mustBeReadable, openSource, readingFailed, type Source, type SourceColumn } from './source.js';

interface ReadOptions {
  /** Only these columns, in this order, named as here. */
  columns?: string[];
  /** Only the first rows. */
  limit?: number;
  /** Types of columns by name, whatever the source says; a value that does not fit is COLUMN_MISMATCH. */
  types?: Record<string, FrameColumn['type']>;
  /** The DuckDB file that `table:NAME` lies in. */
  database?: string;
}

/** Errors: FILE_NOT_FOUND, UNKNOWN_FORMAT, COLUMN_MISMATCH, UNSUPPORTED_TYPE, REGISTRY_LOCKED, USAGE. */
export async function readTable(source: string, options: ReadOptions = {}): Promise<Frame> {
  if (options.types === undefined && /\.(csv|tsv)$/i.test(source) && !/^(duckdb|table):/.test(source))
    return readPlainCsv(source, options);
  return readThroughDuckdb(source, options);
}

async function readPlainCsv(source: string, { columns, limit }: ReadOptions): Promise<Frame> {
  await mustBeReadable(source);
  const frame = await readCsv(source, limit);
  if (columns === undefined) return frame;
  const names = frame.columns.map(({ name }) => name);
  const missing = columns.filter((name) => findName(names, name) === undefined);
  if (missing.length > 0) throw missingColumns(source, missing, names);
  return {
    rows: frame.rows,
    columns: columns.flatMap((name) => {
      const found = frame.columns.find((column) => column.name === findName(names, name));
      return found === undefined ? [] : [{ ...found, name }];
    }),
  };
}

async function readThroughDuckdb(source: string, options: ReadOptions): Promise<Frame> {
  const duckdb = await openDuckdb();
  try {
    return await readSource(duckdb, await openSource(duckdb, source, options.database), options);
  } finally {
    await duckdb.close();
  }
}

/** The same for a source that is open in this DuckDB. */
export async function readSource(duckdb: Duckdb, source: Source, options: ReadOptions = {}): Promise<Frame> {
  const chosen = chooseColumns(source, options.columns);
  const copy = await copyRows(duckdb, source, chosen, options.limit);
  const plans = await planColumns(duckdb, copy, chosen, options.types ?? {});
  return fetchFrame(duckdb, copy, plans, source.title);
}

interface ChosenColumn {
  name: string;
  /** Its name in the source. */
  source: string;
  from: ValueClass;
  type: string;
}

function chooseColumns(source: Source, wanted: string[] | undefined): ChosenColumn[] {
  const names = source.columns.map(({ name }) => name);
  if (wanted === undefined) {
    return source.columns.map((column) => chosen(column.name, column)).filter((column) => column !== null);
  }
  const missing = wanted.filter((name) => findName(names, name) === undefined);
  if (missing.length > 0) throw missingColumns(source.title, missing, names);
  return wanted.map((name) => {
    const column = source.columns.find((candidate) => candidate.name === findName(names, name));
    const choice = column === undefined ? null : chosen(name, column);
    if (choice !== null) return choice;
    throw new PredictableError('UNSUPPORTED_TYPE', `column ${name} of ${source.title} has the type ${column?.type}`, {
      hint: 'A model reads numbers and text: turn the column into those first, or leave it out.',
      details: { column: name, type: column?.type },
    });
  });
}

function chosen(name: string, { name: source, type }: SourceColumn): ChosenColumn | null {
  const from = classOf(type) ?? (SPELLED.test(type) ? 'string' : null);
  return from === null ? null : { name, source, from, type };
}

/** Types that have one spelling as text. */
const SPELLED =
  /^(DATE|TIME|TIME_NS|TIMESTAMP|TIMESTAMP_.*|TIME WITH TIME ZONE|TIMESTAMP WITH TIME ZONE|UUID|INTERVAL)$/;

/** The rows are copied once, so that types, counts and values all come from the same reading. */
async function copyRows(
  duckdb: Duckdb,
  source: Source,
  columns: ChosenColumn[],
  limit: number | undefined,
): Promise<string> {
  const copy = `rows_${duckdb.nextName()}`;
  const select = columns.map((column, index) => {
    const value = identifier(column.source);
    return `${column.from === 'string' ? `CAST(${value} AS VARCHAR)` : value} AS c${index}`;
  });
  const first = limit === undefined ? '' : ` LIMIT ${Math.max(0, Math.trunc(limit))}`;
  const rows = `SELECT ${['1 AS present', ...select].join(', ')} FROM ${source.relation}${first}`;
  try {
    await duckdb.connection.run(`CREATE TEMP TABLE ${copy} AS ${rows}`);
  } catch (error) {
    throw readingFailed(source, error);
  }
  return copy;
}

async function planColumns(
  duckdb: Duckdb,
  copy: string,
  columns: ChosenColumn[],
  types: Record<string, FrameColumn['type']>,
): Promise<FramePlan[]> {
  const plans = columns.map(({ name, from, type }, index) => ({
    name,
    from,
    value: `c${index}`,
    type,
    // A column may have the name of what every object has.
    to: Object.hasOwn(types, name) ? types[name] : undefined,
  }));
  const untyped = plans.filter(({ from, to }) => from === 'text' && to === undefined);
  const found = await csvTypes(
    duckdb,
    copy,
    untyped.map(({ value }) => value),
  );
  const sniffed = new Map(untyped.map(({ value }, index) => [value, found[index]]));
  return plans.map(({ name, from, value, type, to }) => ({
    name,
    from,
    value,
    to: to ?? null,
    natural: natural(sniffed.get(value) ?? type),
  }));
}

/** The frame's type of a source's type, as long as nothing is missing. */
function natural(type: string): FrameColumn['type'] {
  switch (classOf(type)) {
    case 'integer':
      return /HUGEINT|UBIGINT/.test(type) ? 'double' : 'int64';
    case 'bool':
      return 'bool';
    case 'real':
      return type === 'FLOAT' ? 'float' : 'double';
    case 'decimal':
      return 'double';
    default:
      return 'string';
  }
}

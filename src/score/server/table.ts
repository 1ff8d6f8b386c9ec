/** A table of a SQL server as rows to score: described first, so that only the columns that are needed travel. */

import { PredictableError } from '../../errors.js';
import { type BoundInput, bindInputs, Complaints } from '../../rows/binding.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier } from '../../rows/duckdb-text.js';
import type { Source } from '../../rows/source.js';
import { type StreamedTable, type StreamedValue, streamTable } from '../../rows/streamed-table.js';
import { arrived, type ColumnReading, readingOf, selected } from '../../server/column-types.js';
import type { Server } from '../../server/connection.js';
import { parseName, quoteIdentifier, quoteName } from '../../server/names.js';
import { declaredType, describeTable, shortName, type TableColumn, type TableShape } from '../../server/table.js';
import type { InputColumn, Signature } from '../../signature.js';
import { misfit as misfitThere } from '../../sql/bind.js';
import { isRefused } from '../../sql/column-fit.js';
import { chooseKeys, type DataColumns, misfit as misfitHere } from '../here/match-columns.js';

export interface ServerTable extends DataColumns {
  server: Server;
  shape: TableShape;
}

type ReadColumn = TableColumn & { reading: ColumnReading };

/** Throws FILE_NOT_FOUND, and USAGE for what is no name. */
export async function openServerTable(server: Server, table: string): Promise<ServerTable> {
  const shape = await describeTable(server, parseName(table));
  const columns = shape.columns.map((column) => ({ name: column.name, type: typeHere(column) }));
  return { server, shape, title: shortName(shape.parts), columns };
}

/** DuckDB's type for a column of the server; the server's own where it has no form here. */
export function typeHere(column: TableColumn): string {
  return readingOf(column)?.type ?? declaredType(column);
}

/** What a column of the server must be for an input and for a key: it depends on who scores. */
interface ColumnRules {
  /** What is wrong with a column for the input, null when nothing is. */
  misfit(input: InputColumn, column: TableColumn): string | null;
  /** Whether a column cannot be a key. */
  isRefused(column: TableColumn): boolean;
}

/** The rows are read and scored by this machine. */
export const SCORED_HERE: ColumnRules = {
  misfit: (input, column) => misfitHere(input, typeHere(column)),
  isRefused: () => false,
};

/** The server's PREDICT scores them. */
export const SCORED_THERE: ColumnRules = {
  misfit: (input, column) => SCORED_HERE.misfit(input, column) ?? misfitThere(input, column),
  isRefused,
};

export interface NeededColumns {
  inputs: BoundInput<TableColumn>[];
  keys: ReadColumn[];
  /** Columns that nobody asked for by name, and that have no form here. */
  leftOut: string[];
}

/**
 * By default the keys are the primary key, and where there is none, as in a view, all columns that the model does not
 * read. Throws COLUMN_MISMATCH as scoring a file does, and UNSUPPORTED_TYPE for a key that cannot be had.
 */
export function neededColumns(
  table: ServerTable,
  signature: Signature,
  { map = {}, keys }: { map?: Record<string, string> | undefined; keys?: string[] | undefined },
  rules: ColumnRules,
): NeededColumns {
  const { primaryKey, columns } = table.shape;
  const complaints = new Complaints(table, signature);
  const inputs = bindInputs({ title: table.title, columns }, signature, map, rules.misfit, complaints);
  complaints.mustBeNone();
  const wanted = keys === undefined ? primaryKey : chooseKeys(table, keys);
  const read = new Set(inputs.map(({ column }) => column.name));
  const rest = table.columns.map(({ name }) => name).filter((name) => !read.has(name));
  const everything = keys === undefined && primaryKey.length === 0;
  const found: ReadColumn[] = [];
  const leftOut: string[] = [];
  for (const name of everything ? rest : wanted) {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) continue;
    const reading = readingOf(column);
    if (reading !== null && !rules.isRefused(column)) found.push({ ...column, reading });
    else if (everything) leftOut.push(name);
    else throw refusedKey(table, column);
  }
  return { inputs, keys: found, leftOut };
}

/** The columns of these names that have a form here; all such columns without names. */
export function readColumns({ shape }: ServerTable, names?: readonly string[]): ReadColumn[] {
  return shape.columns.flatMap((column) => {
    const reading = readingOf(column);
    return reading !== null && (names?.includes(column.name) ?? true) ? [{ ...column, reading }] : [];
  });
}

interface TableReading {
  /** Only the first rows. */
  limit?: number | undefined;
  onRows?: ((rows: number) => void) | undefined;
}

/** Reads these columns into DuckDB. Throws UNSUPPORTED_TYPE when there are none. */
export async function readServerTable(
  duckdb: Duckdb,
  { server, shape, title }: ServerTable,
  columns: ReadColumn[],
  { limit, onRows }: TableReading = {},
): Promise<Source> {
  if (columns.length === 0) {
    throw new PredictableError('UNSUPPORTED_TYPE', `${title} has no column that can be read`, {
      hint: 'A model reads numbers and text: cast the columns in a view.',
    });
  }
  const list = columns.map(({ name, reading }) => selected(`s.${quoteIdentifier(name)}`, reading));
  const top = limit === undefined ? '' : `TOP (${limit}) `;
  const rows = server.stream(`SELECT ${top}${list.join(', ')} FROM ${quoteName(shape.parts)} AS s;`);
  const readings = columns.map(({ reading }) => reading);
  const streamed = await streamTable(duckdb, readings, arriving(rows, readings), onRows);
  return {
    kind: 'table',
    title,
    relation: relationOf(
      streamed,
      columns.map(({ name }, index) => ({ name, index })),
    ),
    columns: columns.map(({ name, reading }) => ({ name, type: reading.type })),
    view: false,
  };
}

/** The driver's rows, as their columns are kept. */
export async function* arriving(
  rows: AsyncIterable<unknown[]>,
  readings: ColumnReading[],
): AsyncGenerator<StreamedValue[]> {
  for await (const row of rows) yield readings.map((reading, index) => arrived(row[index], reading));
}

/** Columns of a streamed table by their position, under these names. */
export function relationOf({ table, values }: StreamedTable, columns: { name: string; index: number }[]): string {
  return `(SELECT ${columns.map(({ name, index }) => `${values[index]} AS ${identifier(name)}`).join(', ')} FROM ${table})`;
}

function refusedKey({ title }: ServerTable, column: TableColumn): PredictableError {
  const type = declaredType(column);
  return new PredictableError(
    'UNSUPPORTED_TYPE',
    `column ${column.name} of ${title} is ${type}, which cannot be a key`,
    {
      hint: 'Choose others with --keys, or cast it in a view.',
      details: { column: column.name, type },
    },
  );
}

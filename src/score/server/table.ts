/** A table of a SQL server as rows to score: described first, so that only the columns that are needed travel. */

import { PredictableError } from '../../errors.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier } from '../../rows/duckdb-text.js';
import type { Source } from '../../rows/source.js';
import { type StreamedTable, type StreamedValue, streamTable } from '../../rows/streamed-table.js';
import { arrived, type ColumnReading, readingOf, selected } from '../../server/column-types.js';
import type { Server } from '../../server/connection.js';
import { parseName, quoteIdentifier, quoteName } from '../../server/names.js';
import { declaredType, describeTable, shortName, type TableColumn, type TableShape } from '../../server/table.js';
import type { Signature } from '../../signature.js';
import { type Binding, chooseKeys, type DataColumns, matchColumns } from '../here/match-columns.js';

export interface ServerTable extends DataColumns {
  server: Server;
  shape: TableShape;
}

export type ReadColumn = TableColumn & { reading: ColumnReading };

/** Throws FILE_NOT_FOUND, and USAGE for what is no name. */
export async function openServerTable(server: Server, table: string): Promise<ServerTable> {
  const shape = await describeTable(server, parseName(table));
  const columns = shape.columns.map((column) => ({
    name: column.name,
    type: readingOf(column)?.type ?? declaredType(column),
  }));
  return { server, shape, title: shortName(shape.parts), columns };
}

export interface NeededColumns {
  bindings: Binding[];
  keys: ReadColumn[];
  /** Columns that nobody asked for by name, and that have no form here. */
  leftOut: string[];
}

/**
 * By default the keys are the primary key, and where there is none, as in a view, all columns that the model does not
 * read. `isRefused`: whether a column cannot be a key. Throws COLUMN_MISMATCH as scoring a file does, and
 * UNSUPPORTED_TYPE for a key that cannot be had.
 */
export function neededColumns(
  table: ServerTable,
  signature: Signature,
  { map, keys }: { map?: Record<string, string> | undefined; keys?: string[] | undefined },
  isRefused: (column: TableColumn) => boolean,
): NeededColumns {
  const bindings = matchColumns(table, signature, map);
  const { primaryKey } = table.shape;
  const wanted = keys === undefined ? primaryKey : chooseKeys(table, keys);
  const read = new Set(bindings.map(({ column }) => column));
  const rest = table.columns.map(({ name }) => name).filter((name) => !read.has(name));
  const everything = keys === undefined && primaryKey.length === 0;
  const found: ReadColumn[] = [];
  const leftOut: string[] = [];
  for (const name of everything ? rest : wanted) {
    const column = table.shape.columns.find((each) => each.name === name);
    if (column === undefined) continue;
    const reading = readingOf(column);
    if (reading !== null && !isRefused(column)) found.push({ ...column, reading });
    else if (everything) leftOut.push(name);
    else throw refusedKey(table, column);
  }
  return { bindings, keys: found, leftOut };
}

/** The columns of these names that have a form here; all such columns without names. */
export function readColumns({ shape }: ServerTable, names?: readonly string[]): ReadColumn[] {
  return shape.columns.flatMap((column) => {
    const reading = readingOf(column);
    return reading !== null && (names?.includes(column.name) ?? true) ? [{ ...column, reading }] : [];
  });
}

export interface TableReading {
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

/** Rows that come one at a time, as a table of DuckDB: a vector at a time, and on disk where they do not fit into memory. */

import { BIGINT, BOOLEAN, DOUBLE, DuckDBDataChunk, type DuckDBType, FLOAT, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { Duckdb } from './duckdb.js';

interface StreamedColumn {
  arrival: keyof typeof ARRIVALS;
  /** DuckDB's type, to which an arrival of VARCHAR is cast when it is read. */
  type: string;
}

export interface StreamedTable {
  rows: number;
  /** What stands after FROM. */
  table: string;
  /** The columns' values as expressions over the table. */
  values: string[];
}

export type StreamedValue = string | number | bigint | boolean | null;

const ARRIVALS = { INTEGER, BIGINT, FLOAT, DOUBLE, BOOLEAN, VARCHAR } as const satisfies Record<string, DuckDBType>;

/** DuckDB's vectors hold this many rows. */
const VECTOR_ROWS = 2048;

/** `onRows` hears how many there are so far. */
export async function streamTable(
  duckdb: Duckdb,
  columns: StreamedColumn[],
  rows: AsyncIterable<StreamedValue[]>,
  onRows: (rows: number) => void = () => {},
): Promise<StreamedTable> {
  const table = `streamed_${duckdb.nextName()}`;
  // A table has a column at least, also when only the number of rows matters.
  const names = [...columns.map(({ arrival }, index) => `c${index} ${arrival}`), 'present BOOLEAN'];
  await duckdb.connection.run(`CREATE TABLE ${table} (${names.join(', ')})`);
  const appender = await duckdb.connection.createAppender(table);
  const types = [...columns.map(({ arrival }) => ARRIVALS[arrival]), BOOLEAN];
  let waiting: StreamedValue[][] = [];
  let total = 0;
  const flush = () => {
    const chunk = DuckDBDataChunk.create(types, waiting.length);
    for (const index of columns.keys()) {
      chunk.setColumnValues(
        index,
        waiting.map((row) => row[index] ?? null),
      );
    }
    chunk.setColumnValues(
      columns.length,
      waiting.map(() => true),
    );
    appender.appendDataChunk(chunk);
    total += waiting.length;
    waiting = [];
    onRows(total);
  };
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length === VECTOR_ROWS) flush();
  }
  if (waiting.length > 0) flush();
  appender.closeSync();
  const values = columns.map(({ arrival, type }, index) =>
    arrival === type ? `c${index}` : `CAST(c${index} AS ${type})`,
  );
  return { rows: total, table, values };
}

/** A frame as a Parquet file. */

import path from 'node:path';
import type { DuckDBAppender } from '@duckdb/node-api';
import { replaceWhole } from '../files/write-whole.js';
import { openDuckdb } from './duckdb.js';
import { identifier, text } from './duckdb-text.js';
import type { Frame, FrameColumn } from './frame.js';

const DUCKDB_TYPES: Record<FrameColumn['type'], string> = {
  float: 'FLOAT',
  double: 'DOUBLE',
  int32: 'INTEGER',
  int64: 'BIGINT',
  bool: 'BOOLEAN',
  string: 'VARCHAR',
};

/** Missing values (NaN, null) become NULL. The file is there whole or not at all. */
export async function writeParquet(frame: Frame, file: string): Promise<void> {
  const duckdb = await openDuckdb();
  try {
    const columns = frame.columns.map(({ name, type }) => `${identifier(name)} ${DUCKDB_TYPES[type]}`);
    await duckdb.connection.run(`CREATE TABLE frame (${columns.join(', ')})`);
    const appender = await duckdb.connection.createAppender('frame');
    for (let row = 0; row < frame.rows; row++) {
      for (const column of frame.columns) append(appender, column, row);
      appender.endRow();
    }
    appender.closeSync();
    await replaceWhole(file, (temporary) =>
      duckdb.connection.run(`COPY frame TO ${text(path.resolve(temporary))} (FORMAT parquet)`),
    );
  } finally {
    await duckdb.close();
  }
}

function append(appender: DuckDBAppender, column: FrameColumn, row: number): void {
  const value = column.values[row];
  if (value === null || value === undefined || Number.isNaN(value)) appender.appendNull();
  else if (column.type === 'float') appender.appendFloat(Number(value));
  else if (column.type === 'double') appender.appendDouble(Number(value));
  else if (column.type === 'int32') appender.appendInteger(Number(value));
  else if (column.type === 'int64') appender.appendBigInt(BigInt(value));
  else if (column.type === 'bool') appender.appendBoolean(value === 1);
  else appender.appendVarchar(String(value));
}

/** Predictions into a table of DuckDB, array by array. */

import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBVector,
  FLOAT,
  INTEGER,
} from '@duckdb/node-api';
import type { OutputColumn } from '../../../signature.js';
import type { NumericArray } from './vectors.js';

export interface Predicted {
  rows: number;
  /** One array an output, in the signature's order. */
  columns: NumericArray[];
  voided: Uint8Array | null;
}

interface PredictionAppender {
  append(predicted: Predicted): void;
  /** Makes what was appended visible to queries. */
  close(): void;
}

/** DuckDB's vectors hold this many rows. */
const VECTOR_ROWS = 2048;

const TYPES: Record<OutputColumn['type'], DuckDBType> = {
  float: FLOAT,
  double: DOUBLE,
  int32: INTEGER,
  int64: BIGINT,
};

export async function openAppender(
  connection: DuckDBConnection,
  table: string,
  outputs: OutputColumn[],
): Promise<PredictionAppender> {
  const columnTypes = outputs.map(({ type }) => TYPES[type]);
  const appender = await connection.createAppender(table);
  return {
    append({ rows, columns, voided }) {
      for (let start = 0; start < rows; start += VECTOR_ROWS) {
        const count = Math.min(VECTOR_ROWS, rows - start);
        const chunk = DuckDBDataChunk.create(columnTypes, count);
        for (const [index, values] of columns.entries()) {
          const vector = chunk.getColumnVector(index);
          fill(vector, values, start, count);
          if (voided !== null) voidRows(vector, voided, start, count);
          vector.flush();
        }
        appender.appendDataChunk(chunk);
      }
    },
    close() {
      appender.closeSync();
    },
  };
}

function fill(vector: DuckDBVector, values: NumericArray, start: number, count: number): void {
  const items = 'items' in vector ? vector.items : undefined;
  const part = values.subarray(start, start + count);
  if (items instanceof Float32Array && part instanceof Float32Array) items.set(part);
  else if (items instanceof Float64Array && part instanceof Float64Array) items.set(part);
  else if (items instanceof Int32Array && part instanceof Int32Array) items.set(part);
  else if (items instanceof BigInt64Array && part instanceof BigInt64Array) items.set(part);
  else throw new Error('the model gave another type than its signature says');
}

function voidRows(vector: DuckDBVector, voided: Uint8Array, start: number, count: number): void {
  for (let row = 0; row < count; row++) if (voided[start + row] === 1) vector.setItem(row, null);
}

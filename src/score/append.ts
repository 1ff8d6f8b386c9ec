/** Predictions into a table of DuckDB, array by array. */

import type { DuckDBType, DuckDBVector } from '@duckdb/node-api';
import type { Engine } from '../rows/engine.js';
import type { OutputColumn, Signature } from '../signature.js';
import type { NumericArray } from './batches.js';
import type { Predicted } from './infer.js';

export interface PredictionAppender {
  append(predicted: Predicted): void;
  /** Makes what was appended visible to queries. */
  close(): void;
}

/** DuckDB's vectors hold this many rows. */
const VECTOR_ROWS = 2048;

export async function openAppender(engine: Engine, table: string, signature: Signature): Promise<PredictionAppender> {
  const { DuckDBDataChunk, FLOAT, DOUBLE, INTEGER, BIGINT } = await import('@duckdb/node-api');
  const types: Record<OutputColumn['type'], DuckDBType> = {
    float: FLOAT,
    double: DOUBLE,
    int32: INTEGER,
    int64: BIGINT,
  };
  const columnTypes = signature.outputs.map(({ type }) => types[type]);
  // The engine's first connection is busy with the rows that come in.
  const appender = await (await engine.connect()).createAppender(table);
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

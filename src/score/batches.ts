/** The data as batches of columns for the model: typed arrays from DuckDB's vectors, several of its chunks in one. */

import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Engine } from '../rows/engine.js';
import { readingFailed, type Source } from '../rows/source.js';
import { type ColumnType, UNKNOWN_CODE } from '../signature.js';
import { diagnose } from './diagnose.js';
import type { InputSql } from './input-sql.js';
import { addCount, countMarks, type PolicyCounts } from './policy-counts.js';

export type NumericArray = Float32Array | Float64Array | Int32Array | BigInt64Array;

export interface Batch {
  rows: number;
  /** One array an input, in the signature's order. */
  columns: NumericArray[];
  /** Rows whose predictions are to be NULL (1), or null when there are none. */
  voided: Uint8Array | null;
}

/** Fewer rows pay for messages between threads, more leave the cache and idle workers at the end. 8 of DuckDB's chunks. */
export const BATCH_ROWS = 16_384;

/** Streams the data in its order; adds to `counts`. Throws what diagnose finds when a row must be refused. */
export async function* readBatches(
  engine: Engine,
  source: Source,
  inputs: InputSql[],
  counts: PolicyCounts,
): AsyncGenerator<Batch> {
  const failed = (error: unknown) => {
    throw readingFailed(source, error);
  };
  const replaced = inputs.filter(({ binding }) => typeof binding.input.nulls === 'number');
  const result = await engine.connection.stream(selectInputs(source, inputs, replaced)).catch(failed);
  let batch = newBatch(inputs);
  for (;;) {
    const chunk = await result.fetchChunk().catch(failed);
    const rows = chunk?.rowCount ?? 0;
    if (chunk === null || rows === 0) break;
    if (flags(chunk, inputs.length).includes(1)) throw await diagnose(engine, source, inputs);
    if (batch.rows + rows > BATCH_ROWS) {
      yield trimmed(batch);
      batch = newBatch(inputs);
    }
    take(batch, chunk, inputs.length);
    for (const [index, { binding }] of replaced.entries()) {
      addCount(counts.nulls, binding.column, sum(flags(chunk, inputs.length + 2 + index)));
    }
    countMarks(batch.columns, batch.rows, rows, inputs, counts);
    batch.rows += rows;
  }
  if (batch.rows > 0) yield trimmed(batch);
}

/** The inputs; whether the row is refused; whether its predictions are void; and where a number replaced NULL. */
function selectInputs(source: Source, inputs: InputSql[], replaced: InputSql[]): string {
  const names = inputs.map((_, index) => `v${index}`);
  const values = inputs.map(({ value }, index) => `${value} AS v${index}`);
  const gaps = replaced.map(({ missing }, index) => `CAST(${missing} AS UTINYINT) AS r${index}`);
  const refused = names.map((name) => `${name} IS NULL`).join(' OR ');
  const voided = names.filter((_, index) => inputs[index]?.binding.input.unknown === 'null');
  const isVoid = voided.length === 0 ? 'false' : voided.map((name) => `${name} = ${UNKNOWN_CODE}`).join(' OR ');
  const columns = [
    ...names,
    `CAST((${refused}) AS UTINYINT)`,
    `CAST(coalesce(${isVoid}, false) AS UTINYINT)`,
    ...replaced.map((_, index) => `r${index}`),
  ];
  return `SELECT ${columns.join(', ')} FROM (SELECT ${[...values, ...gaps].join(', ')} FROM ${source.relation})`;
}

function newBatch(inputs: InputSql[]): Batch {
  return { rows: 0, columns: inputs.map(({ binding }) => newArray(binding.input.type, BATCH_ROWS)), voided: null };
}

function newArray(type: ColumnType, rows: number): NumericArray {
  switch (type) {
    case 'float':
      return new Float32Array(rows);
    case 'double':
      return new Float64Array(rows);
    case 'int32':
      return new Int32Array(rows);
    case 'int64':
      return new BigInt64Array(rows);
  }
}

/** NULL slots hold 0 in DuckDB's vectors; none gets here, since a row with one is refused before. */
function take(batch: Batch, chunk: DuckDBDataChunk, inputs: number): void {
  for (let index = 0; index < inputs; index++) copyInto(batch.columns[index], items(chunk, index), batch.rows);
  const voided = flags(chunk, inputs + 1);
  if (!voided.includes(1)) return;
  batch.voided ??= new Uint8Array(BATCH_ROWS);
  batch.voided.set(voided, batch.rows);
}

function copyInto(target: NumericArray | undefined, from: unknown, offset: number): void {
  if (target instanceof Float32Array && from instanceof Float32Array) target.set(from, offset);
  else if (target instanceof Float64Array && from instanceof Float64Array) target.set(from, offset);
  else if (target instanceof Int32Array && from instanceof Int32Array) target.set(from, offset);
  else if (target instanceof BigInt64Array && from instanceof BigInt64Array) target.set(from, offset);
  else throw new Error('DuckDB gave a vector of another type than the one selected');
}

function items(chunk: DuckDBDataChunk, index: number): unknown {
  const vector = chunk.getColumnVector(index);
  return 'items' in vector ? vector.items : undefined;
}

function flags(chunk: DuckDBDataChunk, index: number): Uint8Array {
  const found = items(chunk, index);
  if (found instanceof Uint8Array) return found;
  throw new Error('DuckDB gave no flags');
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (const byte of bytes) total += byte;
  return total;
}

/** A batch that is not full gets arrays of its own length, since whole buffers change hands. */
function trimmed(batch: Batch): Batch {
  if (batch.rows === BATCH_ROWS) return batch;
  return { ...batch, columns: batch.columns.map((values) => values.slice(0, batch.rows)) };
}

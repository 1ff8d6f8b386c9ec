/** The data as batches of columns for the model: typed arrays from DuckDB's vectors, several of its chunks in one. */

import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Engine } from '../rows/engine.js';
import { readingFailed, type Source } from '../rows/source.js';
import type { ColumnType } from '../signature.js';
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
  const voided = inputs
    .filter(({ binding }) => binding.input.unknown === 'null')
    .map(({ unknown }) => unknown ?? 'false');
  const columns = [
    ...inputs.map(({ value }) => value),
    flag(inputs.map(({ refused }) => refused)),
    flag(voided),
    ...replaced.map(({ missing }) => flag([missing])),
  ];
  return `SELECT ${columns.join(', ')} FROM ${source.relation}`;
}

function flag(conditions: string[]): string {
  return `CAST((${conditions.length === 0 ? 'false' : conditions.join(' OR ')}) AS UTINYINT)`;
}

/** All columns of a batch lie in one buffer: handing over 30 buffers costs more than the copying. */
function newBatch(inputs: InputSql[]): Batch {
  const types = inputs.map(({ binding }) => binding.input.type);
  const buffer = new ArrayBuffer(types.reduce((size, type) => size + BATCH_ROWS * WIDTHS[type], 0));
  let offset = 0;
  const columns = types.map((type) => {
    const view = viewOf(type, buffer, offset);
    offset += BATCH_ROWS * WIDTHS[type];
    return view;
  });
  return { rows: 0, columns, voided: null };
}

/** Bytes a value; each column starts on a multiple of 8, since BATCH_ROWS is one. */
const WIDTHS: Record<ColumnType, number> = { float: 4, double: 8, int32: 4, int64: 8 };

function viewOf(type: ColumnType, buffer: ArrayBuffer, offset: number): NumericArray {
  switch (type) {
    case 'float':
      return new Float32Array(buffer, offset, BATCH_ROWS);
    case 'double':
      return new Float64Array(buffer, offset, BATCH_ROWS);
    case 'int32':
      return new Int32Array(buffer, offset, BATCH_ROWS);
    case 'int64':
      return new BigInt64Array(buffer, offset, BATCH_ROWS);
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

function trimmed(batch: Batch): Batch {
  if (batch.rows === BATCH_ROWS) return batch;
  return { ...batch, columns: batch.columns.map((values) => values.subarray(0, batch.rows)) };
}

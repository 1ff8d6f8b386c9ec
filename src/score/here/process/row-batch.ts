/** Rows on their way to the model: one array an input, filled vector by vector, and used again when they are scored. */

import type { DuckDBDataChunk } from '@duckdb/node-api';
import { addCount } from '../../../counts.js';
import type { ColumnType } from '../../../signature.js';
import type { Reading } from '../reading.js';
import { copyChecked } from './checked-copy.js';
import { countMarks, type PolicyCounts } from './policy-counts.js';
import { flags, type NumericArray, numbers, validity } from './vectors.js';

export interface Rows {
  rows: number;
  /** One array an input, in the signature's order: good until the batch is filled again. */
  columns: NumericArray[];
  /** Rows whose predictions are to be NULL (1), or null when there are none. */
  voided: Uint8Array | null;
}

export class Batch {
  rows = 0;
  private columns: NumericArray[];
  private voided: Uint8Array;
  private anyVoided = false;

  constructor(
    private readonly reading: Reading,
    private readonly counts: PolicyCounts,
    private capacity: number,
  ) {
    this.columns = reading.inputs.map(({ type }) => newArray(type, capacity));
    this.voided = new Uint8Array(capacity);
  }

  /** False when one of the rows must be refused. */
  add(chunk: DuckDBDataChunk): boolean {
    const { inputs, refused, voided, replaced } = this.reading;
    const rows = chunk.rowCount;
    if (refused !== null && flags(chunk.getColumnVector(refused)).includes(1)) return false;
    if (this.rows + rows > this.capacity) this.grow();
    for (const [index, input] of inputs.entries()) {
      const target = this.columns[index];
      if (target === undefined) throw new Error(`input ${input.name} has no column`);
      const vector = chunk.getColumnVector(index);
      const from = numbers(vector);
      const valid = validity(vector, rows);
      if (valid !== null && input.nullRefused) return false;
      const copied = copyChecked(target, this.rows, from, valid, input.plain ? input.nulls : null);
      if (copied === 'refused') return false;
      addCount(this.counts.nulls, input.column, copied);
      if (!input.plain) countMarks(target.subarray(this.rows, this.rows + rows), input, this.counts);
    }
    for (const { column, at } of replaced) addCount(this.counts.nulls, column, sum(flags(chunk.getColumnVector(at))));
    if (voided !== null) this.mark(flags(chunk.getColumnVector(voided)));
    this.rows += rows;
    return true;
  }

  slice(start: number, end: number): Rows {
    const columns = this.columns.map((values) => values.subarray(start, end));
    return { rows: end - start, columns, voided: this.anyVoided ? this.voided.subarray(start, end) : null };
  }

  /** The first `rows` are done with: what comes behind them moves to the front. */
  drop(rows: number): void {
    for (const values of this.columns) values.copyWithin(0, rows, this.rows);
    this.voided.copyWithin(0, rows, this.rows);
    this.rows -= rows;
    this.anyVoided = this.voided.subarray(0, this.rows).includes(1);
  }

  private mark(voided: Uint8Array): void {
    this.voided.set(voided, this.rows);
    this.anyVoided ||= voided.includes(1);
  }

  private grow(): void {
    const { columns, voided, reading } = this;
    this.capacity *= 2;
    this.columns = reading.inputs.map(({ type }) => newArray(type, this.capacity));
    for (const [index, values] of columns.entries()) copyChecked(this.columns[index] ?? values, 0, values, null, null);
    this.voided = new Uint8Array(this.capacity);
    this.voided.set(voided);
  }
}

/** Bytes that a row of the inputs takes. */
export function rowBytes({ inputs }: Reading): number {
  return inputs.reduce((sum, { type }) => sum + newArray(type, 1).byteLength, 0);
}

function newArray(type: ColumnType, length: number): NumericArray {
  switch (type) {
    case 'float':
      return new Float32Array(length);
    case 'double':
      return new Float64Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'int64':
      return new BigInt64Array(length);
  }
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (const byte of bytes) total += byte;
  return total;
}

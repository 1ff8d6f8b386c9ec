/** The data as batches of columns for the model, in its order. */

import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  FLOAT,
  INTEGER,
  UTINYINT,
} from '@duckdb/node-api';
import type { DuckdbNumber } from '../input-sql.js';
import type { Reading } from '../reading.js';
import type { PolicyCounts } from './policy-counts.js';
import { Batch, type Rows, rowBytes } from './row-batch.js';

/** Fewer rows cost a call of the runtime each, more leave the cache: linear models and trees are near their best here. */
const BATCH_ROWS = 16_384;
/** Of a model with a thousand inputs, a batch has fewer rows. */
const BATCH_BYTES = 2 ** 24;
/** DuckDB's vectors hold this many rows. */
const VECTOR_ROWS = 2048;

const TYPES: Record<DuckdbNumber, DuckDBType> = { FLOAT, DOUBLE, INTEGER, BIGINT };

/** Thrown when a row must be refused: why takes another look at the data. */
export class RefusedRow extends Error {}

/** What DuckDB says while it reads. */
export class ReadingError extends Error {}

/**
 * Streams the rows of `relation`; adds to `counts`. A batch is good until the next one is asked for. The connection's
 * instance must have one thread.
 *
 * The values come as the arguments of a function that DuckDB calls for each of its vectors, and gives nothing back
 * worth reading. Fetching them as chunks of a result took twice the time: each is a copy in fresh memory, half a
 * megabyte for 30 doubles, that goes only when the garbage collector runs.
 */
export async function* readBatches(
  connection: DuckDBConnection,
  relation: string,
  reading: Reading,
  counts: PolicyCounts,
): AsyncGenerator<Rows> {
  const size = batchRows(reading);
  const batch = new Batch(reading, counts, size * 2);
  let failure: Error | null = null;
  const { inputs, expressions } = reading;
  const take = DuckDBScalarFunction.create({
    name: 'take_rows',
    parameterTypes: expressions.map((_, index) => TYPES[inputs[index]?.from ?? 'FLOAT']).fill(UTINYINT, inputs.length),
    returnType: UTINYINT,
    // NULLs come along, and equal rows are not called for once only.
    specialHandling: true,
    volatile: true,
    mainFunction(info, chunk) {
      try {
        if (!batch.add(chunk)) failure = new RefusedRow();
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
      if (failure !== null) info.setError('stopped');
    },
  });
  connection.registerScalarFunction(take);
  // The function runs while the next of its results is fetched, until so many of them, a byte a row, wait to be read.
  await connection.run(`SET streaming_buffer_size = '${size}B'`);
  const failed = (error: unknown) => {
    throw failure ?? new ReadingError(error instanceof Error ? error.message : String(error));
  };
  const result = await connection.stream(`SELECT take_rows(${expressions.join(', ')}) FROM ${relation}`).catch(failed);
  for (;;) {
    const chunk = await result.fetchChunk().catch(failed);
    if (failure !== null) throw failure;
    const ended = chunk === null || chunk.rowCount === 0;
    const until = ended ? batch.rows : batch.rows - (batch.rows % size);
    for (let start = 0; start < until; start += size) yield batch.slice(start, Math.min(start + size, until));
    if (until > 0) batch.drop(until);
    if (ended) return;
  }
}

function batchRows(reading: Reading): number {
  const vectors = Math.floor(BATCH_BYTES / Math.max(1, rowBytes(reading)) / VECTOR_ROWS);
  return Math.min(BATCH_ROWS, Math.max(1, vectors) * VECTOR_ROWS);
}

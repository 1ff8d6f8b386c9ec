/** The DuckDB of one run of scoring: bounded, interrupted by the signal, and gone with all that it held. */

import { availableParallelism } from 'node:os';
import { type Duckdb, openDuckdb } from '../../rows/duckdb.js';
import { mustGoOn } from '../cancel.js';

/** What does not fit goes to disk, so that the memory does not grow with the rows. In megabytes. */
const MEMORY = 400;
/** It does with the columns: each of DuckDB's threads holds vectors of every expression that it works out. */
const MEMORY_PER_INPUT = 0.4;
/** So many inputs get no more threads than `MEMORY_PER_INPUT` is enough for. */
const WIDE = 256;
const WIDE_THREADS = 2;

/** `inputs`: how many the model has. After the signal, whatever `work` throws is CANCELLED. */
export async function withScoringDuckdb<T>(
  signal: AbortSignal | undefined,
  inputs: number,
  work: (duckdb: Duckdb) => Promise<T>,
): Promise<T> {
  mustGoOn(signal);
  const duckdb = await openDuckdb({
    memoryLimit: `${MEMORY + Math.ceil(MEMORY_PER_INPUT * inputs)}MB`,
    ...(inputs > WIDE ? { threads: Math.min(WIDE_THREADS, availableParallelism()) } : {}),
  });
  const interrupt = () => duckdb.connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work(duckdb);
  } catch (error) {
    mustGoOn(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await duckdb.close();
  }
}

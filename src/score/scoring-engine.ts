/** The DuckDB of one run of scoring: bounded, interrupted by the signal, and gone with all that it held. */

import { type Engine, openEngine } from '../rows/engine.js';
import { mustGoOn } from './predictions.js';

/** What does not fit goes to disk, so that the memory does not grow with the rows. */
const MEMORY_LIMIT = '400MB';

/** After the signal, whatever `work` throws is CANCELLED. */
export async function withScoringEngine<T>(
  signal: AbortSignal | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  mustGoOn(signal);
  const engine = await openEngine({ memoryLimit: MEMORY_LIMIT });
  const interrupt = () => engine.connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work(engine);
  } catch (error) {
    mustGoOn(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await engine.close();
  }
}

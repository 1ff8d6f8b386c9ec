/** Worker threads that score parts of the rows side by side; started when needed, kept for the next run. */

import { Worker } from 'node:worker_threads';
import { errorFromDocument, PredictableError } from '../errors.js';
import { compiledModule } from '../paths.js';
import type { Part } from './part.js';
import type { PolicyCounts } from './policy-counts.js';
import type { ScoringReply, ScoringRequest } from './worker.js';

/** How a part ended: with its counts, since it was told to stop, or for a reason that lies in the data. */
export type PartResult = { counts: PolicyCounts } | { stopped: true } | { refused: true } | { unreadable: string };

const idle: Worker[] = [];

/**
 * Scores the parts, each in its own thread. When one does not come to its end, the others are stopped; so are all on
 * `signal`. Throws what the runtime throws.
 */
export async function scoreParts(
  parts: Part[],
  onRows: (rows: number) => void,
  signal: AbortSignal | undefined,
): Promise<PartResult[]> {
  const workers = parts.map(() => idle.pop() ?? new Worker(compiledModule('score/worker.js')));
  const stop = () => {
    for (const worker of workers) worker.postMessage({ stop: true } satisfies ScoringRequest);
  };
  signal?.addEventListener('abort', stop);
  try {
    const running = parts.map(async (part, index) => {
      const worker = workers[index];
      if (worker === undefined) throw new Error('there is no thread for this part');
      try {
        const result = await runPart(worker, part, onRows);
        if (!('counts' in result)) stop();
        return result;
      } catch (error) {
        stop();
        throw error;
      }
    });
    // All come to their end, so that none writes into a folder that is gone.
    const settled = await Promise.allSettled(running);
    return settled.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function runPart(worker: Worker, part: Part, onRows: (rows: number) => void): Promise<PartResult> {
  return new Promise((resolve, reject) => {
    const crashed = (reason: string) =>
      reject(new PredictableError('INFERENCE_FAILED', `the scoring thread ended: ${reason}`));
    const done = () => {
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      // An idle thread must not keep the process alive.
      worker.unref();
      idle.push(worker);
    };
    worker.ref();
    worker.on('message', (reply: ScoringReply) => {
      if ('rows' in reply) return onRows(reply.rows);
      done();
      if ('error' in reply) reject(errorFromDocument(reply.error));
      else resolve(reply);
    });
    worker.on('error', (error) => crashed(error.message));
    worker.on('exit', (code) => crashed(`exit code ${code}`));
    worker.postMessage({ part } satisfies ScoringRequest);
  });
}

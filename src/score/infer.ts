/** Batches through several sessions at once; the results come in the order of the batches. */

import { openSession, parallelSessions } from '../inference/open.js';
import type { Session, SessionOptions, Tensor } from '../inference/session.js';
import type { Signature } from '../signature.js';
import type { Batch, NumericArray } from './batches.js';

export interface Predicted {
  rows: number;
  /** One array an output, in the signature's order. */
  columns: NumericArray[];
  voided: Uint8Array | null;
}

/** Batches under way for each session: one that runs, and one that waits for it. */
const DEPTH = 2;

export async function openSessions(bytes: Uint8Array, options: SessionOptions): Promise<Session[]> {
  // A foreign graph gets one process: its limits are for all of it.
  const count = options.origin === 'made' ? parallelSessions : 1;
  const opened = await Promise.allSettled(Array.from({ length: count }, () => openSession(bytes, options)));
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.close()));
  throw failed.reason;
}

export async function* infer(
  sessions: readonly Session[],
  signature: Signature,
  batches: AsyncIterable<Batch>,
): AsyncGenerator<Predicted> {
  const pending: Promise<Predicted>[] = [];
  let next = 0;
  try {
    for await (const batch of batches) {
      const session = sessions[next++ % sessions.length];
      if (session === undefined) throw new Error('there is no session to run in');
      const running = runBatch(session, signature, batch);
      // Awaited in its turn; until then a failure must not count as unhandled.
      running.catch(() => {});
      pending.push(running);
      const oldest = pending.length < sessions.length * DEPTH ? undefined : pending.shift();
      if (oldest !== undefined) yield await oldest;
    }
    for (let oldest = pending.shift(); oldest !== undefined; oldest = pending.shift()) yield await oldest;
  } finally {
    await Promise.allSettled(pending);
  }
}

async function runBatch(session: Session, signature: Signature, batch: Batch): Promise<Predicted> {
  const { rows, voided } = batch;
  const feeds: Record<string, Tensor> = {};
  for (const [index, { name, type }] of signature.inputs.entries()) {
    const data = batch.columns[index];
    if (data === undefined) throw new Error(`input ${name} has no column`);
    feeds[name] = { type, shape: [rows, 1], data };
  }
  const outputs = await session.run(feeds);
  const columns = signature.outputs.map(({ name }) => numeric(name, outputs[name], rows));
  return { rows, columns, voided };
}

function numeric(name: string, tensor: Tensor | undefined, rows: number): NumericArray {
  const data = tensor?.data;
  if (data === undefined || Array.isArray(data) || data instanceof Uint8Array || data.length !== rows) {
    throw new Error(`output ${name} is not one number a row: the model is not as its signature says`);
  }
  return data;
}

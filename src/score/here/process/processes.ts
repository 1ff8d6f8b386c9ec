/**
 * Child processes that score parts of the rows side by side; started when needed, kept for the next run. Two threads of
 * one process took 1.6 times as long on two cores: memory comes and goes with each vector, and one process has one lock
 * for its pages and one set of collectors of garbage for all threads.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { errorFromDocument, PredictableError } from '../../../errors.js';
import { compiledModule } from '../../../paths.js';
import type { ScoringReply, ScoringRequest } from './entry.js';
import type { Part } from './part.js';
import type { PolicyCounts } from './policy-counts.js';

/** How a part ended: with its counts, since it was told to stop, or for a reason that lies in the data. */
type PartResult = { counts: PolicyCounts } | { stopped: true } | { refused: true } | { unreadable: string };

const idle: ChildProcess[] = [];
const living = new Set<ChildProcess>();

/** The cores are busy with scoring: a collector with threads of its own would only take turns with it. */
const EXEC_ARGV = ['--single-threaded-gc'];

/**
 * Scores the parts, each in its own process. When one does not come to its end, the others are stopped; so are all on
 * `signal`. Throws what the runtime throws.
 */
export async function scoreParts(
  parts: Part[],
  onRows: (rows: number) => void,
  signal: AbortSignal | undefined,
): Promise<PartResult[]> {
  const scorers = parts.map(() => idle.pop() ?? startScorer());
  const stop = () => {
    for (const scorer of scorers) if (scorer.connected) send(scorer, { stop: true });
  };
  signal?.addEventListener('abort', stop);
  try {
    const running = parts.map(async (part, index) => {
      const scorer = scorers[index];
      if (scorer === undefined) throw new Error('there is no process for this part');
      try {
        const result = await runPart(scorer, part, onRows);
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

function startScorer(): ChildProcess {
  const scorer = fork(fileURLToPath(compiledModule('score/here/process/entry.js')), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: EXEC_ARGV,
  });
  if (living.size === 0) process.on('exit', endAll);
  living.add(scorer);
  return scorer.once('exit', () => {
    living.delete(scorer);
    if (living.size === 0) process.off('exit', endAll);
  });
}

/** One that does not hear that we are gone, since it stands still, is ended with us all the same. */
function endAll(): void {
  for (const scorer of living) scorer.kill('SIGKILL');
}

function send(scorer: ChildProcess, request: ScoringRequest): void {
  scorer.send(request);
}

function runPart(scorer: ChildProcess, part: Part, onRows: (rows: number) => void): Promise<PartResult> {
  return new Promise((resolve, reject) => {
    const crashed = (reason: string) =>
      reject(new PredictableError('INFERENCE_FAILED', `the scoring process ended: ${reason}`));
    const onMessage = (reply: ScoringReply) => {
      if ('rows' in reply) return onRows(reply.rows);
      release();
      if ('error' in reply) reject(errorFromDocument(reply.error));
      else resolve(reply);
    };
    const onError = (error: Error) => crashed(error.message);
    const onExit = (code: number | null, signal: string | null) => crashed(signal ?? `exit code ${code}`);
    const release = () => {
      scorer.off('message', onMessage).off('error', onError).off('exit', onExit);
      rest(scorer);
    };
    wake(scorer);
    scorer.on('message', onMessage).on('error', onError).on('exit', onExit);
    send(scorer, { part });
  });
}

/** An idle process must not keep this one alive; it ends with it. */
function rest(scorer: ChildProcess): void {
  scorer.unref();
  scorer.channel?.unref();
  scorer.once('exit', forget);
  idle.push(scorer);
}

function wake(scorer: ChildProcess): void {
  scorer.off('exit', forget);
  scorer.ref();
  scorer.channel?.ref();
}

function forget(this: ChildProcess): void {
  const position = idle.indexOf(this);
  if (position >= 0) idle.splice(position, 1);
}

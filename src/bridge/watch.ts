/** Watches over an interpreter while it has a call: it is ended when that takes too long or too much, or nobody wants it any more. */

import type { PredictableError } from '../errors.js';
import { logTail } from './crash.js';
import { cancelled, outOfMemory, timedOut } from './failures.js';
import type { InterpreterWorker } from './worker.js';

export interface Limits {
  /** Milliseconds; 0 for no limit. */
  timeout: number;
  /** Bytes that the interpreter and all that it started may hold; no limit when it is not said. */
  memory?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Watch {
  /** Why the interpreter was ended, if it was us. */
  reason: () => PredictableError | undefined;
  /** What the interpreter has said since. */
  log: () => string[];
  end: () => void;
}

/** How often the memory of a working interpreter is looked at: what grows by a gigabyte a second is over by little. */
const MEMORY_CHECK = 200;

/** `subject`: what the call is about, in the user's names. */
export function watchOver(interpreter: InterpreterWorker, subject: string, { timeout, memory, signal }: Limits): Watch {
  const logStart = interpreter.logSize();
  const log = () => logTail(interpreter.log, logStart);
  let reason: PredictableError | undefined;
  const stop = (why: PredictableError) => {
    reason ??= why;
    void interpreter.kill();
  };
  const cancel = () => stop(cancelled(subject));
  const deadline = timeout > 0 ? setTimeout(() => stop(timedOut(subject, timeout, log())), timeout) : undefined;
  const weigh = (allowed: number) => {
    const held = interpreter.residentBytes();
    if (held > allowed) stop(outOfMemory(subject, held, allowed, log()));
  };
  const scales = memory === undefined ? undefined : setInterval(() => weigh(memory), MEMORY_CHECK);
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    reason: () => reason,
    log,
    end: () => {
      clearTimeout(deadline);
      clearInterval(scales);
      signal?.removeEventListener('abort', cancel);
    },
  };
}

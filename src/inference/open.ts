/**
 * Loads a graph where it may run: in a worker thread when this run made it, else in a child process with limits; in a
 * Python interpreter, a process with a deadline too, when the runtime asks for it.
 */

import { PredictableError } from '../errors.js';
import { startProcess } from './process.js';
import type { InferenceReply } from './protocol.js';
import type { Session, SessionOptions, Tensor } from './session.js';
import { leastLoadedThread } from './threads.js';

/** A foreign graph gets a minute a call and 2 GB, unless the caller says otherwise. */
const FOREIGN_TIMEOUT_MS = 60_000;
const FOREIGN_MEMORY_MB = 2048;

let sessions = 0;

/** Throws INFERENCE_FAILED with the runtime's own words when the graph does not load. */
export async function openSession(bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const { runtime, timeout = FOREIGN_TIMEOUT_MS } = options;
  if (runtime === '1.5.2') {
    // Few targets need it, and the bridge takes a while to load.
    const { openInPython } = await import('./python-session.js');
    return openInPython(bytes, { runtime, timeout });
  }
  return options.origin === 'made' ? openInThread(bytes, options) : openInProcess(bytes, options);
}

async function openInThread(bytes: Uint8Array, { runtime }: SessionOptions): Promise<Session> {
  const thread = leastLoadedThread();
  const session = ++sessions;
  thread.sessions++;
  try {
    const names = loaded(await thread.call({ action: 'load', session, runtime, bytes }));
    return {
      runtime,
      ...names,
      run: async (feeds) => outputsOf(await thread.call({ action: 'run', session, feeds })),
      close: async () => {
        thread.sessions--;
        await thread.call({ action: 'release', session });
      },
    };
  } catch (error) {
    thread.sessions--;
    throw error;
  }
}

async function openInProcess(bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const { runtime, timeout = FOREIGN_TIMEOUT_MS, memory = FOREIGN_MEMORY_MB } = options;
  const child = startProcess({ timeout, memory });
  const session = ++sessions;
  try {
    const names = loaded(await child.call({ action: 'load', session, runtime, bytes }));
    return {
      runtime,
      ...names,
      run: async (feeds) => outputsOf(await child.call({ action: 'run', session, feeds })),
      close: async () => child.end(),
    };
  } catch (error) {
    child.end();
    throw error;
  }
}

function loaded(reply: InferenceReply): { inputNames: string[]; outputNames: string[] } {
  if ('inputNames' in reply) return { inputNames: reply.inputNames, outputNames: reply.outputNames };
  throw new PredictableError('INTERNAL', 'the inference host answered a load with something else');
}

function outputsOf(reply: InferenceReply): Record<string, Tensor> {
  if ('outputs' in reply) return reply.outputs;
  throw new PredictableError('INTERNAL', 'the inference host answered a run with something else');
}

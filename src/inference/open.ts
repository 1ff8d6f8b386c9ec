/**
 * Loads a graph where it may run: in a worker thread when this run made it, else (or when it is large) in a child process
 * with limits; in a Python interpreter, a process with a deadline too, when the runtime asks for it.
 */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import type { NodeRuntimeVersion } from '../runtimes/manifest.js';
import type { Tensor } from '../tensor.js';
import { startProcess } from './process.js';
import type { InferenceReply } from './protocol.js';
import type { Session, SessionOptions } from './session.js';
import { leastLoadedThread } from './threads.js';

/** A foreign graph gets a minute a call and 2 GB, unless the caller says otherwise. */
const FOREIGN_TIMEOUT_MS = 60_000;
const FOREIGN_MEMORY_MB = 2048;

/**
 * From here on a graph goes to its runtime as a file, and into a process of its own whoever made it: of 99 MB of weights
 * a worker thread would hold four more copies (the message, the runtime's parsed model, its tensors), some until it ends.
 */
const LARGE_BYTES = 16 * 2 ** 20;
/** A graph that this run made may take its time. */
const MADE_TIMEOUT_MS = 600_000;
/** The runtime's parsed model and its tensors, and what it makes of them when it optimises. */
const COPIES_IN_RUNTIME = 4;

type NodeSessionOptions = SessionOptions & { runtime: NodeRuntimeVersion };

let sessions = 0;

/** Throws INFERENCE_FAILED with the runtime's own words when the graph does not load, and what fetching the runtime throws. */
export async function openSession(bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const { runtime, timeout = FOREIGN_TIMEOUT_MS } = options;
  if (runtime === '1.5.2') {
    // Few targets need it, and the bridge takes a while to load.
    const { openInPython } = await import('./python-session.js');
    return openInPython(bytes, { runtime, timeout });
  }
  const node = { ...options, runtime };
  if (bytes.length >= LARGE_BYTES) return openLarge(bytes, node);
  return options.origin === 'made' ? openInThread(bytes, node) : openInProcess(bytes, node);
}

async function openInThread(bytes: Uint8Array, { runtime }: NodeSessionOptions): Promise<Session> {
  const { binding } = await ensureRuntime(runtime);
  const thread = leastLoadedThread();
  const session = ++sessions;
  thread.sessions++;
  try {
    const names = loaded(await thread.call({ action: 'load', session, binding, graph: bytes }));
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

async function openLarge(bytes: Uint8Array, options: NodeSessionOptions): Promise<Session> {
  const folder = temporaryFolder('graph');
  const graph = path.join(folder, 'graph.onnx');
  const { timeout = options.origin === 'made' ? MADE_TIMEOUT_MS : FOREIGN_TIMEOUT_MS } = options;
  const memory = options.memory ?? FOREIGN_MEMORY_MB + Math.ceil((COPIES_IN_RUNTIME * bytes.length) / 2 ** 20);
  try {
    await named(graph, () => writeFile(graph, bytes));
    // Once it is loaded, the runtime has all that it needs of the file.
    return await openInProcess(graph, { ...options, timeout, memory });
  } finally {
    await removeTemporary(folder);
  }
}

async function openInProcess(graph: Uint8Array | string, options: NodeSessionOptions): Promise<Session> {
  const { runtime, timeout = FOREIGN_TIMEOUT_MS, memory = FOREIGN_MEMORY_MB } = options;
  const { binding } = await ensureRuntime(runtime);
  const reads = [path.dirname(binding), ...(typeof graph === 'string' ? [path.dirname(graph)] : [])];
  const child = await startProcess({ timeout, memory }, reads);
  const session = ++sessions;
  try {
    const names = loaded(await child.call({ action: 'load', session, binding, graph }));
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

/** A few worker threads that hold the sessions of graphs made in this run; started when needed, and reused. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PredictableError } from '../errors.js';
import { compiledModule } from '../paths.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import type { RuntimeVersion } from '../targets/targets.js';
import { Channel, type InferenceCall } from './channel.js';
import { transferables } from './onnx-runtime.js';
import type { InferenceReply } from './protocol.js';

interface InferenceThread {
  call(request: InferenceCall): Promise<InferenceReply>;
  sessions: number;
}

const threads: InferenceThread[] = [];

/** The thread with the fewest sessions; a new one while there are fewer than cores. */
export function leastLoadedThread(): InferenceThread {
  const [first] = threads.toSorted((a, b) => a.sessions - b.sessions);
  if (first !== undefined && (first.sessions === 0 || threads.length >= availableParallelism())) return first;
  const thread = startThread();
  threads.push(thread);
  return thread;
}

/**
 * Starts the first threads, each with a runtime loaded, ahead of the first graph. A failure is not reported here, since
 * the session that needs the runtime reports the same.
 */
export function warmThreads(runtimes: readonly RuntimeVersion[]): void {
  if (threads.length > 0) return;
  for (const runtime of runtimes.filter((each) => each !== '1.5.2').slice(0, availableParallelism())) {
    const thread = startThread();
    threads.push(thread);
    ensureRuntime(runtime)
      .then(({ binding }) => thread.call({ action: 'warm', binding }))
      .catch(() => undefined);
  }
}

function startThread(): InferenceThread {
  const worker = new Worker(compiledModule('inference/worker.js'));
  const channel = new Channel((request) =>
    worker.postMessage(request, request.action === 'run' ? transferables(request.feeds) : []),
  );
  const release = () => {
    if (channel.idle) worker.unref();
  };
  const end = (reason: string) => {
    const position = threads.indexOf(thread);
    if (position >= 0) threads.splice(position, 1);
    channel.end(new PredictableError('INFERENCE_FAILED', `the inference thread ended: ${reason}`));
  };
  worker.on('message', (reply: InferenceReply) => channel.receive(reply));
  worker.on('error', (error) => end(error.message));
  worker.on('exit', (code) => end(`exit code ${code}`));
  // An idle thread must not keep the process alive.
  worker.unref();
  const thread: InferenceThread = {
    sessions: 0,
    call: (request) => {
      worker.ref();
      return channel.call(request).finally(release);
    },
  };
  return thread;
}

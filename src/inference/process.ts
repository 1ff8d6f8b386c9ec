/** A child process for one graph that was not made in this run: it ends when a call takes too long or it grows too large. */

import type { ChildProcess } from 'node:child_process';
import { residentBytes } from '../bridge/resident.js';
import { PredictableError } from '../errors.js';
import { Channel, type InferenceCall } from './channel.js';
import type { InferenceReply } from './protocol.js';
import { startSandboxed } from './sandboxed-node.js';

const MEMORY_CHECK_MS = 50;
const MEBIBYTE = 2 ** 20;

interface Limits {
  /** Milliseconds a call may take. */
  timeout: number;
  /** Mebibytes of resident memory. */
  memory: number;
}

interface InferenceProcess {
  call(request: InferenceCall): Promise<InferenceReply>;
  end(): void;
}

/** `reads`: what it reads beside our own code: the runtime's folder, and the graph where that is a file. */
export async function startProcess(limits: Limits, reads: string[]): Promise<InferenceProcess> {
  const child = await startSandboxed('inference/child.js', reads, limits.memory * MEBIBYTE);
  const channel = new Channel((request) => child.send(request));
  const watch = watchMemory(child, limits.memory, () => {
    stop(
      new PredictableError('OUT_OF_MEMORY', `the graph took more than ${limits.memory} MB of memory`, {
        hint: 'Score fewer rows at a time, or check where this graph comes from.',
      }),
    );
  });
  const stop = (error: PredictableError) => {
    clearInterval(watch);
    channel.end(error);
    child.kill('SIGKILL');
  };
  child.on('message', (reply: InferenceReply) => channel.receive(reply));
  child.on('error', (error) => stop(new PredictableError('INFERENCE_FAILED', error.message)));
  child.on('exit', (code, signal) =>
    stop(new PredictableError('INFERENCE_FAILED', `the runtime crashed (${signal ?? `exit code ${code}`})`)),
  );
  return {
    call: async (request) => {
      const deadline = setTimeout(() => {
        stop(tookTooLong(limits.timeout));
      }, limits.timeout);
      try {
        return await channel.call(request);
      } finally {
        clearTimeout(deadline);
      }
    },
    end: () => stop(new PredictableError('INFERENCE_FAILED', 'the session is closed')),
  };
}

export function tookTooLong(timeout: number): PredictableError {
  return new PredictableError('INFERENCE_TIMEOUT', `the graph did not answer within ${timeout / 1000} s`, {
    hint: 'A Loop in it may never end. Give it more time with --timeout if it is only slow.',
  });
}

/** Node cannot limit native memory, so the parent looks; without /proc only the deadline holds. */
function watchMemory(child: ChildProcess, limit: number, exceeded: () => void): NodeJS.Timeout {
  const watch = setInterval(() => {
    if (child.pid !== undefined && residentBytes(child.pid) > limit * MEBIBYTE) exceeded();
  }, MEMORY_CHECK_MS);
  return watch.unref();
}

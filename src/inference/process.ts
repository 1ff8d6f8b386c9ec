/** A child process for one graph that was not made in this run: it ends when a call takes too long or it grows too large. */

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PredictableError } from '../errors.js';
import { compiledModule } from '../paths.js';
import { Channel, type InferenceCall } from './channel.js';
import type { InferenceReply } from './protocol.js';

const MEMORY_CHECK_MS = 50;
const MEBIBYTE = 2 ** 20;
const PAGE_BYTES = 4096;

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

export function startProcess(limits: Limits): InferenceProcess {
  const child = fork(fileURLToPath(compiledModule('inference/child.js')), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: { PATH: process.env.PATH ?? '' },
  });
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
    const resident = residentMebibytes(child.pid);
    if (resident !== undefined && resident > limit) exceeded();
  }, MEMORY_CHECK_MS);
  return watch.unref();
}

function residentMebibytes(pid: number | undefined): number | undefined {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return (Number(pages) * PAGE_BYTES) / MEBIBYTE;
  } catch {
    return undefined;
  }
}

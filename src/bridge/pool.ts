/** A warm pool of interpreters of one environment: calls go to one that is free, and a dead one is replaced. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { envelopeSchema } from '../converters/answer.js';
import { errorFromDocument, PredictableError } from '../errors.js';
import { crashed, logTail, subjectOf } from './crash.js';
import { interpreterVariables } from './interpreter-variables.js';
import { LogFolder } from './log-folder.js';
import type { InterpreterExit } from './messages.js';
import { InterpreterWorker } from './worker.js';

interface PoolOptions {
  /** The environment's Python. */
  python: string;
  /** How many interpreters at most; they are started as calls need them. Default: one a core. */
  size?: number;
  /** Keeps the interpreters' logs here; otherwise they are temporary. */
  logFolder?: string;
  /** Further variables for the interpreters, besides those that every one gets. */
  env?: Record<string, string>;
}

interface CallOptions {
  /** Milliseconds from the moment an interpreter takes the call, its start included; 0 for no limit. */
  timeout?: number | undefined;
  /** Bytes that the interpreter and all that it started may hold while it works (Linux); no limit when it is not said. */
  memory?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Slow conversions take tens of seconds: a call this long is lost. */
const DEFAULT_TIMEOUT = 10 * 60_000;

/** How often the memory of a working interpreter is looked at: what grows by a gigabyte a second is over by little. */
const MEMORY_CHECK = 200;

/** A call that no interpreter has taken yet. */
interface Waiting {
  resolve(interpreter: InterpreterWorker): void;
  cancel(): void;
}

export class InterpreterPool {
  readonly #options: PoolOptions;
  readonly #size: number;
  readonly #interpreters = new Set<InterpreterWorker>();
  readonly #busy = new Set<InterpreterWorker>();
  readonly #queue: Waiting[] = [];
  readonly #logs: LogFolder;
  #started = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#size = Math.max(1, options.size ?? availableParallelism());
    this.#logs = new LogFolder(options.logFolder);
  }

  /**
   * Sends a converter request and returns its value. Throws the error of the envelope, CONVERTER_CRASHED when the
   * interpreter ends, CONVERTER_TIMEOUT, OUT_OF_MEMORY or CANCELLED; after these nothing of the call runs any more.
   */
  async call(request: object, options: CallOptions = {}): Promise<unknown> {
    const interpreter = await this.#take(request, options.signal);
    try {
      return await this.#run(interpreter, request, options);
    } finally {
      this.#release(interpreter);
    }
  }

  /**
   * Starts an interpreter, and imports a converter in it, ahead of the first call. Resolves when that is done; a failure
   * is not reported here, since the call that needs the converter reports the same.
   */
  async warm(converter?: string): Promise<void> {
    if (this.#closed) return;
    try {
      const interpreter = this.#free() ?? this.#grow();
      if (interpreter === undefined || converter === undefined) return;
      await interpreter.call(JSON.stringify({ action: 'warm', converter }));
    } catch {
      // See above.
    }
  }

  /** Ends all interpreters and everything that they started. Calls that have no answer yet are rejected with CANCELLED. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of [...this.#queue]) waiting.cancel();
    await Promise.all([...this.#interpreters].map((interpreter) => interpreter.kill()));
    this.#logs.remove();
  }

  /** Ends the interpreters that have nothing to do; the next call starts one again. */
  async rest(): Promise<void> {
    const idle = this.#usable().filter((interpreter) => !this.#busy.has(interpreter));
    await Promise.all(idle.map((interpreter) => interpreter.kill()));
  }

  async #run(
    interpreter: InterpreterWorker,
    request: object,
    { timeout = DEFAULT_TIMEOUT, memory, signal }: CallOptions,
  ): Promise<unknown> {
    const logStart = interpreter.logSize();
    const log = () => logTail(interpreter.log, logStart);
    const subject = subjectOf(request);
    let stopped: PredictableError | undefined;
    const stop = (reason: PredictableError) => {
      stopped ??= reason;
      void interpreter.kill();
    };
    const cancel = () => stop(cancelled(subject));
    const deadline = timeout > 0 ? setTimeout(() => stop(timedOut(subject, timeout, log())), timeout) : undefined;
    const watch =
      memory === undefined
        ? undefined
        : setInterval(() => {
            const held = interpreter.residentBytes();
            if (held > memory) stop(outOfMemory(subject, held, memory, log()));
          }, MEMORY_CHECK);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return openEnvelope(await interpreter.call(JSON.stringify(request)));
    } catch (thrown) {
      if (!isExit(thrown)) throw thrown;
      if (this.#closed) throw cancelled(subject);
      throw stopped ?? crashed(subject, thrown, log());
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
      signal?.removeEventListener('abort', cancel);
    }
  }

  #take(request: object, signal?: AbortSignal): Promise<InterpreterWorker> {
    if (signal?.aborted || this.#closed) return Promise.reject(cancelled(subjectOf(request)));
    const free = this.#free() ?? this.#grow();
    if (free !== undefined) {
      this.#busy.add(free);
      return Promise.resolve(free);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve: (interpreter) => {
          signal?.removeEventListener('abort', waiting.cancel);
          resolve(interpreter);
        },
        cancel: () => {
          signal?.removeEventListener('abort', waiting.cancel);
          this.#queue.splice(this.#queue.indexOf(waiting), 1);
          reject(cancelled(subjectOf(request)));
        },
      };
      signal?.addEventListener('abort', waiting.cancel);
      this.#queue.push(waiting);
    });
  }

  /** An interpreter without a call, rather one that has finished its start. */
  #free(): InterpreterWorker | undefined {
    const free = this.#usable().filter((interpreter) => !this.#busy.has(interpreter));
    return free.find((interpreter) => interpreter.ready) ?? free[0];
  }

  #release(interpreter: InterpreterWorker): void {
    this.#busy.delete(interpreter);
    if (this.#closed) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    const free = interpreter.usable ? interpreter : this.#start();
    this.#busy.add(free);
    next.resolve(free);
  }

  #usable(): InterpreterWorker[] {
    return [...this.#interpreters].filter((interpreter) => interpreter.usable);
  }

  #grow(): InterpreterWorker | undefined {
    return this.#usable().length < this.#size ? this.#start() : undefined;
  }

  #start(): InterpreterWorker {
    const { python, env } = this.#options;
    const log = path.join(this.#logs.path(), `interpreter-${++this.#started}.log`);
    const interpreter = new InterpreterWorker({ python, log }, interpreterVariables(process.env, env));
    this.#interpreters.add(interpreter);
    void interpreter.exited.then(() => this.#interpreters.delete(interpreter));
    return interpreter;
  }
}

/** Characters of an answer that is none, as an error shows it. */
const LONGEST_ANSWER = 2000;

export function openEnvelope(text: string): unknown {
  const read = envelopeSchema.safeParse(JSON.parse(text));
  if (!read.success) {
    const places = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new PredictableError('CONVERTER_FAILED', `the converter's answer is no envelope: ${places}`, {
      hint: 'This is a defect of the converter: please report it with the command and the model.',
      details: { answer: text.slice(0, LONGEST_ANSWER) },
    });
  }
  const envelope = read.data;
  if (!envelope.ok) throw errorFromDocument(envelope.error as Parameters<typeof errorFromDocument>[0]);
  return envelope.value;
}

function isExit(thrown: unknown): thrown is InterpreterExit {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'signal' in thrown;
}

export function cancelled(subject: string): PredictableError {
  return new PredictableError('CANCELLED', `${subject} was cancelled.`);
}

function outOfMemory(subject: string, held: number, allowed: number, log: string[]): PredictableError {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return new PredictableError(
    'OUT_OF_MEMORY',
    `${subject} held ${gigabytes(held)} of memory, where ${gigabytes(allowed)} are allowed, and was ended.`,
    { hint: 'Allow more with --memory, with fewer --jobs beside it.', details: { held, allowed, log } },
  );
}

export function timedOut(subject: string, timeout: number, log: string[]): PredictableError {
  return new PredictableError('CONVERTER_TIMEOUT', `${subject} took longer than ${timeout / 1000} s and was ended.`, {
    hint: 'Allow more time with --timeout SECONDS.',
    details: { timeout, log },
  });
}

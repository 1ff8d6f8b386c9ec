/** A warm pool of interpreters of one environment: calls go to one that is free, and a dead one is replaced. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { crashed, subjectOf } from './crash.js';
import { openEnvelope } from './envelope.js';
import { cancelled, mustStand } from './failures.js';
import { interpreterVariables } from './interpreter-variables.js';
import { LogFolder } from './log-folder.js';
import type { InterpreterExit } from './messages.js';
import { type CallFiles, RunFolder } from './run-folder.js';
import {
  defaultMemory,
  HAS_SANDBOX,
  NO_SANDBOX,
  ownCode,
  type Sandbox,
  type SandboxProfile,
  sandboxVariable,
} from './sandbox.js';
import { type Watch, watchOver } from './watch.js';
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
  /** What the interpreters may start; null for those that load no models and talk to others. */
  profile?: SandboxProfile | null;
  /** Further folders that they read. */
  read?: string[] | undefined;
  /** Bytes of memory that an interpreter may take (Linux); half of the machine's when it is not said. */
  memory?: number | undefined;
  /** Refuses calls where a wall is missing. */
  requireSandbox?: boolean | undefined;
}

interface CallOptions {
  /** Milliseconds from the moment an interpreter takes the call, its start included; 0 for no limit. */
  timeout?: number | undefined;
  /** Bytes that the interpreter and all that it started may hold while it works (Linux); no limit when it is not said. */
  memory?: number | undefined;
  signal?: AbortSignal | undefined;
  /** The files that the request names; without them the interpreter reads nothing but code. */
  files?: CallFiles | undefined;
  /** Looks at the walls before the request is sent; what it throws ends the call. */
  admit?: ((walls: Sandbox) => void) | undefined;
}

/** Slow conversions take tens of seconds: a call this long is lost. */
const DEFAULT_TIMEOUT = 10 * 60_000;

/** A call that no interpreter has taken yet. */
interface Waiting {
  code: string[];
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
  #sandbox: Sandbox = NO_SANDBOX;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#size = Math.max(1, options.size ?? availableParallelism());
    this.#logs = new LogFolder(options.logFolder);
  }

  /**
   * Sends a converter request and returns its value. Throws the error of the envelope, CONVERTER_CRASHED when the
   * interpreter ends, CONVERTER_TIMEOUT, OUT_OF_MEMORY, SANDBOX_UNAVAILABLE or CANCELLED; after these nothing of the call
   * runs any more.
   */
  async call(request: object, options: CallOptions = {}): Promise<unknown> {
    const interpreter = await this.#take(request, options);
    const { timeout = DEFAULT_TIMEOUT, memory, signal } = options;
    const watch = watchOver(interpreter, subjectOf(request), { timeout, memory, signal });
    try {
      const walls = await this.#wallsBefore(interpreter, options);
      if (this.#options.requireSandbox === true) mustStand(subjectOf(request), walls);
      if (walls !== undefined) options.admit?.(walls);
      return await this.#runInFolder(interpreter, request, options, watch);
    } finally {
      watch.end();
      this.#release(interpreter);
    }
  }

  /** Undefined where nobody asks for them, and of an interpreter that has ended, as the call then says. */
  async #wallsBefore(interpreter: InterpreterWorker, { admit }: CallOptions): Promise<Sandbox | undefined> {
    return this.#options.requireSandbox === true || admit !== undefined ? interpreter.walls : undefined;
  }

  /** The walls around the interpreters, once one of them has answered. */
  sandbox(): Sandbox {
    return this.#sandbox;
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
    await Promise.all(this.#idle().map((interpreter) => interpreter.kill()));
  }

  /** The call's files are where the interpreter reaches them for as long as it runs. */
  async #runInFolder(
    interpreter: InterpreterWorker,
    request: object,
    options: CallOptions,
    watch: Watch,
  ): Promise<unknown> {
    const { folder } = interpreter;
    if (folder === undefined) return openEnvelope(await this.#run(interpreter, request, watch));
    const staged = options.files === undefined ? undefined : await folder.put(options.files);
    try {
      const envelope = await this.#run(interpreter, staged?.request(request) ?? request, watch);
      await staged?.take();
      return openEnvelope(envelope, (answer) => staged?.answer(answer) ?? answer);
    } finally {
      // Where something is in the way, the next model gets another folder.
      if (interpreter.usable) await folder.clear().catch(() => interpreter.kill());
    }
  }

  async #run(interpreter: InterpreterWorker, request: object, watch: Watch): Promise<string> {
    const subject = subjectOf(request);
    try {
      return await interpreter.call(JSON.stringify(request));
    } catch (thrown) {
      if (!isExit(thrown)) throw thrown;
      if (this.#closed) throw cancelled(subject);
      throw watch.reason() ?? crashed(subject, thrown, watch.log());
    } finally {
      watch.end();
    }
  }

  #take(request: object, { signal, files }: CallOptions): Promise<InterpreterWorker> {
    if (signal?.aborted || this.#closed) return Promise.reject(cancelled(subjectOf(request)));
    const code = files?.code ?? [];
    const free = this.#free(code) ?? this.#grow(code);
    if (free !== undefined) {
      this.#busy.add(free);
      return Promise.resolve(free);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        code,
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

  /** An interpreter without a call that reads these folders of code and no others, rather one that has finished its start. */
  #free(code: string[] = []): InterpreterWorker | undefined {
    const free = this.#idle().filter((interpreter) => isFor(interpreter, code));
    return free.find((interpreter) => interpreter.ready) ?? free[0];
  }

  #release(interpreter: InterpreterWorker): void {
    this.#busy.delete(interpreter);
    if (this.#closed) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    const fits = interpreter.usable && isFor(interpreter, next.code);
    if (!fits) void interpreter.kill();
    const free = fits ? interpreter : this.#start(next.code);
    this.#busy.add(free);
    next.resolve(free);
  }

  #idle(): InterpreterWorker[] {
    return this.#usable().filter((interpreter) => !this.#busy.has(interpreter));
  }

  #usable(): InterpreterWorker[] {
    return [...this.#interpreters].filter((interpreter) => interpreter.usable);
  }

  /** One more, in the place of an idle one that reads other code where there are enough. */
  #grow(code: string[] = []): InterpreterWorker | undefined {
    if (this.#usable().length < this.#size) return this.#start(code);
    const [idle] = this.#idle();
    void idle?.kill();
    return idle === undefined ? undefined : this.#start(code);
  }

  #start(code: string[] = []): InterpreterWorker {
    const { python, env, profile = 'python', read = [], memory = defaultMemory() } = this.#options;
    const log = path.join(this.#logs.path(), `interpreter-${++this.#started}.log`);
    const folder = HAS_SANDBOX && profile !== null ? new RunFolder(code) : undefined;
    const variables = { ...interpreterVariables(process.env, env) };
    if (folder !== undefined && profile !== null) {
      const reads = { own: ownCode(), read: [...read, ...code] };
      const policy = { profile, folder: folder.path, ...reads, memory };
      Object.assign(variables, sandboxVariable(policy));
    }
    const interpreter = new InterpreterWorker({ python, log }, variables, folder);
    this.#interpreters.add(interpreter);
    void interpreter.walls.then((walls) => {
      this.#sandbox = walls ?? this.#sandbox;
    });
    void interpreter.exited.then(() => this.#interpreters.delete(interpreter));
    return interpreter;
  }
}

function isExit(thrown: unknown): thrown is InterpreterExit {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'signal' in thrown;
}

/** Whether it reads these folders of the user's code; one without walls reads all. */
function isFor({ folder }: InterpreterWorker, code: string[]): boolean {
  return folder === undefined || folder.code.join('\n') === code.join('\n');
}

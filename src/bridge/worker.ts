/** One interpreter as the main thread sees it: calls in, envelopes out, and news of its end. */

import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../paths.js';
import type { FromInterpreter, InterpreterData, InterpreterExit, ToInterpreter } from './messages.js';
import { residentBytes } from './resident.js';
import type { RunFolder } from './run-folder.js';
import { NO_SANDBOX, type Sandbox } from './sandbox.js';

/** How long the guard may take to clear up before everything is ended from here. */
const CLEARING_UP = 2_000;

interface Waiting {
  resolve(envelope: string): void;
  reject(exit: InterpreterExit): void;
}

export class InterpreterWorker {
  readonly log: string;
  /** Settles when the interpreter and all that it started have ended; never rejects. */
  readonly exited: Promise<InterpreterExit>;
  /** Whether it can take a call: it has not ended and is not being ended. */
  usable = true;
  /** Whether it has said that it is there. */
  ready = false;
  /** Settles with the walls around it when it is there, or with nothing when it has ended before. */
  readonly walls: Promise<Sandbox | undefined>;

  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #pids: number[] = [];
  #calls = 0;
  #ended = false;
  #settle: (exit: InterpreterExit) => void = () => undefined;
  #stand: (walls?: Sandbox) => void = () => undefined;

  /** `folder`: what it may write, and which goes with it; undefined where it writes where it likes. */
  constructor(
    data: InterpreterData,
    env: Record<string, string>,
    readonly folder?: RunFolder | undefined,
  ) {
    this.log = data.log;
    this.walls = new Promise((resolve) => {
      this.#stand = resolve;
    });
    this.exited = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#worker = new Worker(compiledModule('bridge/interpreter.js'), {
      workerData: data,
      env,
      execArgv: [],
      // Our own streams belong to the command line.
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: FromInterpreter) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end({ code: null, signal: null, reason: error.message }));
    this.#worker.on('exit', (code) => this.#end({ code, signal: null, reason: 'its thread ended' }));
    // An idle interpreter is no reason for the program to go on.
    this.#worker.unref();
  }

  /** Sends one request. Rejects with an InterpreterExit as soon as the interpreter has ended. */
  call(request: string): Promise<string> {
    if (this.#ended) return this.exited.then((exit) => Promise.reject(exit));
    const id = this.#calls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#post({ type: 'call', id, request });
    });
  }

  /** Ends the interpreter and everything that it started; resolves when they are gone. */
  async kill(): Promise<InterpreterExit> {
    if (this.#ended) return this.exited;
    this.usable = false;
    this.#worker.ref();
    this.#post({ type: 'kill' });
    const impatient = setTimeout(() => {
      for (const pid of this.#pids) killGroup(pid);
      void this.#worker.terminate();
    }, CLEARING_UP);
    const exit = await this.exited;
    clearTimeout(impatient);
    return exit;
  }

  /** What it and all that it started hold of memory; 0 before it is there. */
  residentBytes(): number {
    const [interpreter] = this.#pids;
    return interpreter === undefined || !this.ready ? 0 : residentBytes(interpreter);
  }

  /** How much of its log there is now. */
  logSize(): number {
    return statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
  }

  #post(message: ToInterpreter): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromInterpreter): void {
    switch (message.type) {
      case 'started':
        this.#pids = [message.guard];
        break;
      case 'ready':
        this.ready = true;
        this.#pids = [message.interpreter, message.guard];
        this.#stand(message.sandbox ?? NO_SANDBOX);
        break;
      case 'answer':
        this.#waiting.get(message.id)?.resolve(message.envelope);
        this.#waiting.delete(message.id);
        if (this.#waiting.size === 0) this.#worker.unref();
        break;
      case 'exited': {
        const { type: _, ...exit } = message;
        this.#end(exit);
      }
    }
  }

  #end(exit: InterpreterExit): void {
    if (this.#ended) return;
    this.#ended = true;
    this.usable = false;
    // A guard that was killed itself could not clear up.
    if (exit.signal === 'SIGKILL') for (const pid of this.#pids) killGroup(pid);
    for (const { reject } of this.#waiting.values()) reject(exit);
    this.#waiting.clear();
    this.folder?.remove();
    this.#stand();
    this.#settle(exit);
    void this.#worker.terminate();
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    // EPERM: the number already belongs to somebody else.
    if (!gone && !(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}

/** Ctrl-C and SIGTERM: work that can stops in an orderly way, any other ends at once, and none goes on. */

import { PredictableError } from '../errors.js';
import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';

/** So long may work that was told to stop take to put things in order: interpreters end, what is done is kept. */
const ORDERLY_MS = 10_000;

/** A file that is not read in this time may never be. */
const BLOCKED_MS = 1_000;
const LOOK_EVERY_MS = 20;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export class Interruption {
  readonly #controller = new AbortController();
  readonly #interrupt = (signal: NodeJS.Signals) => this.#stop(signal);
  /** Whether somebody has taken the signal, and so will stop by it. */
  #taken = false;

  constructor(private readonly output: Output) {
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
  }

  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  get signal(): AbortSignal {
    this.#taken = true;
    return this.#controller.signal;
  }

  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
  }

  #stop(signal: NodeJS.Signals): void {
    if (this.#taken && !this.happened) {
      this.output.note('stopping … (again: at once)');
      this.#controller.abort(interrupted());
      setTimeout(() => this.#endNow(signal), ORDERLY_MS).unref();
    } else this.#endNow(signal);
  }

  #endNow(signal: NodeJS.Signals): void {
    this.output.error(interrupted());
    const deadline = Date.now() + BLOCKED_MS;
    // Node's own exit waits for files that are being opened or read, which on a lost disk may be for ever: the system's does not.
    const end = () => {
      if (!waitsForFile()) process.exit(EXIT.interrupted);
      if (Date.now() < deadline) return;
      process.emit('exit', EXIT.interrupted);
      this.end();
      process.kill(process.pid, signal);
    };
    end();
    setInterval(end, LOOK_EVERY_MS);
  }
}

function waitsForFile(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));
}

export function interrupted(): PredictableError {
  return new PredictableError('CANCELLED', 'interrupted');
}

/** What the main thread and an interpreter's worker thread say to each other. */

import type { Sandbox } from './sandbox.js';

export interface InterpreterData {
  /** The environment's Python. */
  python: string;
  /** File that takes the interpreter's whole output. */
  log: string;
}

export type ToInterpreter =
  | { type: 'call'; id: number; request: string }
  /** Ends the interpreter and everything it started; answered by `exited`. */
  | { type: 'kill' };

export type FromInterpreter =
  /** The guard's process id, as soon as there is one: it may have to be ended before it says a word. */
  | { type: 'started'; guard: number }
  /** Process ids: of the guard that we started, and of the interpreter that it watches over; the walls around it, where there are any. */
  | { type: 'ready'; guard: number; interpreter: number; sandbox: Sandbox | null }
  | { type: 'answer'; id: number; envelope: string }
  | ({ type: 'exited' } & InterpreterExit);

/** How an interpreter ended. */
export interface InterpreterExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started or talked to, when that is known here. */
  reason?: string;
}

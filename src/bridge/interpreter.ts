/** Worker thread that owns one Python interpreter through pythonia, which allows one per module instance. */

import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { spawnGuarded } from './guarded-spawn.js';
import type { FromInterpreter, InterpreterData, ToInterpreter } from './messages.js';
import type { Sandbox } from './sandbox.js';

/** What is used of pythonia; its own typings leave out `com`. */
interface Pythonia {
  python(module: string): Promise<Host>;
  com: { register(event: string, handler: (message: unknown) => unknown): void };
}

/** The Python side. A `$` ends names that pythonia would take for its own, and adds keyword arguments. */
interface Host {
  /** JSON: its process id, and the walls that its guard measured. */
  identify(): Promise<string>;
  call$(request: string, keywords: Record<string, never>): Promise<string>;
}

const port = parentPort;
if (port === null) throw new Error('this module is a worker thread');
const post = (message: FromInterpreter) => port.postMessage(message);

const { python, log } = workerData as InterpreterData;
// pythonia says what it thinks on the console: that belongs to the log.
for (const level of ['log', 'warn', 'error', 'debug'] as const) {
  console[level] = (...parts: unknown[]) => appendFileSync(log, `${format(...parts)}\n`);
}
const require = createRequire(import.meta.url);
const child = spawnGuarded(require('node:child_process'), { log }, () => loadPythonia());
watchOver(child.process);
if (child.process.pid !== undefined) post({ type: 'started', guard: child.process.pid });
const host = connect(child.result, child.process);

port.on('message', (message: ToInterpreter) => {
  if (message.type === 'kill') child.end();
  else void answer(message.id, message.request);
});

async function answer(id: number, request: string): Promise<void> {
  try {
    const envelope = await (await host).call$(request, {});
    post({ type: 'answer', id, envelope });
  } catch (thrown) {
    // The Python side never raises, so the connection itself is broken.
    giveUp(thrown);
  }
}

function loadPythonia(): Pythonia {
  process.env.PYTHON_BIN = python;
  // Deadlines are the pool's, which also ends the interpreter.
  process.env.REQ_TIMEOUT = '0';
  return require('pythonia') as Pythonia;
}

async function connect({ python: load, com }: Pythonia, { pid }: ChildProcess): Promise<Host> {
  // pythonia offers Python our `require` and `globalThis`: a converter has no business here.
  com.register('jsi', () => undefined);
  try {
    const loaded = await load('predictable_bridge.host');
    const identity = JSON.parse(await loaded.identify()) as { pid: number; sandbox: Sandbox | null };
    post({ type: 'ready', guard: pid ?? identity.pid, interpreter: identity.pid, sandbox: identity.sandbox });
    return loaded;
  } catch (thrown) {
    giveUp(thrown);
    return new Promise(() => undefined);
  }
}

function watchOver(started: ChildProcess): void {
  started.on('exit', (code, signal) => post({ type: 'exited', code, signal, ...why() }));
  started.on('error', (error) => post({ type: 'exited', code: null, signal: null, reason: error.message }));
  // The interpreter is gone or has closed its end; its guard tells how as soon as it has cleared up.
  started.on('disconnect', () => child.end());
}

let broken: string | undefined;

function why(): { reason?: string } {
  return broken === undefined ? {} : { reason: broken };
}

function giveUp(thrown: unknown): void {
  broken ??= thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  child.end();
}

/** The errors of a call whose interpreter ended, with what the interpreter last said. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import type { InterpreterExit } from './messages.js';

/** Enough for a stack of native code and of Python. */
const TAIL_BYTES = 8_192;
const TAIL_LINES = 30;

/** What native code says when it is refused memory, before it ends. */
const NO_MEMORY = /std::bad_alloc|MemoryError|[Cc]annot allocate memory|OutOfMemoryError|[Oo]ut of memory/;

/** CONVERTER_CRASHED or OUT_OF_MEMORY, or ENVIRONMENT_FAILED when Python itself could not be started. */
export function crashed(what: string, exit: InterpreterExit, log: string[]): PredictableError {
  if (exit.code === null && exit.signal === null) {
    return new PredictableError('ENVIRONMENT_FAILED', `Python could not be started for ${what}: ${exit.reason}`, {
      hint: 'Build the environment again with: predictable setup',
      details: { log },
    });
  }
  if (log.some((line) => NO_MEMORY.test(line))) {
    return new PredictableError('OUT_OF_MEMORY', `Python ran out of memory at ${what}, and ended.`, {
      hint: 'Allow more with --memory, like --memory 16GB, convert fewer models at once, or use a smaller sample.',
      details: { exit: exit.signal ?? exit.code, log },
    });
  }
  const how = exit.signal === null ? `it exited with status ${exit.code}` : `it was ended by ${exit.signal}`;
  return new PredictableError('CONVERTER_CRASHED', `The Python interpreter ended in the middle of ${what}: ${how}.`, {
    hint: hintFor(exit),
    details: { exit: exit.signal ?? exit.code, log, ...(exit.reason === undefined ? {} : { reason: exit.reason }) },
  });
}

/** The last lines that an interpreter wrote to its log since `start`. */
export function logTail(file: string, start: number): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    return [`its log could not be read: ${error instanceof Error ? error.message : String(error)}`];
  }
  try {
    const { size } = fstatSync(descriptor);
    // A log that has become shorter was cut: all of it is new.
    const from = Math.max(size < start ? 0 : start, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    const read = readSync(descriptor, bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8', 0, read).split(/\r?\n/);
    return lines.filter((line) => line !== '').slice(-TAIL_LINES);
  } finally {
    closeSync(descriptor);
  }
}

/** What a call is about, in the user's own names. */
export function subjectOf(request: object): string {
  for (const key of ['path', 'converter'] as const) {
    const value: unknown = key in request ? Reflect.get(request, key) : undefined;
    if (typeof value === 'string') return path.basename(value);
  }
  return 'the call';
}

function hintFor({ signal }: InterpreterExit): string {
  if (signal === 'SIGKILL') {
    return 'Systems end a process this way when memory runs out: convert fewer models at once, or give it more memory.';
  }
  if (signal === 'SIGSEGV' || signal === 'SIGBUS' || signal === 'SIGABRT' || signal === 'SIGILL') {
    return 'Native code crashed: the model may be damaged, or made by another version of its framework.';
  }
  return 'The log in the details shows what it said last; other models go on in a new interpreter.';
}

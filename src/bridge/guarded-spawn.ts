/**
 * Gives pythonia another way to start Python, for it inherits our streams and offers no choice: under the guard, with
 * its output in a log file, in a process group of its own.
 */

import type * as childProcess from 'node:child_process';
import { type ChildProcess, execFile, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { pythonFolder } from './interpreter-variables.js';

export const guardScript = path.join(pythonFolder, 'predictable_bridge', 'guard.py');

const WINDOWS = process.platform === 'win32';

interface Guarded<T> {
  process: ChildProcess;
  /** Ends the process, its group and whatever has left that group. */
  end(): void;
  result: T;
}

/** Runs `load`, whose one call of `module.spawn` is turned into a guarded one. Affects this thread's module only. */
export function spawnGuarded<T>(module: typeof childProcess, options: { log: string }, load: () => T): Guarded<T> {
  const original = module.spawn;
  const started: ChildProcess[] = [];
  const guarded = (python: string, [script = '']: string[], given: SpawnOptions): ChildProcess => {
    const log = openSync(options.log, 'a+');
    try {
      const child = original(python, WINDOWS ? [script] : [guardScript, script], {
        ...given,
        // On Windows pythonia talks through stdin and stderr; elsewhere through a channel, and stdin is the guard's.
        stdio: WINDOWS ? ['pipe', log, 'pipe'] : ['pipe', log, log, 'ipc'],
        detached: !WINDOWS,
        windowsHide: true,
      });
      started.push(child);
      return child;
    } finally {
      closeSync(log);
    }
  };
  module.spawn = guarded as typeof original;
  try {
    const result = load();
    const [child] = started;
    if (child === undefined) throw new Error('pythonia started no interpreter');
    return { process: child, end: () => endGuarded(child), result };
  } finally {
    module.spawn = original;
  }
}

/** Ends what was started under the guard: closing its standard input is enough, except where there is no guard. */
export function endGuarded(child: ChildProcess): void {
  if (WINDOWS && child.pid !== undefined) execFile('taskkill', ['/pid', String(child.pid), '/T', '/F']);
  else child.stdin?.destroy();
}

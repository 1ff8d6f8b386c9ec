/** Runs a Python step of a build under the guard, which ends it and all it started when we end or are interrupted. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endGuarded, guardScript } from '../bridge/guarded-spawn.js';
import { throwIfCancelled } from './make-once.js';

interface GuardedStep {
  python: string;
  /** A script's path, or `-m` and a module; then their arguments. */
  run: string[];
  folder: string;
  env: Record<string, string>;
  onLine: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Resolves to the exit status, or the signal that ended it. Throws CANCELLED once everything has ended. */
export async function runGuarded({ python, run, folder, env, onLine, signal }: GuardedStep): Promise<number | string> {
  throwIfCancelled(signal);
  const child = spawn(python, [guardScript, ...run], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C on the terminal is for us to handle, not for pip.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const cancel = () => endGuarded(child);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    const ended = await new Promise<number | string>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, killedBy) => resolve(killedBy ?? code ?? 0));
    });
    throwIfCancelled(signal);
    return ended;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

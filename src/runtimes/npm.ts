/** Runs npm so that it ends when we do, even when we are killed: under the guard, where this machine has a Python. */

import { runGuarded } from '../environments/guarded.js';
import { findInterpreters } from '../environments/interpreters.js';
import { throwIfCancelled } from '../environments/make-once.js';

interface NpmEnded {
  /** The exit status, or the signal that ended it. */
  ended: number | string;
  /** Its lines, errors among them. */
  said: string;
}

/** The exit status of env(1), and of shells, for a program that is not there. */
export const NO_PROGRAM = 127;

/** Finds npm on the PATH. */
const ENV = '/usr/bin/env';

/** Throws CANCELLED once all has ended. */
export async function runNpm(words: string[], folder: string, signal: AbortSignal | undefined): Promise<NpmEnded> {
  const [python] = process.platform === 'win32' ? [] : await findInterpreters();
  if (python === undefined) return runAlone(words, folder, signal);
  const lines: string[] = [];
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value = '']) => [name, value]));
  const run = ['--exec', ENV, 'npm', ...words];
  const ended = await runGuarded({ python: python.path, run, folder, env, signal, onLine: (line) => lines.push(line) });
  return { ended, said: lines.join('\n') };
}

async function runAlone(words: string[], folder: string, signal: AbortSignal | undefined): Promise<NpmEnded> {
  // Loaded here alone: its hundred files would slow each conversion's start, in every thread.
  const { execa } = await import('execa');
  const options = { cwd: folder, reject: false, stdin: 'ignore', ...(signal && { cancelSignal: signal }) } as const;
  const { code, exitCode, signal: endedBy, stderr } = await execa('npm', words, options);
  throwIfCancelled(signal);
  return { ended: code === 'ENOENT' ? NO_PROGRAM : (exitCode ?? endedBy ?? 1), said: stderr };
}

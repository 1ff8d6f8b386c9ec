/** The processes of a world, told by what they name: its folder stands in their words, their variables or their working folder. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface OwnProcess {
  pid: number;
  parent: number;
  words: string;
}

/** Linux only: elsewhere nothing tells. */
export const TELLS = process.platform === 'linux';

/** All that name `folder`, but this process. What has ended and waits for its parent is none. */
export function processesOf(folder: string): OwnProcess[] {
  const found: OwnProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const words = read(name, 'cmdline');
    if (words === '') continue;
    if (!words.includes(folder) && !read(name, 'environ').includes(folder) && !workingFolder(name).startsWith(folder))
      continue;
    found.push({ pid: Number(name), parent: parentOf(name), words: words.replaceAll('\0', ' ') });
  }
  return found;
}

/** Those that somebody waits for: a guard, a shell, the command. */
export function parentsAmong(processes: OwnProcess[]): Set<number> {
  return new Set(processes.map(({ parent }) => parent));
}

/** Waits for a state, never for a time: throws with `what` when it has not come within `patience` milliseconds. */
export async function until<T>(what: string, look: () => T | undefined | false, patience: number): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patience / 1000} s`);
    await pause(5);
  }
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function read(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** The second field after the name in parentheses, which may hold anything (proc(5)). */
function parentOf(pid: string): number {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Where a cluster of this machine keeps its logs, sockets and environments while it runs. */

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'predictable-ray-';
/** Paths of sockets end at 107 characters, 103 on macOS, and Ray's own part takes 65 of them. */
const LONGEST = 36;

/** A new folder in the system's temporary one; what killed runs left is removed. */
export function newLocalFolder(): string {
  const parent = tmpdir().length + PREFIX.length + 6 <= LONGEST || !existsSync('/tmp') ? tmpdir() : '/tmp';
  for (const name of readdirSync(parent)) {
    const owner = /^predictable-ray-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(path.join(parent, name), REMOVE);
  }
  return mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`));
}

export function removeLocalFolder(folder: string): void {
  rmSync(folder, REMOVE);
}

/** Ended processes may still be closing their files. */
const REMOVE = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Where a cluster of this machine keeps its logs, sockets and environments while it runs. */

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'predictable-ray-';
/** Paths of sockets end at 107 characters, 103 on macOS, and Ray's own part takes 65 of them. */
const LONGEST = 36;

/** A new folder in the system's temporary one; what killed runs left is removed. */
export async function newLocalFolder(): Promise<string> {
  const parent = tmpdir().length + PREFIX.length + 6 <= LONGEST || !existsSync('/tmp') ? tmpdir() : '/tmp';
  const left = (await readdir(parent)).filter((name) => {
    const owner = /^predictable-ray-(\d+)-/.exec(name)?.[1];
    return owner !== undefined && !isRunning(Number(owner));
  });
  await Promise.all(left.map((name) => removeLocalFolder(path.join(parent, name))));
  return mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
}

/** Tens of thousands of files, so never all of them while everything else waits. */
export async function removeLocalFolder(folder: string): Promise<void> {
  await rm(folder, REMOVE);
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

/**
 * Temporary folders: they go with what they are for, at the latest with this process; what a process left that was killed, a
 * later one removes. A folder's name says whose it is, and is only believed by who can know: another container that shares
 * the folder has other process numbers, and after a restart they are given anew.
 */

import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileError } from '../errors.js';

const REMOVE = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };
/** What its name does not tell us about is removed after a day. */
const LEFT_BEHIND = 24 * 3_600_000;
const OURS = /^predictable-[a-z]+-(\d+)\.(\d+)\.(\w+)-\w+$/;

const held = new Set<string>();
const searched = new Set<string>();

/** A new folder. `kind`: what for, a word. Throws DISK_FULL, PERMISSION_DENIED and the like with the name of `parent`. */
export function temporaryFolder(kind: string, parent = tmpdir()): string {
  const { pid, started, world } = owner();
  let folder: string;
  try {
    folder = mkdtempSync(path.join(parent, `predictable-${kind}-${pid}.${started}.${world}-`));
  } catch (error) {
    throw fileError(error, parent) ?? error;
  }
  if (held.size === 0) process.on('exit', removeAll);
  held.add(folder);
  removeLeft(parent);
  return folder;
}

export async function removeTemporary(folder: string): Promise<void> {
  await rm(folder, REMOVE);
  forget(folder);
}

export function removeTemporaryNow(folder: string): void {
  rmSync(folder, REMOVE);
  forget(folder);
}

function forget(folder: string): void {
  held.delete(folder);
  if (held.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const folder of held) {
    try {
      rmSync(folder, REMOVE);
    } catch {
      // A later run removes it.
    }
  }
}

/** Once a process and folder; never an error of whoever wanted a folder. */
function removeLeft(parent: string): void {
  if (searched.has(parent)) return;
  searched.add(parent);
  try {
    for (const name of readdirSync(parent)) {
      const folder = path.join(parent, name);
      if (OURS.test(name) && isLeft(folder)) void rm(folder, REMOVE).catch(() => undefined);
    }
  } catch {
    // A folder that may not be listed.
  }
}

/** Whether the owner of a folder of ours is gone. Another user's is theirs to remove, and a link is nobody's. */
export function isLeft(folder: string): boolean {
  const [, pid = '', started = '', world = ''] = OURS.exec(path.basename(folder)) ?? [];
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (status === undefined || !status.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) return false;
  if (world !== owner().world) return Date.now() - status.mtimeMs > LEFT_BEHIND;
  return startOf(Number(pid)) !== started;
}

interface Owner {
  pid: number;
  /** When it started, in the system's own ticks: a number may be given to another process. 0 where the system does not tell. */
  started: string;
  /** Among which processes the number means something: this start of the system, and this container. */
  world: string;
}

let own: Owner | undefined;

function owner(): Owner {
  own ??= { pid: process.pid, started: startOf(process.pid) ?? '0', world: worldOf() };
  return own;
}

function worldOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    const [container = ''] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return `${boot}${container}`;
  } catch {
    return process.platform;
  }
}

/** When a process started, undefined where there is none: the 22nd field of /proc/PID/stat (proc(5)), counted after the name. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return process.platform !== 'linux' && isRunning(pid) ? '0' : undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Who made what lies about: a part of its name, which is only believed by who can know. Another container that shares the
 * folder has other process numbers, and after a restart they are given anew.
 */

import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

/** For patterns of names: what `ownerName` says. */
export const OWNER = '\\d+\\.\\d+\\.\\w+';
/** For whoever removes what may still be written to. */
export const REMOVE = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };

/** What an owner that nothing here can tell of has left is removed after a day. */
const LEFT_BEHIND = 24 * 3_600_000;

/** This process, as a part of a name. */
export function ownerName(): string {
  const { pid, started, world } = owner();
  return `${pid}.${started}.${world}`;
}

/** Whether the owner of what is there is gone. Another user's is theirs to remove. */
export function isGone(name: string, status: Stats): boolean {
  const [pid, started, world] = name.split('.');
  if (status.uid !== (process.getuid?.() ?? status.uid)) return false;
  if (world !== owner().world) return Date.now() - status.mtimeMs > LEFT_BEHIND;
  return startOf(Number(pid)) !== started;
}

/** What owners leave: names whose first group is the owner. */
export interface Kind {
  names: RegExp;
  folders: boolean;
}

const searched = new Set<string>();

/** Removes what owners have left that are gone. Once a process; never an error of whoever comes by. */
export function removeLeft(folder: string, kind: Kind): void {
  const key = `${kind.names.source} ${folder}`;
  if (searched.has(key)) return;
  searched.add(key);
  try {
    for (const name of readdirSync(folder)) {
      const place = path.join(folder, name);
      if (kind.names.test(name) && isLeft(place, kind)) void rm(place, REMOVE).catch(() => undefined);
    }
  } catch {
    // A folder that may not be listed.
  }
}

/** Whether it is of the kind, and its owner is gone. A link is nobody's. */
export function isLeft(place: string, { names, folders }: Kind): boolean {
  const name = names.exec(path.basename(place))?.[1];
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (name === undefined || status === undefined) return false;
  return (folders ? status.isDirectory() : status.isFile()) && isGone(name, status);
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

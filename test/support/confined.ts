/** Commands of Linux that take something away from a program: space on a disk, writing, the rights of root. */

import { execFileSync } from 'node:child_process';

/** A program behind these words runs so. Null where this machine cannot do it, which is said. */
export type Confinement = string[] | null;

/** A disk of 64 KB at `folder`, for the program and its children alone. */
export function onSmallDisk(folder: string): Confinement {
  return usable([...MOUNTING, 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"', folder]);
}

/** `folder` on a disk with so much space beyond what lies in it; what the program leaves there is in `folder.after`. */
export function filling(folder: string, kilobytes: number): Confinement {
  const script = `
    cp -a "$0" "$0.before" && used=$(du -sk "$0" | cut -f1)
    mount -t tmpfs -o size=$((used + ${kilobytes}))k tmpfs "$0" && cp -a "$0.before/." "$0/" && rm -r "$0.before"
    "$@"; ended=$?; cp -a "$0" "$0.after"; exit $ended`;
  return onSmallDisk(folder) && [...MOUNTING, script, folder];
}

/** So many open files (`n`), or files of so many blocks (`f`), for the program and its children. */
export function limiting(limit: 'n' | 'f', count: number): string[] {
  return ['sh', '-c', `ulimit -${limit} ${count}; exec "$@"`, 'sh'];
}

/** `folder` as it is, but read-only. */
export function readOnly(folder: string): Confinement {
  return usable([...MOUNTING, 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', folder]);
}

/** Root may read every folder; without these rights it is a user like any other. */
export function withoutRights(): Confinement {
  if (process.getuid?.() !== 0) return [];
  return usable(['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all']);
}

const MOUNTING = ['unshare', '--map-root-user', '--mount', 'sh', '-c'];

function usable(words: string[]): Confinement {
  const [program = '', ...rest] = words;
  try {
    execFileSync(program, [...rest, 'true'], { stdio: 'ignore' });
    return words;
  } catch {
    console.warn(`skipped: this machine has no ${words.slice(0, 3).join(' ')}`);
    return null;
  }
}

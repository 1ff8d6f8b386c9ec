/** The processes below another: those of a Ray node have groups of their own. */

import { spawnSync } from 'node:child_process';

export interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The deepest first. */
export function descendants(pid: number): Process[] {
  const listed = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout;
  const all = listed.split('\n').flatMap((line): Process[] => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ pid: Number(id), parent: Number(parent), command }];
  });
  const below = (of: number): Process[] =>
    all.filter(({ parent }) => parent === of).flatMap((child) => [...below(child.pid), child]);
  return below(pid);
}

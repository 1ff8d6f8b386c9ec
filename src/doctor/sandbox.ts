/** The walls that this machine has for processes that load models: measured behind them. */

import { measuredWalls } from '../bridge/measured-walls.js';
import { missingWalls, type Sandbox } from '../bridge/sandbox.js';
import { findInterpreters } from '../environments/interpreters.js';
import type { Finding } from './finding.js';

const NEEDS: Record<keyof Sandbox, string> = {
  files: 'Landlock of Linux 6.2 or newer, which a container may forbid',
  network: 'a filter of system calls (seccomp)',
  exec: 'a filter of system calls (seccomp)',
  memory: 'Linux',
};

export async function diagnoseSandbox(): Promise<Finding[]> {
  const [python] = await findInterpreters();
  if (python === undefined) return [];
  const [walls, javas] = await Promise.all([measuredWalls(python.path, 'python'), measuredWalls(python.path, 'java')]);
  const missing = missingWalls(walls);
  const [first] = missing;
  const part = 'Sandbox';
  if (first === undefined) return [{ part, state: 'ok', detail: `${Object.keys(walls).join(', ')}${ofJava(javas)}` }];
  const needs = [...new Set(missing.map((wall) => NEEDS[wall as keyof Sandbox]))].join('; ');
  return [
    {
      part,
      state: 'optional',
      detail: `not in force: ${missing.join(', ')}`,
      hint: `Models that somebody vouches for run without these walls. They need ${needs}.`,
    },
  ];
}

/** Spark talks to its Java over loopback, in a network of its own where this machine lets us make one. */
function ofJava({ network }: Sandbox): string {
  return network ? '' : '; but for Java, whose network is open here: user namespaces are forbidden';
}

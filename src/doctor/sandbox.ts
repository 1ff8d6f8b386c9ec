/** The walls that this machine has for processes that load models: measured behind them. */

import { spawn } from 'node:child_process';
import { guardScript } from '../bridge/guarded-spawn.js';
import { interpreterVariables } from '../bridge/interpreter-variables.js';
import { RunFolder } from '../bridge/run-folder.js';
import {
  defaultMemory,
  HAS_SANDBOX,
  missingWalls,
  NO_SANDBOX,
  ownCode,
  type Sandbox,
  type SandboxProfile,
  sandboxSchema,
  sandboxVariable,
} from '../bridge/sandbox.js';
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
  const [walls, javas] = await Promise.all([measured(python.path, 'python'), measured(python.path, 'java')]);
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

async function measured(python: string, profile: SandboxProfile): Promise<Sandbox> {
  if (!HAS_SANDBOX) return NO_SANDBOX;
  const folder = new RunFolder();
  try {
    const policy = { profile, folder: folder.path, own: ownCode(), read: [], memory: defaultMemory() };
    const child = spawn(python, [guardScript, '-m', 'predictable_bridge.sandbox'], {
      env: { ...interpreterVariables(), ...sandboxVariable(policy) },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    return sandboxSchema.nullable().parse(JSON.parse(said === '' ? 'null' : said)) ?? NO_SANDBOX;
  } finally {
    folder.remove();
  }
}

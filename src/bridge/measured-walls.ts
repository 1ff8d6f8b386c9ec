/** Which walls this machine has: an interpreter that loads nothing goes behind them and looks. */

import { spawn } from 'node:child_process';
import { guardScript } from './guarded-spawn.js';
import { interpreterVariables } from './interpreter-variables.js';
import { RunFolder } from './run-folder.js';
import {
  defaultMemory,
  HAS_SANDBOX,
  NO_SANDBOX,
  ownCode,
  type Sandbox,
  type SandboxProfile,
  sandboxSchema,
  sandboxVariable,
} from './sandbox.js';

export async function measuredWalls(python: string, profile: SandboxProfile): Promise<Sandbox> {
  if (!HAS_SANDBOX) return NO_SANDBOX;
  const folder = new RunFolder();
  try {
    const policy = {
      profile,
      folder: folder.path,
      own: ownCode(),
      read: [],
      memory: defaultMemory(),
      program: process.execPath,
    };
    const child = spawn(python, [guardScript, '-m', 'predictable_bridge.sandbox'], {
      env: { ...interpreterVariables(), ...sandboxVariable(policy) },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    // A Python that ends before it has looked is behind none.
    return said === '' ? NO_SANDBOX : (sandboxSchema.nullable().parse(JSON.parse(said)) ?? NO_SANDBOX);
  } finally {
    folder.remove();
  }
}

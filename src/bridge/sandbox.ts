/** The walls around a process that loads models: what it is to reach, and which of them stand. They are built in Python. */

import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../paths.js';
import { pythonFolder } from './interpreter-variables.js';

/** Who may start what: `python` nothing, `java` Java and Spark's launcher with a network of their own, `node` only itself. */
export type SandboxProfile = 'python' | 'java' | 'node';

/** Which walls were in force: measured in the process itself, before it loaded anything. */
export const sandboxSchema = z.object({
  files: z.boolean().describe('it read libraries and its model only, and wrote into its own folder only'),
  network: z.boolean().describe('it reached no network, nor other processes by sockets'),
  exec: z.boolean().describe('it started no program, but Java where that is what predicts'),
  memory: z.boolean().describe('its memory was limited'),
});
export type Sandbox = z.infer<typeof sandboxSchema>;

export const NO_SANDBOX: Sandbox = { files: false, network: false, exec: false, memory: false };

/** What the guard is told; see `enter` in python/predictable_bridge/sandbox. */
export interface SandboxPolicy {
  profile: SandboxProfile;
  folder: string;
  /** Folders of our own Python code, which is compiled before the walls stand, and further files and folders that are read. */
  own: string[];
  read: string[];
  /** Bytes. */
  memory: number;
  program?: string;
}

export const HAS_SANDBOX = process.platform === 'linux';

/** The names of the walls that are missing, in their order. */
export function missingWalls(sandbox: Sandbox): string[] {
  return Object.entries(sandbox)
    .filter(([, inForce]) => !inForce)
    .map(([wall]) => wall);
}

/** The variable that the guard reads its policy from. */
export function sandboxVariable(policy: SandboxPolicy): Record<string, string> {
  return { PREDICTABLE_SANDBOX: JSON.stringify(policy) };
}

/** Our own code, which every interpreter reads. */
export function ownCode(): string[] {
  const pythonia = path.dirname(createRequire(import.meta.url).resolve('pythonia'));
  return [pythonFolder, path.join(packageRoot, 'converters'), path.join(packageRoot, 'runtimes'), pythonia];
}

const GIBIBYTE = 2 ** 30;
const LEAST_MEMORY = 4 * GIBIBYTE;

/** Bytes that a process may have when nobody says it: half of what the machine, or our container, has. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory();
  const machine = totalmem();
  const there = constrained > 0 && constrained < machine ? constrained : machine;
  return Math.max(LEAST_MEMORY, Math.floor(there / 2));
}

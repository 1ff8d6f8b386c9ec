/** Starts a module of ours as a process behind the walls of the sandbox, through the guard where this machine has a Python. */

import { type ChildProcess, fork, type SpawnOptions, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardScript } from '../bridge/guarded-spawn.js';
import { RunFolder } from '../bridge/run-folder.js';
import { HAS_SANDBOX, sandboxVariable } from '../bridge/sandbox.js';
import { findInterpreters } from '../environments/interpreters.js';
import { compiledModule, packageRoot } from '../paths.js';

/** Of memory that is data: what Node itself needs beside the graph, and what is not resident. */
const OF_NODE = 2 ** 30;

/** `module`: below dist/. `reads`: further files and folders that it reads. `memory`: bytes that its graph may take. */
export async function startSandboxed(module: string, reads: string[], memory: number): Promise<ChildProcess> {
  const script = fileURLToPath(compiledModule(module));
  const env = { PATH: process.env.PATH ?? '' };
  if (!HAS_SANDBOX)
    return fork(script, [], { ...STREAMS, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], env });
  const [python] = await findInterpreters();
  const limit = memory + OF_NODE;
  if (python === undefined) {
    // A shell has the one wall that needs no system calls of ours.
    const limited = ['-c', `ulimit -d ${Math.ceil(limit / 1024)}; exec "$@"`, 'sh', process.execPath, script];
    return spawn('/bin/sh', limited, { ...STREAMS, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env });
  }
  const folder = new RunFolder();
  const program = realpathSync(process.execPath);
  const read = [path.join(packageRoot, 'dist'), path.join(packageRoot, 'package.json'), ...reads];
  const policy = { profile: 'node' as const, folder: folder.path, own: [], read, memory: limit, program };
  const child = spawn(python.path, [guardScript, '--exec', program, script], {
    ...STREAMS,
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    env: { ...env, ...sandboxVariable(policy) },
  });
  child.once('exit', () => folder.remove());
  child.once('error', () => folder.remove());
  return child;
}

/** The guard ends with its standard input, which is ours; a terminal's Ctrl-C is for us to handle. */
const STREAMS: SpawnOptions = { serialization: 'advanced', detached: process.platform !== 'win32', windowsHide: true };

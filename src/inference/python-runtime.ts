/** The environment that ONNX Runtime 1.5.2 runs in: built when it is first needed, with interpreters that are shared. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InterpreterPool } from '../bridge/pool.js';
import { type EnvironmentManifest, environmentManifestSchema } from '../converters/manifest.js';
import type { BuildOptions } from '../environments/build.js';
import { cacheFolder } from '../environments/cache-folder.js';
import { type EnvironmentState, ensureEnvironment, environmentState } from '../environments/ensure.js';
import { PredictableError } from '../errors.js';
import { packageRoot } from '../paths.js';

const FOLDER = path.join(packageRoot, 'runtimes', 'onnxruntime-1.5.2');

interface PythonRuntime {
  pool: InterpreterPool;
  /** The Python file that answers. */
  entry: string;
}

const started = new Map<string, Promise<PythonRuntime>>();

/**
 * Throws what building an environment throws. It is built, or fails to, once a process: a folder of models does not
 * wait for the same network again and again.
 */
export function pythonRuntime(options: BuildOptions = {}): Promise<PythonRuntime> {
  const key = cacheFolder();
  let runtime = started.get(key);
  if (runtime === undefined) {
    runtime = start(options);
    started.set(key, runtime);
    runtime.catch((error: unknown) => {
      if (error instanceof PredictableError && error.code === 'CANCELLED') started.delete(key);
    });
  }
  return runtime;
}

/** Whether there is an interpreter for it, and whether it is built; builds nothing. */
export async function pythonRuntimeState(): Promise<EnvironmentState> {
  return environmentState(await manifest());
}

async function start(options: BuildOptions): Promise<PythonRuntime> {
  const runtime = await manifest();
  const { python } = await ensureEnvironment(runtime, options);
  const entry = path.join(runtime.folder, runtime.entry);
  const pool = new InterpreterPool({ python });
  // Not awaited: it imports the runtime while the graph is still being made.
  void pool.warm(entry);
  return { pool, entry };
}

async function manifest(): Promise<EnvironmentManifest> {
  const text = await readFile(path.join(FOLDER, 'runtime.json'), 'utf8');
  return { ...environmentManifestSchema.parse(JSON.parse(text)), folder: FOLDER };
}

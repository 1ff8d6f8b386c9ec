/** The environment of a converter: found again by its key, or built once, by one process at a time. */

import path from 'node:path';
import type { EnvironmentManifest } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';
import { type BuildOptions, build, pinsOf } from './build.js';
import type { PythonInterpreter } from './interpreters.js';
import { makeOnce, throwIfCancelled } from './make-once.js';
import { type EnvironmentPlan, isReady, type PlanOptions, planEnvironment } from './plan.js';

export type { BuildProgress } from './pip-output.js';

export interface Environment {
  /** Shown to the user. */
  name: string;
  /** The environment's own Python. */
  python: string;
  folder: string;
  /** Stands for the interpreter's version and platform, the lock, and the user's own packages. */
  key: string;
  /** The interpreter that it was built with. */
  interpreter: PythonInterpreter;
  /** Whether it was built just now. */
  built: boolean;
}

export interface EnsureOptions extends PlanOptions, BuildOptions {}

/**
 * The converter's environment, built first when it is not there. Throws PYTHON_NOT_FOUND, ENVIRONMENT_FAILED with pip's
 * own reason, DISK_FULL, FILE_NOT_FOUND or CANCELLED; then nothing of the build is left but its log.
 */
export async function ensureEnvironment(
  manifest: EnvironmentManifest,
  options: EnsureOptions = {},
): Promise<Environment> {
  throwIfCancelled(options.signal);
  const plan = await planEnvironment(manifest, options);
  if (await isReady(plan)) return environment(plan, false);
  return environment(plan, await buildOnce(manifest, plan, absolute(options)));
}

export type EnvironmentState =
  | { state: 'ready' | 'not built'; name: string; folder: string; interpreter: PythonInterpreter }
  | { state: 'no interpreter'; name: string; error: PredictableError };

/** Whether the environment is there; builds nothing. */
export async function environmentState(
  manifest: EnvironmentManifest,
  options: PlanOptions = {},
): Promise<EnvironmentState> {
  try {
    const plan = await planEnvironment(manifest, options);
    const { name, folder, interpreter } = plan;
    return { state: (await isReady(plan)) ? 'ready' : 'not built', name, folder, interpreter };
  } catch (error) {
    if (!(error instanceof PredictableError) || error.code !== 'PYTHON_NOT_FOUND') throw error;
    return { state: 'no interpreter', name: manifest.environment.name, error };
  }
}

/** True when we built it, false when another process did meanwhile. */
async function buildOnce(
  manifest: EnvironmentManifest,
  plan: EnvironmentPlan,
  options: BuildOptions,
): Promise<boolean> {
  const { onProgress, signal } = options;
  const total = pinsOf(plan.lockText).length;
  const onWaiting = () => onProgress?.({ phase: 'waiting', done: 0, total: 0 });
  const place = { folder: plan.folder, isReady: () => isReady(plan), onWaiting, signal };
  const built = await makeOnce(place, (work) => build(manifest, plan, work, options));
  if (built) onProgress?.({ phase: 'ready', done: total, total });
  return built;
}

function absolute({ wheelhouse, onProgress, signal }: EnsureOptions): BuildOptions {
  return { wheelhouse: wheelhouse === undefined ? undefined : path.resolve(wheelhouse), onProgress, signal };
}

function environment({ name, python, folder, key, interpreter }: EnvironmentPlan, built: boolean): Environment {
  return { name, python, folder, key, interpreter, built };
}

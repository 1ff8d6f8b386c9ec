/** An ONNX Runtime for Node: found again in the cache, or fetched once, by one process at a time. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar';
import { cacheFolder } from '../environments/cache-folder.js';
import { makeOnce, throwIfCancelled } from '../environments/make-once.js';
import type { BuildProgress } from '../environments/pip-output.js';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { sha256OfFile } from '../files/sha256.js';
import { type FetchOptions, fetchPackage } from './fetch.js';
import type { NodeRuntimeVersion } from './manifest.js';
import { isWhole, planRuntime, type RuntimePlan, writeMarker } from './plan.js';

export interface RuntimeOptions extends FetchOptions {
  onProgress?: ((progress: BuildProgress) => void) | undefined;
}

export interface NodeRuntime {
  version: NodeRuntimeVersion;
  folder: string;
  /** The native module that Node loads. */
  binding: string;
  /** Whether it was fetched just now. */
  fetched: boolean;
}

const started = new Map<string, Promise<NodeRuntime>>();

/**
 * Fetched, or in vain, once a process: a folder of models does not wait for the same network again and again. Throws
 * ENVIRONMENT_FAILED, DISK_FULL or CANCELLED; then nothing is left of it.
 */
export function ensureRuntime(version: NodeRuntimeVersion, options: RuntimeOptions = {}): Promise<NodeRuntime> {
  const key = `${version} ${cacheFolder()}`;
  let runtime = started.get(key);
  if (runtime === undefined) {
    runtime = ensure(version, options);
    started.set(key, runtime);
    runtime.catch((error: unknown) => {
      if (error instanceof PredictableError && error.code === 'CANCELLED') started.delete(key);
    });
  }
  return runtime;
}

type RuntimeState =
  | { state: 'ready' | 'not fetched'; folder: string }
  | { state: 'not made for this machine'; error: PredictableError };

/** Whether it is there; fetches nothing. */
export async function runtimeState(version: NodeRuntimeVersion): Promise<RuntimeState> {
  try {
    const plan = await planRuntime(version);
    return { state: (await isWhole(plan)) ? 'ready' : 'not fetched', folder: plan.folder };
  } catch (error) {
    if (!(error instanceof PredictableError)) throw error;
    return { state: 'not made for this machine', error };
  }
}

async function ensure(version: NodeRuntimeVersion, options: RuntimeOptions): Promise<NodeRuntime> {
  const { onProgress, signal } = options;
  throwIfCancelled(signal);
  const plan = await planRuntime(version);
  const { folder, binding } = plan;
  const isReady = () => isWhole(plan);
  if (await isReady()) return { version, folder, binding, fetched: false };
  const onWaiting = () => onProgress?.({ phase: 'waiting', done: 0, total: 0 });
  const fetched = await makeOnce({ folder, isReady, onWaiting, signal }, (work) => make(plan, work, options));
  if (fetched) onProgress?.({ phase: 'fetched', package: plan.manifest.title, done: 1, total: 1 });
  return { version, folder, binding, fetched };
}

async function make(plan: RuntimePlan, work: string, { onProgress, ...options }: RuntimeOptions): Promise<string> {
  const { manifest, files, folder } = plan;
  onProgress?.({ phase: 'fetching', package: manifest.title, done: 0, total: 1 });
  const file = await fetchPackage(manifest, work, options);
  const made = path.join(work, 'runtime');
  await mkdir(made);
  const wanted = (name: string) => name.replace(/^package\//, '') in files.files;
  await named(folder, () => extract({ file, cwd: made, strip: 1, strict: true, filter: wanted }));
  for (const [name, sha256] of Object.entries(files.files)) {
    if ((await sha256OfFile(path.join(made, name))) === sha256) continue;
    throw new PredictableError('ENVIRONMENT_FAILED', `${name} of ${manifest.package} is not the file that was locked`, {
      hint: 'Nothing of it was used.',
    });
  }
  await named(folder, () => writeMarker(made, plan));
  return made;
}

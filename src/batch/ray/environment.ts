/** The Python environment of the driver, and the variables that it and the processes of a local cluster get. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type EnvironmentManifest, environmentManifestSchema } from '../../converters/manifest.js';
import { type EnsureOptions, type Environment, ensureEnvironment } from '../../environments/ensure.js';
import { indexVariables } from '../../environments/pip.js';
import { PredictableError } from '../../errors.js';
import { packageRoot } from '../../paths.js';

const FOLDER = path.join(packageRoot, 'runtimes', 'ray');

/** The one Python that nearly all converters' locks were made for: a cluster of our own runs it when it is there. */
const BEST_FOR_ALL = { min: '3.11', max: '3.11' };

export interface DriverEnvironment extends Environment {
  /** The Python file with the driver's actions. */
  entry: string;
}

/** Throws PYTHON_NOT_FOUND, ENVIRONMENT_FAILED and the like. */
export async function driverEnvironment(options: EnsureOptions): Promise<DriverEnvironment> {
  const text = await readFile(path.join(FOLDER, 'runtime.json'), 'utf8');
  const whole = { ...environmentManifestSchema.parse(JSON.parse(text)), folder: FOLDER };
  const best = { ...whole, environment: { ...whole.environment, python: BEST_FOR_ALL } };
  return { ...(await inBestPython(best, whole, options)), entry: path.join(FOLDER, whole.entry) };
}

async function inBestPython(
  best: EnvironmentManifest,
  whole: EnvironmentManifest,
  options: EnsureOptions,
): Promise<Environment> {
  if (options.python !== undefined) return ensureEnvironment(whole, options);
  try {
    return await ensureEnvironment(best, options);
  } catch (error) {
    if (error instanceof PredictableError && error.code === 'PYTHON_NOT_FOUND')
      return ensureEnvironment(whole, options);
    throw error;
  }
}

/** The user's own settings of Ray, and ours for a driver that reports nothing and gives up in time. */
export function driverVariables(address: string | null, from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const settings = Object.entries(from).filter(([name]) => name.startsWith('RAY_'));
  return {
    ...(Object.fromEntries(settings) as Record<string, string>),
    RAY_USAGE_STATS_ENABLED: '0',
    // Ray asks for the same patch version of Python; only the minor one decides what a lock installs.
    RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL: 'minor',
    // Of a task that a node ended since its memory ran out; Ray's own default is to try for ever.
    RAY_task_oom_retries: '1',
    // Seconds without the head until the driver ends.
    RAY_gcs_rpc_server_reconnect_timeout_s: '30',
    ...(address === null ? localVariables(from) : {}),
  };
}

/** Its processes inherit these: loopback only, a secret of this run alone, and what pip needs to reach its index. */
function localVariables(from: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...indexVariables(from),
    // The name is history: it decides about loopback on every system.
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0',
    // Builds of an environment: pip itself tries an index that does not answer again.
    RUNTIME_ENV_RETRY_TIMES: '1',
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: randomBytes(32).toString('hex'),
  };
}

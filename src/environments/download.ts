/** Fills a folder with the wheels of an environment, for machines without a network. */

import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentManifest } from '../converters/manifest.js';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import { makeFolder } from '../files/write-whole.js';
import { newEnvironment, pinsOf } from './build.js';
import type { PythonInterpreter } from './interpreters.js';
import { lockedArguments, runPip } from './pip.js';
import type { BuildProgress } from './pip-output.js';
import { environmentPython, planEnvironment } from './plan.js';

interface DownloadOptions {
  python?: string | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface Downloaded {
  folder: string;
  /** File names in the folder, but for those of runtimes. */
  files: string[];
  /** The wheels are for this minor version and platform. */
  interpreter: PythonInterpreter;
}

/** Downloads what the lock lists, hashes checked. Throws as ensureEnvironment does. */
export async function downloadWheels(
  manifest: EnvironmentManifest,
  folder: string,
  { python, onProgress, signal }: DownloadOptions = {},
): Promise<Downloaded> {
  const plan = await planEnvironment(manifest, { python });
  const target = path.resolve(folder);
  await makeFolder(target);
  const work = temporaryFolder('download');
  try {
    const total = pinsOf(plan.lockText).length;
    const environment = path.join(work, 'environment');
    const pip = await newEnvironment(plan, work, environment, signal);
    await runPip({
      name: plan.name,
      python: environmentPython(environment),
      pip,
      arguments: ['download', '--dest', target, ...lockedArguments(plan.lockFile, manifest.environment.sourceOnly)],
      folder: work,
      log: path.join(target, 'pip.log'),
      hint: manifest.environment.hint,
      total,
      onProgress,
      signal,
    });
    await rm(path.join(target, 'pip.log'), { force: true });
    onProgress?.({ phase: 'ready', done: total, total });
    return {
      folder: target,
      files: (await readdir(target)).filter((name) => !name.endsWith('.tgz')).sort(),
      interpreter: plan.interpreter,
    };
  } finally {
    await removeTemporary(work);
  }
}

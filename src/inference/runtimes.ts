/** In which of a target's runtimes a model can be verified on this machine. */

import type { BuildOptions } from '../environments/build.js';
import { PredictableError } from '../errors.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import type { RuntimeVersion, TargetProfile } from '../targets/targets.js';
import type { Warning } from '../warnings.js';

/** Node loads the others; this one needs a Python 3.8. */
const IN_PYTHON = '1.5.2' satisfies RuntimeVersion;

export interface Runtimes {
  runtimes: RuntimeVersion[];
  runtimesNotChecked: RuntimeVersion[];
}

export interface ReadyRuntimes extends Runtimes {
  warnings: Warning[];
}

/** The runtimes that this machine has, or has an interpreter for; builds nothing. */
export async function checkedRuntimes(target: TargetProfile): Promise<Runtimes> {
  if (!target.runtimes.includes(IN_PYTHON)) return all(target);
  const { pythonRuntimeState } = await import('./python-runtime.js');
  const { state } = await pythonRuntimeState();
  return state === 'no interpreter' ? withoutPython(target) : all(target);
}

/**
 * The same, ready to run: fetches those that Node loads, without which nothing is verified, and builds what an interpreter is
 * there for. Where that fails, the runtime is not checked and a warning says why, for the model is no worse for it.
 * Throws what ensureRuntime throws.
 */
export async function readyRuntimes(target: TargetProfile, options: BuildOptions): Promise<ReadyRuntimes> {
  const checked = await checkedRuntimes(target);
  for (const version of checked.runtimes) if (version !== IN_PYTHON) await ensureRuntime(version, options);
  if (!checked.runtimes.includes(IN_PYTHON)) return { ...checked, warnings: [] };
  const { pythonRuntime } = await import('./python-runtime.js');
  try {
    await pythonRuntime(options);
    return { ...checked, warnings: [] };
  } catch (error) {
    if (!(error instanceof PredictableError) || error.code === 'CANCELLED') throw error;
    const message = `not checked in ONNX Runtime ${IN_PYTHON}, which ${target.title} runs: ${error.message}`;
    return { ...withoutPython(target), warnings: [{ code: 'RUNTIME_NOT_CHECKED', message }] };
  }
}

function all(target: TargetProfile): Runtimes {
  return { runtimes: [...target.runtimes], runtimesNotChecked: [] };
}

function withoutPython(target: TargetProfile): Runtimes {
  return { runtimes: target.runtimes.filter((runtime) => runtime !== IN_PYTHON), runtimesNotChecked: [IN_PYTHON] };
}

/** The environment variables that a converter's interpreter gets: a list of what it needs, so that secrets stay here. */

import path from 'node:path';
import { packageRoot } from '../paths.js';

/** Where things are and which language is spoken; by name, since a list of what to leave out is never complete. */
const PASSED_ON = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'JAVA_HOME',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'NUMBER_OF_PROCESSORS',
]);
const PASSED_ON_PREFIX = 'LC_';

/**
 * One thread per interpreter. The pool already has one interpreter a core, and sums that are split among threads
 * would make reference predictions depend on the machine.
 */
const SINGLE_THREADED = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  NUMEXPR_NUM_THREADS: '1',
  VECLIB_MAXIMUM_THREADS: '1',
};

/** What makes two runs, on whatever machine, do the same. */
export const REPRODUCIBLE = {
  ...SINGLE_THREADED,
  // Packages of the user's own site folder are not in the lock.
  PYTHONNOUSERSITE: '1',
  // The order of sets and dictionaries of strings must not differ between two runs.
  PYTHONHASHSEED: '0',
  PYTHONUTF8: '1',
  // A crash in native code leaves the Python stack in the log.
  PYTHONFAULTHANDLER: '1',
};

export const pythonFolder = path.join(packageRoot, 'python');

/** The whole environment of an interpreter; `extra` wins. */
export function interpreterVariables(
  from: NodeJS.ProcessEnv = process.env,
  extra: Record<string, string> = {},
): Record<string, string> {
  return {
    ...passedOn(from),
    ...REPRODUCIBLE,
    PYTHONPATH: pythonFolder,
    ...extra,
  };
}

/** The variables of `from` that say where things are; nothing that could be a secret. */
export function passedOn(from: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (PASSED_ON.has(upper) || upper.startsWith(PASSED_ON_PREFIX))) kept[name] = value;
  }
  return kept;
}

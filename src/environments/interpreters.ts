/** The Python interpreters of this machine, each with its exact version. */

import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { passedOn } from '../bridge/interpreter-variables.js';
import { candidatePaths, namedPath } from './candidates.js';
import {
  type InterpreterFacts,
  interpreterFactsSchema,
  type Known,
  knownInterpreters,
} from './remembered-interpreters.js';
import { compareVersions } from './versions.js';

export interface PythonInterpreter {
  path: string;
  /** E.g. `3.11.7`. */
  version: string;
  /** What wheels depend on besides the version, e.g. `linux-x86_64-linux-gnu`. */
  platform: string;
  /** Where it was found. */
  source: '--python' | 'PATH' | 'pyenv';
}

/** CPython only: wheels of other implementations and of free-threaded builds are not in the locks. */
const PROBE = `
import json, sys
i = sys.implementation
if i.name == "cpython" and "t" not in getattr(sys, "abiflags", ""):
    v = "%d.%d.%d" % sys.version_info[:3]
    if sys.version_info.releaselevel != "final":
        v += "-" + sys.version_info.releaselevel + str(sys.version_info.serial)
    print(json.dumps({"version": v, "platform": "-".join([sys.platform, getattr(i, "_multiarch", "") or "any", str(sys.maxsize.bit_length() + 1)])}))
`;
/** A shim may look for its interpreter on a slow disk; a hanging one must not stop everything. */
const PROBE_TIMEOUT = 20_000;

const found = new Map<string, Promise<PythonInterpreter[]>>();

/**
 * Interpreters from `--python`, the PATH and pyenv's folder, newest first, each only once. Found once per process; what
 * an interpreter said of itself is remembered in the cache folder, so that normally none is started.
 */
export function findInterpreters({ python }: { python?: string | undefined } = {}): Promise<PythonInterpreter[]> {
  const key = JSON.stringify([python, process.env.PATH, process.env.PYENV_ROOT, process.env.PREDICTABLE_CACHE]);
  let interpreters = found.get(key);
  if (interpreters === undefined) {
    interpreters = probeAll(python);
    found.set(key, interpreters);
  }
  return interpreters;
}

async function probeAll(python: string | undefined): Promise<PythonInterpreter[]> {
  const candidates = await candidatePaths();
  const named = python === undefined ? undefined : namedPath(python);
  if (named !== undefined) candidates.unshift({ path: named, source: '--python' });
  const known = await knownInterpreters();
  const all = await Promise.all(
    candidates.map(async ({ path, source }) => {
      const facts = await factsOf(path, known);
      return facts === undefined ? [] : [{ path, source, ...facts }];
    }),
  );
  await known.save();
  return newestFirst(onceEach(all.flat()));
}

async function factsOf(path: string, known: Known): Promise<InterpreterFacts | undefined> {
  const remembered = known.get(path);
  if (remembered !== undefined) return remembered;
  const facts = await probe(path);
  if (facts !== undefined) known.set(path, facts);
  return facts;
}

/** Asks an interpreter what it is; undefined when it is none, or does not run here. */
async function probe(path: string): Promise<InterpreterFacts | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-I', '-S', '-c', PROBE], {
      timeout: PROBE_TIMEOUT,
      env: passedOn(process.env),
      windowsHide: true,
    });
    return interpreterFactsSchema.parse(JSON.parse(stdout));
  } catch {
    // Not Python 3, not CPython, not for this processor, or a shim without a version behind it: no interpreter for us.
    return undefined;
  }
}

/** The same program under two names counts once; a virtual environment's python is one of its own. */
function onceEach(interpreters: PythonInterpreter[]): PythonInterpreter[] {
  const seen = new Set<string>();
  return interpreters.filter(({ path, source }) => {
    const program = source === '--python' ? path : realpathSync(path);
    if (seen.has(program)) return false;
    seen.add(program);
    return true;
  });
}

function newestFirst(interpreters: PythonInterpreter[]): PythonInterpreter[] {
  // The sort is stable, so of equal versions the one found first, and before all the user's own, stays first.
  return interpreters.sort((a, b) => compareVersions(b.version, a.version));
}

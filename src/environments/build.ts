/** Builds an environment: an empty one first, then what its lock lists, then a look whether its converter can be imported. */

import { existsSync } from 'node:fs';
import { appendFile, open, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interpreterVariables, passedOn, pythonFolder } from '../bridge/interpreter-variables.js';
import type { EnvironmentManifest } from '../converters/manifest.js';
import { fileError, PredictableError } from '../errors.js';
import { makeFolder } from '../files/write-whole.js';
import { cacheFolder } from './cache-folder.js';
import { runGuarded } from './guarded.js';
import { watchInstallation } from './installation.js';
import { commonArguments, lockedArguments, runPip } from './pip.js';
import type { BuildProgress } from './pip-output.js';
import { type EnvironmentPlan, environmentPython, markerOf } from './plan.js';

export interface BuildOptions {
  /** A folder of wheels to install from instead of an index. */
  wheelhouse?: string | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const NEW_ENVIRONMENT = path.join(pythonFolder, 'predictable_bridge', 'new_environment.py');

/** Builds it in the work folder, and returns where. */
export async function build(
  manifest: EnvironmentManifest,
  plan: EnvironmentPlan,
  work: string,
  options: BuildOptions,
): Promise<string> {
  const log = await freshLog(plan);
  const environment = path.join(work, 'environment');
  const python = environmentPython(environment);
  const total = pinsOf(plan.lockText).length;
  options.onProgress?.({ phase: 'creating', done: 0, total });
  const pip = await newEnvironment(plan, work, environment, options.signal);
  const { onProgress, signal } = options;
  const { hint } = manifest.environment;
  const run = { name: plan.name, python, pip, folder: work, log, hint, total, onProgress, signal };
  const stop = watchInstallation(environment, total, options.onProgress);
  try {
    const locked = lockedArguments(plan.lockFile, manifest.environment.sourceOnly, options.wheelhouse);
    if (total > 0) await runPip({ ...run, arguments: ['install', ...INSTALL, ...locked] });
    await installOwn(plan, run, options.wheelhouse);
  } finally {
    stop();
  }
  options.onProgress?.({ phase: 'preparing', done: total, total });
  await prepare(manifest, plan, python, log, options.signal);
  await compile(python, environment, options.signal);
  await removeScripts(python);
  await writeMarker(environment, plan);
  await rm(log, { force: true });
  return environment;
}

/** What pip would compile, one module after the other, `compile` does on all cores. */
const INSTALL = ['--no-compile', '--no-warn-script-location'];

/** `name==version` of every requirement in a lock. */
export function pinsOf(lockText: string): string[] {
  return [...lockText.matchAll(/^([A-Za-z0-9][\w.-]*==[^\s;\\]+)/gm)].map(([, pin = '']) => pin);
}

/** Makes an empty environment, and returns the folder of the pip that comes with its Python. */
export async function newEnvironment(
  { name, interpreter }: EnvironmentPlan,
  work: string,
  environment: string,
  signal?: AbortSignal | undefined,
): Promise<string> {
  const pip = path.join(cacheFolder(), 'pip', `${interpreter.version}-${interpreter.platform}`);
  const lines: string[] = [];
  const ended = await runGuarded({
    python: interpreter.path,
    run: [NEW_ENVIRONMENT, environment, path.join(work, 'pip'), pip],
    folder: work,
    env: { ...passedOn(process.env), PYTHONNOUSERSITE: '1' },
    onLine: (line) => lines.push(line),
    signal,
  });
  if (ended === 0) return pip;
  const said = lines.at(-1) ?? `it ended with ${ended}`;
  const refused = fileError(new Error(said), cacheFolder());
  if (refused !== undefined) throw refused;
  throw new PredictableError('ENVIRONMENT_FAILED', `The ${name} environment could not be made: ${said}`, {
    hint: `Install the venv module of Python ${interpreter.version} (on Debian and Ubuntu: python3-venv), or name another Python with --python PATH.`,
    details: { python: interpreter.path, output: lines },
  });
}

type Run = Omit<Parameters<typeof runPip>[0], 'arguments'>;

/** The user's own packages, which must get along with the locked ones. */
async function installOwn({ wheels, requirements, lockText }: EnvironmentPlan, run: Run, wheelhouse?: string) {
  if (wheels.length === 0 && requirements === undefined) return;
  const constraints = path.join(run.folder, 'constraints.txt');
  await writeFile(constraints, `${pinsOf(lockText).join('\n')}\n`);
  const asked = [...wheels, ...(requirements === undefined ? [] : ['--requirement', requirements])];
  const args = ['install', ...INSTALL, ...commonArguments(wheelhouse), '--constraint', constraints, ...asked];
  await runPip({ ...run, arguments: args });
}

/** Imports the converter once: it proves that the environment works. */
async function prepare(
  manifest: EnvironmentManifest,
  plan: EnvironmentPlan,
  python: string,
  log: string,
  signal?: AbortSignal,
): Promise<void> {
  const entry = path.join(manifest.folder, manifest.entry);
  if (!existsSync(entry)) return;
  const lines: string[] = [];
  const ended = await runGuarded({
    python,
    run: ['-m', 'predictable_bridge.host', entry],
    folder: path.dirname(log),
    env: interpreterVariables(),
    onLine: (line) => lines.push(line),
    signal,
  });
  if (ended === 0) return;
  await appendFile(log, `${lines.join('\n')}\n`);
  throw new PredictableError(
    'ENVIRONMENT_FAILED',
    `The ${plan.name} environment was built, but its converter can't be imported: ${lines.at(-1) ?? `Python ended with ${ended}`}`,
    { hint: `The whole output is in ${log}.`, details: { log, output: lines.slice(-20) } },
  );
}

/** Modules that no test is: what loads models may write no bytecode, and would compile them each time. */
async function compile(python: string, environment: string, signal?: AbortSignal): Promise<void> {
  const quietly = ['-m', 'compileall', '-q', '-q', '-j', '0', '-x', '[/\\\\]tests?[/\\\\]'];
  const env = interpreterVariables();
  // Files for other versions of Python, which some packages hold, do not compile: nobody imports them either.
  await runGuarded({
    python,
    run: [...quietly, environment],
    folder: environment,
    env,
    onLine: () => undefined,
    signal,
  });
}

/** Scripts name the folder that they were installed into, which is about to change; `python -m` needs none of them. */
async function removeScripts(python: string): Promise<void> {
  const folder = path.dirname(python);
  const names = (await readdir(folder)).filter((name) => !name.startsWith('python'));
  await Promise.all(names.map((name) => rm(path.join(folder, name), { recursive: true })));
}

/** Written last and to the disk itself: an environment without it is not one. */
async function writeMarker(environment: string, { name, key, interpreter, wheels, requirements }: EnvironmentPlan) {
  const handle = await open(markerOf(environment), 'w');
  const made = { schema: 1, name, key, interpreter, wheels, requirements: requirements ?? null };
  await handle.writeFile(`${JSON.stringify({ ...made, created: new Date().toISOString() }, null, 2)}\n`);
  await handle.sync();
  await handle.close();
}

async function freshLog(plan: EnvironmentPlan): Promise<string> {
  const folder = path.join(cacheFolder(), 'logs');
  await makeFolder(folder);
  const log = path.join(folder, `${path.basename(plan.folder)}.log`);
  await writeFile(log, '');
  return log;
}

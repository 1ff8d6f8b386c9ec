/** What an environment is made of, and so its key and its folder: known without building or starting anything. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentManifest } from '../converters/manifest.js';
import { named } from '../files/named.js';
import { ordinary } from '../files/ordinary.js';
import { cacheFolder } from './cache-folder.js';
import { chooseInterpreter } from './interpreter-for.js';
import type { PythonInterpreter } from './interpreters.js';

/** What an environment may be asked to have besides the converter's lock. */
export interface PlanOptions {
  /** The interpreter to build with (`--python`). */
  python?: string | undefined;
  /** The user's own packages, which a pickle's classes are in: the environment becomes one of its own. */
  wheels?: string[] | undefined;
  requirements?: string | undefined;
}

export interface EnvironmentPlan {
  /** Shown to the user. */
  name: string;
  key: string;
  folder: string;
  /** The environment's Python, once it is built. */
  python: string;
  interpreter: PythonInterpreter;
  lockFile: string;
  lockText: string;
  /** Absolute paths. */
  wheels: string[];
  requirements: string | undefined;
}

/** As many hexadecimal digits as keep two environments apart, and paths short. */
const KEY_LENGTH = 16;

/** Throws PYTHON_NOT_FOUND, or FILE_NOT_FOUND for the user's own files. */
export async function planEnvironment(
  manifest: EnvironmentManifest,
  options: PlanOptions = {},
): Promise<EnvironmentPlan> {
  const lockFile = path.join(manifest.folder, manifest.environment.lock);
  const lockText = await readFile(lockFile, 'utf8');
  const interpreter = await chooseInterpreter(manifest, lockText, options.python);
  const wheels = (options.wheels ?? []).map((wheel) => path.resolve(wheel));
  const requirements = options.requirements === undefined ? undefined : path.resolve(options.requirements);
  const own = wheels.length > 0 || requirements !== undefined;
  const key = digest([
    interpreter.version,
    interpreter.platform,
    lockText,
    manifest.environment.sourceOnly.join(),
    ...(await Promise.all(wheels.map(async (wheel) => `${path.basename(wheel)} ${digest([await given(wheel)])}`))),
    ...(requirements === undefined ? [] : await requirementsTexts(requirements)),
  ]).slice(0, KEY_LENGTH);
  const { name } = manifest.environment;
  const folder = path.join(environmentsFolder(), `${slug(name)}${own ? '-own' : ''}-${key}`);
  return {
    name: own ? `${name} with your packages` : name,
    key,
    folder,
    python: environmentPython(folder),
    interpreter,
    lockFile,
    lockText,
    wheels,
    requirements,
  };
}

function environmentsFolder(): string {
  return path.join(cacheFolder(), 'environments');
}

export function environmentPython(folder: string): string {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

/** The text of a requirements file and of those that it includes. */
async function requirementsTexts(file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = (await given(file)).toString('utf8');
  const texts = [text];
  for (const [, included = ''] of text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]\s*(\S+)/gm)) {
    if (!included.includes('://')) {
      texts.push(...(await requirementsTexts(path.resolve(path.dirname(file), included), seen)));
    }
  }
  return texts;
}

async function given(file: string): Promise<Buffer> {
  await ordinary(file, 'Check the path given with --wheel or --requirements.');
  return named(file, () => readFile(file));
}

function digest(parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** Whether a complete environment lies at the plan's folder: its marker is written last, and its base Python is there. */
export async function isReady({ folder, python }: EnvironmentPlan): Promise<boolean> {
  const there = await Promise.all([markerOf(folder), python].map((file) => stat(file).then(Boolean, () => false)));
  return there.every(Boolean);
}

export function markerOf(folder: string): string {
  return path.join(folder, 'predictable.json');
}

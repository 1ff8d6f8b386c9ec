// What the benchmarks share: a Python with onnxruntime in it, and models trained on real data.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, readManifests } from '../dist/converters/manifest.js';
import { ensureEnvironment } from '../dist/environments/ensure.js';

export const bench = fileURLToPath(new URL('.', import.meta.url));
export const cli = path.join(bench, '..', 'bin', 'predictable.js');
/** Everything that the benchmarks make; it may go at any time. */
export const work = path.join(bench, 'work');

export function benchPython() {
  return pythonOf('sklearn', { requirements: path.join(bench, 'requirements.txt') });
}

/** The Python of a converter's first environment, built when it is not there. */
export async function pythonOf(converter, options = {}) {
  const manifest = (await readManifests()).find(({ id }) => id === converter);
  return (await ensureEnvironment(environmentOf(manifest, manifest.environments[0]), options)).python;
}

/** Trains a model by its name in train.py, once; returns its paths. */
export function model(python, name) {
  mkdirSync(work, { recursive: true });
  const paths = { model: path.join(work, `${name}.joblib`), sample: path.join(work, `${name}.sample.csv`) };
  if (!existsSync(paths.model)) run(python, path.join(bench, 'train.py'), name, work);
  return paths;
}

export function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr || stdout}`);
  return stdout;
}

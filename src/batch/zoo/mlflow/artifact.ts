/** The file in MLflow's folder that a converter reads, as one of the model's flavors says. It has to lie in that folder. */

import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ConverterManifest, MlflowFlavor } from '../../../converters/manifest.js';
import { isNamed } from '../../../detect/companions.js';
import { PredictableError } from '../../../errors.js';
import { forShell } from '../../../shell.js';
import { damaged, type Mlmodel } from './mlmodel.js';

/** Runs any Python function: what it is made of, the other flavors say. */
const ANY_FUNCTION = 'python_function';

export interface Artifact {
  path: string;
  flavor: MlflowFlavor;
}

/** `title`: what messages call the folder. Throws UNSUPPORTED_MODEL when no converter reads any flavor, CORRUPT_MODEL when the file is not there or outside. */
export async function findArtifact(
  folder: string,
  title: string,
  { flavors }: Mlmodel,
  manifests: ConverterManifest[],
): Promise<Artifact> {
  const known = manifests.flatMap(({ mlflow }) => mlflow);
  const readable = known.filter(({ flavor }) => Object.hasOwn(flavors, flavor));
  for (const flavor of readable) {
    for (const pattern of flavor.files) {
      const file = fill(pattern, flavors[flavor.flavor] ?? {});
      const found = file === null ? null : await inside(folder, title, file);
      if (found !== null) return { path: found, flavor };
    }
  }
  const [first] = readable;
  if (first === undefined) throw unreadable(title, flavors, known);
  if (first.hint !== undefined) throw unsupported(`${title} holds no file that a converter reads`, first.hint);
  const wanted = first.files.map((pattern) => fill(pattern, flavors[first.flavor] ?? {}) ?? pattern);
  throw damaged(`${title} has no ${wanted.join(' or ')}, which its MLmodel file says is the model`);
}

/**
 * A path of the folder's as MLmodel has it, absolute; null when there is nothing. Throws CORRUPT_MODEL when it leads
 * outside, through a link too: whoever wrote the file must not choose among all that the user may read.
 */
export async function inside(folder: string, title: string, relative: string): Promise<string | null> {
  const segments = relative.split(/[\\/]+/);
  if (relative.includes('\0') || path.isAbsolute(relative) || /^[a-z]:/i.test(relative) || segments.includes('..')) {
    throw damaged(`the MLmodel file of ${title} names ${JSON.stringify(relative)}, which is not in that folder`);
  }
  const last = segments.pop() ?? '';
  const within = path.join(folder, ...segments);
  const name = last.includes('*') ? await firstNamed(within, last) : last;
  if (name === null) return null;
  const file = path.join(within, name);
  const real = await realpath(file).catch(() => null);
  if (real === null) return null;
  const top = await realpath(folder);
  if (real === top || real.startsWith(path.join(top, path.sep))) return file;
  throw damaged(`the MLmodel file of ${title} names ${relative}, a link that leads out of that folder`);
}

/** A pattern with what the flavor says in place of its keys; null where it says nothing of the kind. */
function fill(pattern: string, said: Record<string, unknown>): string | null {
  let complete = true;
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = Object.hasOwn(said, key) ? said[key] : undefined;
    if (typeof value !== 'string' || value === '') complete = false;
    return String(value);
  });
  return complete ? filled : null;
}

async function firstNamed(folder: string, pattern: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().find((name) => isNamed(name, pattern)) ?? null;
}

function unreadable(title: string, flavors: Mlmodel['flavors'], known: MlflowFlavor[]): PredictableError {
  if (Object.hasOwn(flavors, 'onnx')) {
    const file = fill('{data}', flavors.onnx ?? {});
    const where = file === null ? title : path.posix.join(title, file);
    return unsupported(
      `${title} is ONNX already`,
      `Nothing has to be converted: predictable normalize ${forShell(where)}`,
    );
  }
  const names = Object.keys(flavors);
  const others = names.filter((name) => name !== ANY_FUNCTION);
  const what =
    others.length === 0
      ? `is a Python function alone (${names.join(', ') || 'no flavor at all'})`
      : `has the flavors ${names.join(', ')}`;
  const readable = known.map(({ flavor }) => flavor).join(', ');
  return unsupported(
    `${title} ${what}, of which no converter reads any`,
    `Save the model with its own flavor: ${readable}.`,
  );
}

function unsupported(message: string, hint: string): PredictableError {
  return new PredictableError('UNSUPPORTED_MODEL', message, { hint });
}

/** How far pip is in unpacking, which it does not say: counted by what has arrived. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BuildProgress } from './pip-output.js';

const LOOK_EVERY = 250;

/** Reports each package that arrives in the environment; returns the end of it. */
export function watchInstallation(
  environment: string,
  total: number,
  onProgress: ((progress: BuildProgress) => void) | undefined,
): () => void {
  if (onProgress === undefined) return () => undefined;
  const seen = new Set<string>();
  const look = async () => {
    for (const name of await installed(environment)) {
      if (seen.has(name)) continue;
      seen.add(name);
      onProgress({ phase: 'installing', package: name, done: Math.min(seen.size, total), total });
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return () => clearInterval(timer);
}

async function installed(environment: string): Promise<string[]> {
  const lib = process.platform === 'win32' ? path.join(environment, 'Lib') : path.join(environment, 'lib');
  const folders = await readdirOrNone(lib);
  const [python] = folders.filter((name) => name.startsWith('python'));
  const names = await readdirOrNone(path.join(lib, python ?? '', 'site-packages'));
  return names.filter((name) => name.endsWith('.dist-info')).map((name) => name.replace(/-[^-]*\.dist-info$/, ''));
}

async function readdirOrNone(folder: string): Promise<string[]> {
  // Before pip has made it there is nothing to see, and after an interrupted build neither.
  return readdir(folder).catch(() => []);
}

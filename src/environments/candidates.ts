/** Paths where a Python interpreter may be; none is started. */

import { accessSync, constants, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

interface Candidate {
  path: string;
  source: '--python' | 'PATH' | 'pyenv';
}

const WINDOWS = process.platform === 'win32';
const NEWEST_MINOR = 14;
const OLDEST_MINOR = 8;
const NAMES = [
  'python3',
  ...Array.from({ length: NEWEST_MINOR - OLDEST_MINOR + 1 }, (_, i) => `python3.${NEWEST_MINOR - i}`),
  'python',
];

/** Executables named like Python on the PATH, and pyenv's versions. */
export async function candidatePaths(): Promise<Candidate[]> {
  const root = process.env.PYENV_ROOT || path.join(homedir(), '.pyenv');
  // pyenv's shims answer differently in each folder, and what they lead to is found in its versions.
  const shims = path.join(root, 'shims');
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '' && folder !== shims);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => executable(path.resolve(folder, name))));
  const inPyenv = (await versionsOf(root)).map((version) =>
    executable(WINDOWS ? path.join(version, 'python') : path.join(version, 'bin', 'python')),
  );
  return [
    ...onPath.filter(isFound).map((found) => ({ path: found, source: 'PATH' as const })),
    ...inPyenv.filter(isFound).map((found) => ({ path: found, source: 'pyenv' as const })),
  ];
}

/** The executable that the user means with `--python`: a path, a name on the PATH, or a virtual environment's folder. */
export function namedPath(python: string): string | undefined {
  const expanded = python.replace(/^~(?=\/|$)/, homedir());
  if (expanded.includes('/') || expanded.includes(path.sep)) {
    const folder = WINDOWS ? 'Scripts/python' : 'bin/python';
    return executable(path.resolve(expanded)) ?? executable(path.resolve(expanded, folder));
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => executable(path.resolve(folder, expanded))).find(isFound);
}

async function versionsOf(root: string): Promise<string[]> {
  const folder = path.join(root, 'versions');
  // Not there, or not for us to look into: either way nothing in it can be used.
  const versions = await readdir(folder).catch(() => []);
  return versions.map((version) => path.join(folder, version));
}

function executable(file: string): string | undefined {
  for (const candidate of WINDOWS ? [file, `${file}.exe`] : [file]) {
    try {
      if (!statSync(candidate, { throwIfNoEntry: false })?.isFile()) continue;
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Its folder is not for us to look into, or it is there and not for us to run.
    }
  }
  return undefined;
}

function isFound(candidate: string | undefined): candidate is string {
  return candidate !== undefined;
}

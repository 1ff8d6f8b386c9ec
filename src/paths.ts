/** Where the parts of an installed package lie; the same from src/ (tests) and dist/. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** A compiled module that a worker thread or a child process starts from, e.g. `inference/worker.js`. */
export function compiledModule(relative: string): URL {
  return new URL(`../dist/${relative}`, import.meta.url);
}

/** The version in package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

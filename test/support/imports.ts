/** Who imports whom in src/ and test/, by paths from the root of the project; types count. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';

export interface Import {
  from: string;
  to: string;
}

/** Of all TypeScript files of a folder: what each takes from files of the project. */
export function importsOf(folder: string): Import[] {
  const names = readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => path.posix.join(folder, posix(name)));
  return files.flatMap((from) => {
    const text = readFileSync(path.join(packageRoot, from), 'utf8');
    // Also what is imported when it is needed, and what is handed on.
    const found = text.matchAll(/(?:\bfrom\s+|\bimport\(\s*)'(\.{1,2}\/[^']+)\.js'/g);
    return [...found].map(([, name = '']) => ({ from, to: path.posix.join(path.posix.dirname(from), `${name}.ts`) }));
  });
}

const posix = (name: string) => name.split(path.sep).join('/');

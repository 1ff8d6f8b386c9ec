/** Who imports whom in TypeScript: types, what is imported when it is needed, and what is handed on. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';

/** Module → its text; by paths with `/`. */
export type Modules = ReadonlyMap<string, string>;

export interface Import {
  from: string;
  to: string;
}

const IMPORT = /(?:\bfrom\s*|\bimport\(\s*|^import\s*)'(\.{1,2}\/[^']+)\.js'/gm;

/** All modules of a folder, by paths from that folder. */
export function readModules(folder: string): Modules {
  const whole = path.join(packageRoot, folder);
  const names = readdirSync(whole, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(
    names.map((name) => [name.split(path.sep).join('/'), readFileSync(path.join(whole, name), 'utf8')] as const),
  );
}

/** What each of these modules takes from files of the project, by paths from where theirs begin. */
export function importsIn(modules: Modules): Import[] {
  return [...modules].flatMap(([from, text]) =>
    [...text.matchAll(IMPORT)].map(([, name = '']) => ({
      from,
      to: path.posix.join(path.posix.dirname(from), `${name}.ts`),
    })),
  );
}

/** The same of a folder of the project, by paths from its root. */
export function importsOf(folder: string): Import[] {
  const rooted = [...readModules(folder)].map(([name, text]) => [path.posix.join(folder, name), text] as const);
  return importsIn(new Map(rooted));
}

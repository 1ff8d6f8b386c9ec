/** The families of test/batteries/other-tabular.json: made or found, converted once, and left out where the machine lacks what they need. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { convertAll } from '../../src/convert/convert-all.js';
import type { Conversion } from '../../src/convert/document.js';
import { packageRoot } from '../../src/paths.js';
import { type Prepared, prepare } from '../support/prepared.js';

export interface Family {
  converter: string;
  title: string;
  /** In test/batteries/: a script that makes the models, or a folder that holds them. */
  script?: string;
  folder?: string;
  needs: 'java' | 'compiler' | null;
  /** The code that refuses a model, by its name. */
  refused: Record<string, string>;
  /** Models that nobody's predictions are known of. */
  unverified: string[];
}

export interface Converted {
  results: Conversion[];
  /** What the converter says that it takes. */
  kinds: string[];
}

export async function readFamilies(): Promise<Family[]> {
  return JSON.parse(await readFile(path.join(packageRoot, 'test', 'batteries', 'other-tabular.json'), 'utf8')).families;
}

/** What the machine lacks for a family, or null. */
export async function lacking({ needs }: Family): Promise<string | null> {
  if (needs === null) return null;
  const commands = needs === 'java' ? ['java'] : ['c++', 'g++', 'clang++', 'cl'];
  const found = await Promise.all(commands.map((command) => execa(command, ['--version'], { reject: false })));
  return found.some(({ exitCode }) => exitCode === 0) ? null : needs;
}

export async function convertFamily(family: Family): Promise<Converted> {
  const prepared = await prepare(family.converter);
  try {
    const models =
      family.folder === undefined ? prepared.folder : path.join(packageRoot, 'test', 'batteries', family.folder);
    if (family.script !== undefined) await prepared.python(`test/batteries/${family.script}`, prepared.folder);
    const results = await convertAll([models], prepared.converters, {
      out: path.join(prepared.folder, 'out'),
      // Each interpreter of Spark is a Java machine of its own.
      jobs: 1,
    });
    return { results, kinds: await kindsOf(family, prepared) };
  } finally {
    await prepared.close();
  }
}

async function kindsOf({ converter }: Family, { python }: Prepared): Promise<string[]> {
  const file = path.join(packageRoot, 'converters', converter, 'kinds.py');
  return JSON.parse(await python('test/batteries/print_kinds.py', file));
}

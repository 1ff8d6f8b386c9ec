/** What the project's Python files say of themselves, read by Python's own parser. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { within } from '../../src/environments/versions.js';
import { packageRoot } from '../../src/paths.js';

const SCRIPT = fileURLToPath(new URL('read_sources.py', import.meta.url));
/** `ast.unparse` came with 3.9. */
const WITH_UNPARSE = { min: '3.9', max: '3.99' };

const sourceSchema = z.object({
  imports: z.array(
    z.object({ line: z.number(), module: z.string(), names: z.array(z.string()), typesOnly: z.boolean() }),
  ),
  errors: z.array(z.object({ line: z.number(), codes: z.array(z.string()), next: z.array(z.string()) })),
  dictionaries: z.record(z.string(), z.array(z.string())),
});
export type PythonSource = z.infer<typeof sourceSchema>;

let interpreter: Promise<string> | undefined;

async function newEnough(): Promise<string> {
  const found = (await findInterpreters()).find(({ version }) => within(version, WITH_UNPARSE));
  if (found === undefined) throw new Error('these tests need a Python interpreter');
  return found.path;
}

/** By path relative to `root`, with forward slashes. */
export type PythonSources = Map<string, PythonSource>;

export async function readSources(root = packageRoot, folders = ['python', 'converters']): Promise<PythonSources> {
  interpreter ??= newEnough();
  const { stdout } = await execa(await interpreter, [SCRIPT, ...folders.map((folder) => path.join(root, folder))]);
  const read = z.record(z.string(), sourceSchema).parse(JSON.parse(stdout));
  const relative = (file: string) => path.relative(root, file).split(path.sep).join('/');
  return new Map(Object.entries(read).map(([file, source]) => [relative(file), source]));
}

/** What interpreters said of themselves, remembered between runs: starting one costs 20 to 400 ms, a stat nothing. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from './cache-folder.js';

export const interpreterFactsSchema = z.object({ version: z.string(), platform: z.string() });
export type InterpreterFacts = z.infer<typeof interpreterFactsSchema>;

const fileSchema = z.record(z.string(), interpreterFactsSchema);

export interface Known {
  get(python: string): InterpreterFacts | undefined;
  set(python: string, facts: InterpreterFacts): void;
  save(): Promise<void>;
}

/** The remembered facts; an interpreter that has changed since is not among them. */
export async function knownInterpreters(): Promise<Known> {
  const file = path.join(cacheFolder(), 'interpreters.json');
  const facts = await read(file);
  let changed = false;
  return {
    get: (python) => {
      const key = identity(python);
      return key === undefined ? undefined : facts[key];
    },
    set: (python, fact) => {
      const key = identity(python);
      if (key === undefined) return;
      facts[key] = fact;
      changed = true;
    },
    save: async () => {
      if (changed) await write(file, facts);
    },
  };
}

/**
 * Path, time and size of the program; undefined for a script, whose answer may depend on the folder it runs in, and for
 * what can be run and not be read.
 */
function identity(python: string): string | undefined {
  try {
    const program = statSync(python);
    return isScript(python) ? undefined : `${python}|${program.mtimeMs}|${program.size}`;
  } catch {
    return undefined;
  }
}

function isScript(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(descriptor, start, 0, 2, 0);
    return start.toString('latin1') === '#!';
  } finally {
    closeSync(descriptor);
  }
}

async function read(file: string): Promise<Record<string, InterpreterFacts>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Not there yet, or damaged: it is only a memory, and is written anew.
    return {};
  }
}

async function write(file: string, facts: Record<string, InterpreterFacts>): Promise<void> {
  const part = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(part, JSON.stringify(facts, null, 1));
    await rename(part, file);
  } catch {
    // A cache that can't be written only means asking the interpreters again next time.
  }
}

/** A converter's manifest: `converters/<name>/converter.json`. A new converter is one new folder. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../paths.js';

/** How a format is told from its first bytes; every part that is given must hold. Nothing is executed. */
const recognitionSchema = z.object({
  container: z.enum(['pickle', 'zip', 'text', 'binary', 'directory']),
  /** Pickles: one of these top-level modules is named in it. */
  modules: z.array(z.string()).optional(),
  /** Pickles: the object itself is of one of these top-level modules, whatever it holds. */
  root: z.array(z.string()).optional(),
  /** Zips and directories: these members are in it. */
  members: z.array(z.string()).optional(),
  /** Text and binary: a regular expression over the first 4,096 bytes, read as Latin-1. */
  pattern: z.string().optional(),
});

const formatSchema = z.object({
  id: z.string(),
  title: z.string(),
  extensions: z.array(z.string().startsWith('.')),
  recognise: recognitionSchema,
  /** `safe`: loading runs no code of the file; `executes-code`: it may, so the user must vouch for the file. */
  loading: z.enum(['safe', 'executes-code']),
});
export type ModelFormat = z.infer<typeof formatSchema>;

/** What an environment is built from; a runtime of its own has this much of a manifest too. */
export const environmentManifestSchema = z.object({
  title: z.string(),
  environment: z.object({
    /** Shown to the user; two converters with the same lock file share one environment. */
    name: z.string(),
    /** The locked requirements, relative to the manifest. */
    lock: z.string(),
    /** Python versions that the lock was made for, oldest and newest, e.g. `3.11` and `3.13`. */
    python: z.object({ min: z.string().regex(/^3\.\d+$/), max: z.string().regex(/^3\.\d+$/) }),
    /** Packages that exist as source only, by name: building them runs their code. */
    sourceOnly: z.array(z.string()),
  }),
  /** The Python file with the actions, relative to the manifest. */
  entry: z.string(),
});

const manifestSchema = environmentManifestSchema.extend({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  formats: z.array(formatSchema).min(1),
});

/** `folder`: absolute path of the manifest's folder. */
export type EnvironmentManifest = z.infer<typeof environmentManifestSchema> & { folder: string };

export type ConverterManifest = z.infer<typeof manifestSchema> & {
  /** Absolute path of the converter's folder. */
  folder: string;
};

/** All converters, sorted by id. Throws when a manifest is not valid or two formats have the same id. */
export async function readManifests(folder = path.join(packageRoot, 'converters')): Promise<ConverterManifest[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const manifests = await Promise.all(names.sort().map((name) => readManifest(path.join(folder, name))));
  const seen = new Map<string, string>();
  for (const { id, formats } of manifests) {
    for (const format of formats) {
      const other = seen.get(format.id);
      if (other !== undefined) throw new Error(`format ${format.id} is declared by ${other} and by ${id}`);
      seen.set(format.id, id);
    }
  }
  return manifests;
}

async function readManifest(folder: string): Promise<ConverterManifest> {
  const file = path.join(folder, 'converter.json');
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a valid manifest:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, folder };
}

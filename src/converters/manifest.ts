/** A converter's manifest: `converters/<name>/converter.json`. A new converter is one new folder. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../paths.js';

const MANIFEST = 'converter.json';

/** How a format is told from its first bytes; every part that is given must hold. Nothing is executed. */
const recognitionSchema = z.object({
  container: z.enum(['pickle', 'zip', 'text', 'binary', 'directory']),
  /** Pickles: one of these top-level modules is named in it. */
  modules: z.array(z.string()).optional(),
  /** Pickles: the object itself is of one of these top-level modules, whatever it holds. */
  root: z.array(z.string()).optional(),
  /** Zips and directories: these members are in it; a `*` at one end stands for anything. */
  members: z.array(z.string()).optional(),
  /** Text and binary: a regular expression over the first 4,096 bytes, read as Latin-1. */
  pattern: z.string().optional(),
});

const formatSchema = z.object({
  id: z.string(),
  title: z.string(),
  extensions: z.array(z.string().startsWith('.')),
  recognise: recognitionSchema,
  /** Endings of further files that belong to it, beside it and of the same stem; a `*` stands for anything. */
  companions: z.array(z.string().startsWith('.')).optional(),
  /** `safe`: loading runs no code of the file; `executes-code`: it may, so the user must vouch for the file. */
  loading: z.enum(['safe', 'executes-code']),
});
export type ModelFormat = z.infer<typeof formatSchema>;

const environmentSchema = z.object({
  /** Shown to the user; two environments with the same lock file are one. */
  name: z.string(),
  /** The locked requirements, relative to the manifest. */
  lock: z.string(),
  /** Python versions that the lock was made for, oldest and newest, e.g. `3.11` and `3.13`. */
  python: z.object({ min: z.string().regex(/^3\.\d+$/), max: z.string().regex(/^3\.\d+$/) }),
  /** Packages that exist as source only, by name: building them runs their code. */
  sourceOnly: z.array(z.string()),
  /** Its packages that are older than is safe, as `name version`: those below the floors of scripts/check-pins.mjs. */
  legacy: z.array(z.string()).min(1).optional(),
  /** What to do when its packages cannot be had, where that is known of them. */
  hint: z.string().optional(),
});

const version = z.string().regex(/^\d+(\.\d+)*$/);

/** Which files an environment is the right one for; see `src/environments/fitting.ts`. */
const whenSchema = z.object({
  /** Top-level Python modules that it has beyond the converter's other environments. */
  modules: z.array(z.string()).optional(),
  /** Versions of the `savedBy` package whose files it loads; without an end, all newer ones. `1.5` covers 1.5.2. */
  saved: z.object({ from: version, to: version.optional() }).optional(),
});

/** Where a file says by which version of which package it was saved; nothing is executed to read it. */
const savedBySchema = z.object({
  /** As pip names it. */
  package: z.string(),
  /** Pickles: the key of an object's state whose value is the version. */
  pickle: z.string().optional(),
  /** Zips: the member that says it, and a regular expression whose group is the version. */
  zip: z.object({ member: z.string(), pattern: z.string() }).optional(),
});
export type SavedBy = z.infer<typeof savedBySchema>;

/** What an environment is built from; a runtime of its own has this much of a manifest too. */
export const environmentManifestSchema = z.object({
  title: z.string(),
  environment: environmentSchema,
  /** The Python file with the actions, relative to the manifest. */
  entry: z.string(),
});

/** `folder`: absolute path of the manifest's folder. */
export type EnvironmentManifest = z.infer<typeof environmentManifestSchema> & { folder: string };

const converterEnvironmentSchema = environmentSchema.extend({ when: whenSchema.optional() });
export type ConverterEnvironment = z.infer<typeof converterEnvironmentSchema>;

/** A way from model to raw graph: the converter's own, or the one way of another converter that reads such files. */
const roadSchema = z.object({ id: z.string(), converter: z.string().optional() });
export type Road = z.infer<typeof roadSchema>;

/** Where a model of a flavor of MLflow's has its file; see `src/batch/zoo/mlflow/`. */
const mlflowSchema = z.object({
  flavor: z.string(),
  /** Within its folder, the first that is there: `{key}` is what the flavor says under that key, a `*` in a name stands for anything. */
  files: z.array(z.string()).min(1),
  /** Whether the tensors of its signature are the network's inputs. */
  inputs: z.boolean().default(false),
  /** What to do when none of the files is there. */
  hint: z.string().optional(),
});
export type MlflowFlavor = z.infer<typeof mlflowSchema>;

const manifestSchema = environmentManifestSchema
  .omit({ environment: true })
  .extend({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    savedBy: savedBySchema.optional(),
    /** The only environment, or several of which the file tells the right one; the first is for new files. */
    environment: environmentSchema.optional(),
    environments: z.array(converterEnvironmentSchema).min(1).optional(),
    /** Only used when the user names it, or as another converter's road. */
    onRequest: z.boolean().default(false),
    /** It changes the process that it runs in, so no other converter may run there, though they share the environment. */
    ownInterpreters: z.boolean().default(false),
    /** Its framework predicts in Java, which it starts: the only program that a process which loads models may start. */
    startsJava: z.boolean().default(false),
    /** Tried in this order until one verifies. */
    roads: z.array(roadSchema).min(1).optional(),
    formats: z.array(formatSchema).min(1),
    mlflow: z.array(mlflowSchema).default([]),
  })
  .transform(({ environment, environments, ...rest }, context) => {
    const [first, ...others]: ConverterEnvironment[] = [
      ...(environment === undefined ? [] : [environment]),
      ...(environments ?? []),
    ];
    if (first === undefined || (environment !== undefined && environments !== undefined)) {
      context.addIssue({ code: 'custom', message: 'give either "environment" or "environments"' });
      return z.NEVER;
    }
    const all: [ConverterEnvironment, ...ConverterEnvironment[]] = [first, ...others];
    return { ...rest, environments: all };
  });

export type ConverterManifest = z.infer<typeof manifestSchema> & {
  /** Absolute path of the converter's folder. */
  folder: string;
};

/** What one of a converter's environments is built from; in messages the first goes by the converter's own name. */
export function environmentOf(manifest: ConverterManifest, environment: ConverterEnvironment): EnvironmentManifest {
  const { entry, folder, environments } = manifest;
  const title = environment === environments[0] ? manifest.title : `the ${environment.name} environment`;
  return { title, entry, folder, environment };
}

/** Of converters in one environment, those with the same share its interpreters. */
export function interpretersOf({ id, ownInterpreters }: ConverterManifest): string {
  return ownInterpreters ? id : '';
}

/** All converters, sorted by id. Throws when a manifest is not valid or two formats have the same id. */
export async function readManifests(folder = path.join(packageRoot, 'converters')): Promise<ConverterManifest[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, MANIFEST)))
    .map((entry) => entry.name);
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
  const file = path.join(folder, MANIFEST);
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a valid manifest:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, folder };
}

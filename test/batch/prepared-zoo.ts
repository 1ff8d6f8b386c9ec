/** A small zoo of real models, trained once, and what the tests of runs do with run folders. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { capacity } from '../../src/batch/capacity.js';
import type { BatchDocument } from '../../src/batch/results.js';
import { type BatchOptions, runBatch } from '../../src/batch/run.js';
import { runFolder } from '../../src/batch/run-folder.js';
import { readZoo } from '../../src/batch/zoo/read-zoo.js';
import type { ModelOptions } from '../../src/batch/zoo/zoo.js';
import { Converters } from '../../src/convert/converters.js';
import { packageRoot } from '../../src/paths.js';

export interface PreparedZoo {
  /** Of everything here; goes at the end. */
  root: string;
  /** The samples of scikit-learn, 16 of which one is refused. */
  zoo: string;
  close: () => Promise<void>;
}

export async function prepareZoo(): Promise<PreparedZoo> {
  const root = await mkdtemp(path.join(tmpdir(), 'predictable-zoo-'));
  const zoo = path.join(root, 'zoo');
  mkdirSync(zoo);
  const converters = await Converters.open();
  const manifest = converters.manifests.find(({ id }) => id === 'sklearn')!;
  const { environment } = await converters.prepare(manifest);
  await execa(environment.python!, [path.join(packageRoot, 'samples', 'train.py'), zoo]);
  await converters.close();
  return { root, zoo, close: () => rm(root, { recursive: true, force: true }) };
}

/** Copies of a model of the zoo, with its sample, under other names. */
export async function copies(zoo: string, from: string, to: string, names: string[]): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of names) {
    for (const ending of ['.joblib', '.sample.csv'])
      await cp(path.join(zoo, from + ending), path.join(to, name + ending));
  }
}

/** A run here, with whatever converters; every model is trusted. */
export async function batch(
  zoo: string,
  folder: string,
  converters: Converters,
  given: Partial<BatchOptions> & { defaults?: ModelOptions } = {},
): Promise<BatchDocument> {
  const { jobs, environments } = capacity({ jobs: 2 });
  const { document } = await runBatch(await readZoo(zoo, converters.manifests, given.defaults ?? {}), converters, {
    folder: runFolder(folder),
    resume: false,
    executor: 'local',
    jobs,
    slots: () => jobs + 1,
    environments,
    trust: { all: true },
    settings: { keepUnverified: false },
    ...given,
  });
  return document;
}

/** Every file of the models and their evidence, by name: what has to be the same whoever made it. */
export function products(folder: string): Map<string, string> {
  const { models, evidence } = runFolder(folder);
  return new Map(
    [models, evidence].flatMap((kind) =>
      readdirSync(kind)
        .sort()
        .map((name): [string, string] => [
          `${path.basename(kind)}/${name}`,
          readFileSync(path.join(kind, name)).toString('base64'),
        ]),
    ),
  );
}

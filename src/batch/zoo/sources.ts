/** Model files and folders of a zoo, as models without names and options: what is MLflow's is read, the rest is taken as it is. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConvertOptions } from '../../convert/convert.js';
import type { ConverterManifest } from '../../converters/manifest.js';
import { type FoundModels, searchFolder } from '../../detect/find-models.js';
import type { PredictableError } from '../../errors.js';
import { together } from '../../files/at-once.js';
import { MLMODEL, readMlflow } from './mlflow/read-mlflow.js';

/** The file of a run's folder that says what it is. */
export const JOURNAL = 'journal.jsonl';

/** A file or folder that is one model. */
export interface Source {
  /** Absolute; of an MLflow model its folder. */
  path: string;
  isFolder: boolean;
  /** It cannot be looked into. */
  error?: PredictableError | undefined;
}

/** What is read of a source: the file for the converter, and what its MLmodel file says. */
interface ReadSource {
  path: string;
  options: Pick<ConvertOptions, 'sample' | 'columns' | 'inputs'>;
  readFrom: string[];
  problem?: PredictableError | undefined;
}

/** The models in a folder and those within; what a run of ours left there is none. */
export async function sourcesWithin(folder: string, manifests: ConverterManifest[]): Promise<Source[]> {
  const found: FoundModels = await searchFolder(folder, manifests, {
    alsoModel: (members) => members.has(MLMODEL),
    leaveOut: (members) => members.has(JOURNAL),
  });
  const models = await together(found.models, async (model) => ({ path: model, isFolder: await isFolder(model) }));
  return [...models, ...found.unreadable.map((each) => ({ ...each, isFolder: true }))];
}

async function isFolder(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info?.isDirectory() === true;
}

/** `title`: what messages call it; `sampled`: the zoo says its sample, which goes before MLflow's example. */
export async function readSource(
  source: Source,
  title: string,
  manifests: ConverterManifest[],
  sampled: boolean,
): Promise<ReadSource> {
  const asItIs = { path: source.path, options: {}, readFrom: [], problem: source.error };
  if (!source.isFolder || source.error !== undefined) return asItIs;
  const info = await stat(path.join(source.path, MLMODEL)).catch(() => null);
  return info === null ? asItIs : readMlflow(source.path, title, manifests, sampled);
}

/** Relative to the zoo, with `/` on every system. */
export function relativeTo(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}

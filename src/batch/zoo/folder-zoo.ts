/** A folder of models as a zoo: names from relative paths. */

import path from 'node:path';
import { given as saidOf } from '../../convert/options/conversion-options.js';
import type { ConverterManifest } from '../../converters/manifest.js';
import { noModels } from '../../detect/find-models.js';
import { PredictableError } from '../../errors.js';
import { together } from '../../files/at-once.js';
import { complaintAboutName, mustDiffer, nameFromPath } from './names.js';
import { readSource, relativeTo, type Source, sourcesWithin } from './sources.js';
import type { ModelOptions, Zoo, ZooModel } from './zoo.js';

/** Throws FILE_NOT_FOUND when it holds no model, NAME_COLLISION, or ZOO_INVALID for a path that makes no name. */
export async function readFolderZoo(
  given: string,
  manifests: ConverterManifest[],
  defaults: ModelOptions,
): Promise<Zoo> {
  const folder = path.resolve(given);
  const sources = await sourcesWithin(folder, manifests);
  if (sources.length === 0) throw noModels(given, manifests);
  // A zoo that is one model is named by its folder.
  const root = sources[0]?.path === folder ? path.dirname(folder) : folder;
  const models = await together(sources, (source) => modelOf(source, root, manifests, saidOf(defaults)));
  mustDiffer(
    models.map(({ name, source }) => ({ name, title: source })),
    'Rename one, or list them in a zoo.yaml that gives them names.',
  );
  return { title: given, root, models };
}

async function modelOf(
  source: Source,
  root: string,
  manifests: ConverterManifest[],
  defaults: ModelOptions,
): Promise<ZooModel> {
  const relative = relativeTo(root, source.path);
  const name = nameFromPath(relative, source.isFolder);
  const complaint = complaintAboutName(name);
  if (complaint !== null) {
    throw new PredictableError('ZOO_INVALID', `the path ${relative} makes no name of a model: ${complaint}`, {
      hint: 'Rename it, or list it in a zoo.yaml that gives it a name.',
    });
  }
  const { options, ...read } = await readSource(source, relative, manifests, false);
  return { name, source: relative, tags: [], options: { ...defaults, ...options }, ...read };
}

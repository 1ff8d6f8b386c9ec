/** A model zoo from what the user names: a folder of models, or a `zoo.yaml`. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConverterManifest } from '../../converters/manifest.js';
import { PredictableError } from '../../errors.js';
import { ordinary } from '../../files/ordinary.js';
import { forShell } from '../../shell.js';
import { readFileZoo } from './file-zoo.js';
import { readFolderZoo } from './folder-zoo.js';
import type { Reach } from './reach.js';
import type { ModelOptions, Zoo } from './zoo.js';

/** What a folder's own description is called. */
const ZOO_FILE = 'zoo.yaml';

/**
 * `given`: a folder, or a yaml file; a folder that holds a zoo.yaml is read as that says. `defaults`: options of the
 * models that nothing in the zoo says. Throws FILE_NOT_FOUND, NAME_COLLISION, ZOO_INVALID or USAGE; what is wrong with
 * one model alone is that model's problem.
 */
export async function readZoo(
  given: string,
  manifests: ConverterManifest[],
  defaults: ModelOptions = {},
  reach: Reach = {},
): Promise<Zoo> {
  const info = await ordinary(given, 'Check the path of the zoo.');
  if (info.isDirectory()) {
    const file = path.join(given, ZOO_FILE);
    const described = await stat(file).catch(() => null);
    return described?.isFile()
      ? readFileZoo(file, manifests, defaults, reach)
      : readFolderZoo(given, manifests, defaults);
  }
  if (info.isFile() && /\.ya?ml$/i.test(given)) return readFileZoo(given, manifests, defaults, reach);
  throw new PredictableError('USAGE', `${given} is neither a folder nor a .yaml file`, {
    hint: `A zoo is a folder of models, or a zoo.yaml. A model alone: predictable convert ${forShell(given)}`,
  });
}

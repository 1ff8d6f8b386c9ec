/** Many model files → a folder of verified ONNX files with their documents; one model that fails does not stop the others. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { findModels } from '../detect/find-models.js';
import { PredictableError } from '../errors.js';
import { makeFolder } from '../files/write-whole.js';
import { type ConvertOneOptions, convertOne } from './convert-one.js';
import type { Converters } from './converters.js';
import type { Conversion } from './document.js';
import { mustBeOurs } from './own-files.js';

export interface ConvertAllOptions extends ConvertOneOptions {
  /** Folder of the results; created when needed. */
  out: string;
  /** Name of the only model; more than one take their names from their paths. */
  name?: string | undefined;
  jobs?: number | undefined;
  onResult?: ((result: Conversion) => void) | undefined;
}

/**
 * Throws NAME_COLLISION, FILE_NOT_FOUND, FILE_EXISTS (for results in the place of what something else made) or USAGE
 * before any model is touched; afterwards errors are results.
 */
export async function convertAll(
  paths: string[],
  converters: Converters,
  options: ConvertAllOptions,
): Promise<Conversion[]> {
  const files = await findModels(paths, converters.manifests);
  const named = nameModels(files, options.name);
  await mustBeOurs(
    named.flatMap(({ name }) => ['onnx', 'json'].map((end) => path.join(options.out, `${name}.${end}`))),
  );
  await makeFolder(options.out);
  const results: Conversion[] = [];
  const queue = [...named.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, { file, name }] = next;
      const placement = { file, name, source: file, folder: options.out, folderName: options.out, timings: true };
      const { document } = await convertOne(placement, converters, options);
      results[index] = document;
      options.onResult?.(document);
    }
  };
  await Promise.all(Array.from({ length: options.jobs ?? availableParallelism() }, worker));
  return results;
}

function nameModels(files: string[], name: string | undefined): { file: string; name: string }[] {
  if (name !== undefined && files.length !== 1) {
    throw new PredictableError('USAGE', `--name names one model, but ${files.length} were given`, {
      hint: 'Leave --name out: names come from the paths.',
    });
  }
  if (name?.startsWith('-')) {
    throw new PredictableError('USAGE', `${name} cannot be the name of a model: it begins with -, as options do`);
  }
  const named = files.map((file) => ({ file, name: name ?? path.parse(file).name.replace(/^-+(?=.)/, '') }));
  const seen = new Map<string, string>();
  for (const model of named) {
    // File systems and SQL collations ignore case, so names that differ only in it collide too.
    const key = model.name.toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      throw new PredictableError('NAME_COLLISION', `${other} and ${model.file} would both be named ${model.name}`, {
        hint: 'Convert them into different folders with -o, or rename one.',
        details: { name: model.name, files: [other, model.file] },
      });
    }
    seen.set(key, model.file);
  }
  return named;
}

/** Many model files → a folder of verified ONNX files with their documents; one model that fails does not stop the others. */

import { mkdir, readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { ConverterManifest } from '../converters/manifest.js';
import { detect, isModelFolder } from '../detect/detect.js';
import { PredictableError } from '../errors.js';
import { type ConvertOneOptions, convertOne } from './convert-one.js';
import type { Converters } from './converters.js';
import type { Conversion } from './document.js';

/** `model.sample.json` and `model.reference.json` lie beside a model. */
const SIDECAR = /\.(sample|reference)\.[^.]+$/i;

export interface ConvertAllOptions extends ConvertOneOptions {
  /** Folder of the results; created when needed. */
  out: string;
  /** Name of the only model; more than one take their names from their paths. */
  name?: string | undefined;
  jobs?: number | undefined;
  onResult?: ((result: Conversion) => void) | undefined;
}

/** Throws NAME_COLLISION, FILE_NOT_FOUND or USAGE before any model is touched; afterwards errors are results. */
export async function convertAll(
  paths: string[],
  converters: Converters,
  options: ConvertAllOptions,
): Promise<Conversion[]> {
  const files = await findModels(paths, converters.manifests);
  const named = nameModels(files, options.name);
  await mkdir(options.out, { recursive: true });
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

/** Files as they are named; folders are searched for names that a converter declares. Sidecars are no models. */
export async function findModels(paths: string[], manifests: ConverterManifest[]): Promise<string[]> {
  const extensions = new Set(manifests.flatMap(({ formats }) => formats.flatMap((format) => format.extensions)));
  const found: string[] = [];
  for (const entry of paths) {
    const info = await stat(entry).catch((cause: unknown) => {
      throw new PredictableError('FILE_NOT_FOUND', `there is no file or folder ${entry}`, {
        hint: 'Check the path.',
        cause,
      });
    });
    if (!info.isDirectory()) {
      found.push(entry);
      continue;
    }
    const models = (await modelsWithin(entry, extensions, manifests)).sort();
    if (models.length === 0) {
      throw new PredictableError('FILE_NOT_FOUND', `there is no model file in ${entry}`, {
        hint: `Looked for ${[...extensions].sort().join(', ')}.`,
      });
    }
    found.push(...models);
  }
  return found;
}

/** A folder's notes and settings have names like models kept as text (.txt, .json): there the content decides. */
async function mayBeModel(file: string, manifests: ConverterManifest[]): Promise<boolean> {
  const extension = path.extname(file).toLowerCase();
  const formats = manifests
    .flatMap((manifest) => manifest.formats)
    .filter((format) => format.extensions.includes(extension));
  if (!formats.every(({ recognise }) => recognise.container === 'text')) return true;
  return detect(file, manifests).then(
    () => true,
    (error: unknown) => !(error instanceof PredictableError && error.code === 'CORRUPT_MODEL'),
  );
}

/** A folder that is a model is not searched. */
async function modelsWithin(
  folder: string,
  extensions: ReadonlySet<string>,
  manifests: ConverterManifest[],
): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  if (isModelFolder(names, manifests)) return [folder];
  const found = entries.map(async (entry) => {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) return modelsWithin(inside, extensions, manifests);
    const named = entry.isFile() && extensions.has(path.extname(entry.name).toLowerCase()) && !SIDECAR.test(entry.name);
    return named && (await mayBeModel(inside, manifests)) ? [inside] : [];
  });
  return (await Promise.all(found)).flat();
}

function nameModels(files: string[], name: string | undefined): { file: string; name: string }[] {
  if (name !== undefined && files.length !== 1) {
    throw new PredictableError('USAGE', `--name names one model, but ${files.length} were given`, {
      hint: 'Leave --name out: names come from the paths.',
    });
  }
  const named = files.map((file) => ({ file, name: name ?? path.parse(file).name }));
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

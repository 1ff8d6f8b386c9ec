/** Many model files → a folder of verified ONNX files with their documents; one model that fails does not stop the others. */

import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { findModels } from '../detect/find-models.js';
import { asPredictableError, PredictableError } from '../errors.js';
import { writeWhole } from '../rows/write-whole.js';
import { TARGETS } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import { type ConvertedModel, type ConvertOptions, conversionDocument, convertModel } from './convert.js';
import type { Converters } from './converters.js';
import type { Conversion } from './document.js';
import type { Warning } from './envelope.js';

export interface ConvertAllOptions extends ConvertOptions {
  /** Folder of the results; created when needed. */
  out: string;
  /** Name of the only model; more than one take their names from their paths. */
  name?: string | undefined;
  /** Write the `.onnx` of a model that did not verify, too. */
  keepUnverified?: boolean | undefined;
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
      const result = await convertOne(file, name, converters, options);
      results[index] = result;
      options.onResult?.(result);
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

async function convertOne(
  file: string,
  name: string,
  converters: Converters,
  options: ConvertAllOptions,
): Promise<Conversion> {
  const target = options.target ?? 'sql-edge';
  const begun = { source: file, name, target, warnings: [] };
  try {
    options.signal?.throwIfAborted();
    const converted = await convertModel(file, converters, options);
    // Where only the raw graph could be asked, nothing speaks against the model: a warning says so, and registries refuse it.
    const passed = converted.verification.status !== 'failed';
    const document: Conversion = {
      ...begun,
      ...conversionDocument(converted),
      status: passed ? 'converted' : 'failed',
      ...(passed ? {} : { error: verificationError(file, converted).toJSON() }),
    };
    if (!passed && options.keepUnverified !== true) return document;
    const output = path.join(options.out, `${name}.onnx`);
    const written = { ...document, output };
    await writeWhole(output, converted.bytes);
    await writeWhole(path.join(options.out, `${name}.json`), `${JSON.stringify({ schema: 1, ...written }, null, 2)}\n`);
    return written;
  } catch (thrown) {
    const error = options.signal?.aborted ? cancelled() : asPredictableError(thrown);
    return { ...begun, status: 'failed', error: error.toJSON() };
  }
}

function cancelled(): PredictableError {
  return new PredictableError('CANCELLED', 'interrupted', {
    hint: 'Nothing was written for this model; run it again.',
  });
}

function verificationError(
  file: string,
  { verification, target, precision, normalized }: ConvertedModel,
): PredictableError {
  return new PredictableError(
    'VERIFICATION_FAILED',
    `${file} predicts otherwise as ONNX: ${describeMismatch(verification)} over ${verification.rows} rows (for ${TARGETS[target].title})`,
    {
      hint: `Nothing was written. ${wayOut(normalized.warnings, precision)}--keep-unverified writes it all the same.`,
      details: { worst: verification.worst },
    },
  );
}

function wayOut(warnings: Warning[], precision: 'float' | 'double'): string {
  if (warnings.some(({ code }) => code === 'FLOAT16_WEIGHTS')) {
    return 'Weights in float16 cost precision: --rtol and --atol say how much is accepted, --weights float32 keeps it. ';
  }
  return precision === 'float' ? '--precision auto tries float columns; ' : '';
}

function describeMismatch({ maxAbsDiff, labelMismatches }: Verification): string {
  const difference = `max difference ${maxAbsDiff.toPrecision(2)}`;
  if (labelMismatches === 0) return difference;
  return `${labelMismatches} ${labelMismatches === 1 ? 'label' : 'labels'} changed, ${difference}`;
}

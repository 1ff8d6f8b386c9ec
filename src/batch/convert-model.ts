/** One model of a zoo, converted; once more in a fresh interpreter when the first one ended in the middle. */

import path from 'node:path';
import { type ConvertOneOptions, convertOne } from '../convert/convert-one.js';
import type { Converters } from '../convert/converters.js';
import type { Evidence } from '../convert/evidence.js';
import { asPredictableError, type ErrorCode } from '../errors.js';
import { mustVouchForFactory } from './factory.js';
import type { PlannedModel } from './plan.js';
import type { ModelResult } from './results.js';
import type { RunFolder } from './run-folder.js';
import { failed } from './unstarted.js';

interface AttemptOptions extends Pick<ConvertOneOptions, 'trust' | 'signal' | 'memory' | 'keepUnverified' | 'signKey'> {
  folder: RunFolder;
  /** How many interpreters get the model at most. */
  tries: number;
}

export interface Attempt {
  result: ModelResult;
  evidence?: Evidence | undefined;
}

/** Errors after which a fresh interpreter gets the model once more: the first may have been worn out by the models before. */
const RETRIED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['CONVERTER_CRASHED', 'OUT_OF_MEMORY']);

/** Never throws: an error is a result. */
export async function attempt(
  { model, converter }: PlannedModel,
  converters: Converters,
  { folder, tries, memory, ...given }: AttemptOptions,
): Promise<Attempt> {
  const { name, source, tags } = model;
  const placement = {
    file: shown(model.path),
    name,
    source,
    folder: folder.models,
    folderName: path.basename(folder.models),
    timings: false,
  };
  const options = { memory, ...model.options, ...given, evidence: true, scratch: folder.scratch };
  const begun = performance.now();
  try {
    mustVouchForFactory(model, given.trust ?? {});
  } catch (thrown) {
    return { result: failed(model, converter, asPredictableError(thrown)) };
  }
  for (let attempts = 1; ; attempts++) {
    const { document, evidence } = await convertOne(placement, converters, options);
    if (attempts < tries && document.error !== undefined && RETRIED.has(document.error.code)) continue;
    const elapsed = Math.round(performance.now() - begun);
    return { result: { converter, ...document, tags, attempts, elapsed }, evidence };
  }
}

/** The model's path as the user would write it from where the command was started. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

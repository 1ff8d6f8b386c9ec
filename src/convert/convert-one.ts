/** One model file → its `.onnx` and document in a folder, or the error that it ended with: never throws for a model. */

import path from 'node:path';
import { asPredictableError, PredictableError } from '../errors.js';
import { writeWhole } from '../files/write-whole.js';
import type { EcKey } from '../signing/keys.js';
import { signModel } from '../signing/model-files.js';
import { DEFAULT_TARGET, TARGETS } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import { type ConvertOptions, conversionDocument, convertModel } from './convert.js';
import type { ConvertedModel } from './converted-model.js';
import type { Converters } from './converters.js';
import type { Conversion } from './document.js';
import type { Evidence } from './evidence.js';
import { roundingCost } from './widths.js';

interface Placement {
  file: string;
  name: string;
  /** What documents call the file. */
  source: string;
  /** Where the results are written. */
  folder: string;
  /** What documents call that folder: a run's are told from the run's own, so that it can be moved. */
  folderName: string;
  /** Whether `<name>.json` says how long it took: then it is never the same twice. */
  timings: boolean;
}

export interface ConvertOneOptions extends ConvertOptions {
  /** Write the `.onnx` of a model that did not verify, too. */
  keepUnverified?: boolean | undefined;
  /** Signs what is written. */
  signKey?: EcKey | undefined;
}

export async function convertOne(
  { file, name, source, folder, folderName, timings }: Placement,
  converters: Converters,
  options: ConvertOneOptions,
): Promise<{ document: Conversion; evidence?: Evidence | undefined }> {
  const target = options.target ?? DEFAULT_TARGET;
  const begun = { source, name, target, warnings: [] };
  try {
    options.signal?.throwIfAborted();
    const converted = await convertModel(file, converters, options);
    const { evidence } = converted;
    // Where only the raw graph could be asked, nothing speaks against the model: a warning says so, and registries refuse it.
    const passed = converted.verification.status !== 'failed';
    const document: Conversion = {
      ...begun,
      ...conversionDocument(converted),
      status: passed ? 'converted' : 'failed',
      ...(passed ? {} : { error: verificationError(file, converted).toJSON() }),
    };
    if (!passed && options.keepUnverified !== true) return { document, evidence };
    const signedBy = options.signKey?.fingerprint;
    const written = { ...document, output: path.join(folderName, `${name}.onnx`), ...(signedBy && { signedBy }) };
    const { timings: measured, ...repeatable } = written;
    const kept = { schema: 1, ...repeatable, ...(timings ? { timings: measured } : {}) };
    await writeWhole(path.join(folder, `${name}.onnx`), converted.bytes);
    await writeWhole(path.join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
    if (options.signKey !== undefined) await signModel(path.join(folder, `${name}.onnx`), options.signKey);
    return { document: written, evidence };
  } catch (thrown) {
    const error = options.signal?.aborted ? cancelled() : asPredictableError(thrown);
    return { document: { ...begun, status: 'failed', error: error.toJSON() } };
  }
}

function cancelled(): PredictableError {
  return new PredictableError('CANCELLED', 'interrupted', {
    hint: 'Nothing was written for this model; run it again.',
  });
}

function verificationError(file: string, converted: ConvertedModel): PredictableError {
  const { verification, target } = converted;
  // What fails for its rounding alone has no row that differs in the columns' own types.
  const rounded = verification.worst === undefined;
  const what = rounded
    ? roundingCost(verification)
    : `predicts otherwise as ONNX: ${describeMismatch(verification)} over ${describeRows(verification)}`;
  return new PredictableError(
    'VERIFICATION_FAILED',
    `${file}${rounded ? ': ' : ' '}${what} (for ${TARGETS[target].title})`,
    {
      hint: `Nothing was written. ${rounded ? ALLOWING : wayOut(converted)}--keep-unverified writes it all the same.`,
      details: { worst: verification.worst },
    },
  );
}

const ALLOWING = 'Wider columns do not help here; --allow-rounding accepts it. ';

/** What was not tried. */
function wayOut({ normalized: { warnings }, provenance }: ConvertedModel): string {
  if (warnings.some(({ code }) => code === 'FLOAT16_WEIGHTS')) {
    return 'Weights in float16 cost precision: --rtol and --atol say how much is accepted, --weights float32 keeps it. ';
  }
  return provenance.options.precision === 'float' ? '--precision auto tries float columns; ' : '';
}

/** `300 rows and 2000 probes, among them a row with NULL in city`. */
function describeRows({ rows, probes, worst = [] }: Verification): string {
  const kind = worst.find(({ probe }) => probe !== undefined)?.probe;
  const differs = kind === undefined ? '' : `, among them ${kind}`;
  return `${rows} rows${probes ? ` and ${probes.rows} probes` : ''}${differs}`;
}

function describeMismatch({ maxAbsDiff, labelMismatches }: Verification): string {
  const difference = `max difference ${maxAbsDiff.toPrecision(2)}`;
  if (labelMismatches === 0) return difference;
  return `${labelMismatches} ${labelMismatches === 1 ? 'label' : 'labels'} changed, ${difference}`;
}

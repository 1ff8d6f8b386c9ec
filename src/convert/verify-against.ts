/** Holds a normalised model against the predictions of its original. */

import { readFile } from 'node:fs/promises';
import type { Sandbox } from '../bridge/sandbox.js';
import { filesOfReference, predictedSchema, type Reference } from '../converters/answer.js';
import { PredictableError } from '../errors.js';
import { mustLieWithin } from '../files/answered.js';
import { ordinary } from '../files/ordinary.js';
import { loadModel } from '../graph/codec/loaded-model.js';
import type { Top } from '../graph/metadata.js';
import { signatureOf, topOf } from '../graph/metadata.js';
import { withOpenBatch } from '../graph/open-batch.js';
import type { Runtimes } from '../inference/runtimes.js';
import type { Frame } from '../rows/frame.js';
import { readFrame } from '../rows/frame-file.js';
import { forShell } from '../shell.js';
import type { Signature } from '../signature.js';
import { probesOf } from '../verify/probes.js';
import { withTop } from '../verify/top.js';
import type { Verification } from '../verify/verification.js';
import { type Verified, type VerifyRequest, verify } from '../verify/verify.js';
import type { Converters } from './converters.js';
import { admitting, filesOf, type OriginalOptions, requestFor, withOriginal } from './original.js';
import { mustFitReference } from './reference-file.js';
import type { Widths } from './widths.js';

export interface VerifyOptions extends OriginalOptions {
  signal?: AbortSignal | undefined;
}

/**
 * `verify MODEL.onnx --against PATH`: the original predicts the sample's rows, and the model has to agree.
 * Throws MISSING_SIGNATURE for a graph that is not normalised.
 */
export async function verifyAgainst(
  model: string,
  against: string,
  converters: Converters,
  options: VerifyOptions = {},
): Promise<{ verification: Verification; sandbox: Sandbox }> {
  await ordinary(model);
  const bytes = await readFile(model);
  const loaded = loadModel(bytes);
  const signature = signatureOf(loaded.model);
  if (signature === null) {
    throw new PredictableError('MISSING_SIGNATURE', `${model} is not normalised: its columns have no names`, {
      hint: `First: predictable normalize ${forShell(model)}`,
    });
  }
  return withOriginal(against, converters, options, async (original) => {
    const runtimes = converters.runtimes(options.target);
    const request = await requestFor(original, 'predict', widthsOf(signature), options);
    const { timeout, signal } = options;
    const files = filesOf(original, request);
    const answer = await original.ready.pool.call(request, { timeout, signal, files, admit: admitting(original) });
    const { reference } = predictedSchema.parse(answer);
    await mustLieWithin(against, filesOfReference(reference), [files.given, files.work]);
    const columnar = { bytes: withOpenBatch(loaded), signature, top: topOf(loaded.model) };
    const { verification } = await verifyAgainstReference(columnar, reference, await runtimes, {
      ...options,
      origin: 'foreign',
      file: original.expected,
    });
    return { verification, sandbox: original.ready.pool.sandbox() };
  });
}

/** As the file has them; double throughout is what every converter knows. */
function widthsOf({ inputs }: Signature): Widths {
  const numbers = inputs.filter(({ categories }) => categories === undefined);
  const wide = numbers.filter(({ type }) => type === 'double').map(({ name }) => name);
  const throughout = wide.length > 0 && wide.length === numbers.length;
  return throughout ? { precision: 'double', wide: null } : { precision: 'float', wide };
}

/**
 * The same for predictions that are there already. Where the original framework could not predict, `file` decides: the
 * predictions that the user has.
 */
export async function verifyAgainstReference(
  { bytes, signature, top }: Pick<VerifyRequest, 'bytes' | 'signature'> & { top: Top | null },
  reference: Reference,
  { runtimes, runtimesNotChecked }: Runtimes,
  options: VerifyOptions & Pick<VerifyRequest, 'origin' | 'evidence'> & { file: Frame | null },
): Promise<Verified> {
  const [rows, expected, expectedUnrounded] = await Promise.all([
    readFrame(reference.rows),
    readFrame(reference.expected),
    reference.expectedUnrounded === null ? null : readFrame(reference.expectedUnrounded),
  ]);
  const file = reference.by === 'onnx' ? options.file : null;
  if (file !== null)
    mustFitReference(withTop(file, top, signature.outputs).frame, rows, reference.rowsSource, signature);
  return verify({
    bytes,
    signature,
    rows,
    rowsSource: reference.rowsSource,
    probes: reference.probes && { ...reference.probes, rows: probesOf(reference.probes.kinds) },
    undecided: reference.undecided,
    float32: reference.float32,
    reference: file === null ? reference.by : 'file',
    expected: file ?? expected,
    expectedUnrounded,
    top,
    runtimes,
    runtimesNotChecked,
    origin: options.origin,
    timeout: options.timeout,
    evidence: options.evidence,
    tolerance: { rtol: options.rtol, atol: options.atol },
  });
}

/** One model file → verified columnar ONNX: detect, convert in Python, normalise, verify. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Converted, convertedSchema, filesOfReference } from '../converters/answer.js';
import type { TrustOptions } from '../detect/trust.js';
import { mustLieWithin } from '../files/answered.js';
import { sha256Of } from '../files/sha256.js';
import type { Normalized } from '../graph/normalize-options.js';
import type { Runtimes } from '../inference/runtimes.js';
import { packageVersion } from '../paths.js';
import { DEFAULT_TARGET, TARGETS } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import type { Warning } from '../warnings.js';
import type { ConvertedModel } from './converted-model.js';
import type { Converters } from './converters.js';
import type { Conversion, ConversionProvenance } from './document.js';
import { legacyWarnings } from './legacy.js';
import { type ConversionOptions, normalizing, recorded } from './options/conversion-options.js';
import { admitting, filesOf, type Original, requestFor, withConverter, withOriginal } from './original.js';
import { byFirstRoad } from './roads.js';
import { byWidths, roundsTooMuch, type Widths } from './widths.js';

export interface ConvertOptions extends ConversionOptions {
  trust?: TrustOptions | undefined;
  /** Folder for what only lasts while the work does; the system's own when it is not said. */
  scratch?: string | undefined;
  /** Bytes of memory that the Python side may hold. */
  memory?: number | undefined;
  /** Keep what a page shows beside the document. */
  evidence?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Throws the typed error of the stage that ended it; writes nothing outside a temporary folder. */
export async function convertModel(
  file: string,
  converters: Converters,
  options: ConvertOptions = {},
): Promise<ConvertedModel> {
  return withOriginal(file, converters, options, (original) => convertOriginal(original, converters, options));
}

/** By the first of its converter's roads that leads anywhere; one may lead to another converter. */
async function convertOriginal(
  original: Original,
  converters: Converters,
  options: ConvertOptions,
): Promise<ConvertedModel> {
  return byFirstRoad(original.converter, async (road) =>
    road?.converter === undefined
      ? withRoundingJudged(
          await byWidths(options.precision ?? 'auto', (widths) =>
            attempt(original, widths, converters, options, road?.id ?? null),
          ),
          options,
        )
      : withConverter(original, road.converter, converters, (handedOver) =>
          convertOriginal(handedOver, converters, options),
        ),
  );
}

/** The part of the result that goes into documents. */
export function conversionDocument(converted: ConvertedModel): Omit<Conversion, 'source' | 'name' | 'status'> {
  const { signature, opsets, ir } = converted.normalized;
  const categories = signature.inputs.flatMap(({ name, categories }) =>
    categories === undefined ? [] : [[name, categories] as const],
  );
  return {
    bytes: converted.bytes.length,
    sourceBytes: converted.sourceBytes,
    sha256: converted.sha256,
    model: converted.model,
    format: converted.format,
    converter: converted.converter,
    target: converted.target,
    opsets,
    ir,
    precision: converted.precision,
    inputs: signature.inputs,
    outputs: signature.outputs,
    ...(categories.length > 0 ? { categories: Object.fromEntries(categories) } : {}),
    verification: converted.verification,
    sandbox: converted.sandbox,
    warnings: converted.warnings,
    provenance: converted.provenance,
    timings: converted.timings,
  };
}

/** Where wider columns did not help, or nobody wanted any: a model whose predictions real columns change is not let through. */
function withRoundingJudged(model: ConvertedModel, { precision, allowRounding }: ConvertOptions): ConvertedModel {
  const isChoice = precision === 'float' || precision === 'double';
  if (isChoice || allowRounding === true || !roundsTooMuch(model.verification)) return model;
  return { ...model, verification: { ...model.verification, status: 'failed' } };
}

async function attempt(
  original: Original,
  widths: Widths,
  converters: Converters,
  options: ConvertOptions,
  road: string | null,
): Promise<ConvertedModel> {
  const target = TARGETS[options.target ?? DEFAULT_TARGET];
  const request = await requestFor(original, 'convert', widths, options, road);
  const timings: Record<string, number> = {};
  const preparing = converters.runtimes(target.id);
  // What comes after is loaded while Python works.
  const [converted, { normalize }, { verifyAgainstReference }] = await Promise.all([
    timed(timings, 'convert', async () => {
      const files = filesOf(original, request);
      const { timeout, memory, signal } = options;
      const call = { timeout, memory, signal, files, admit: admitting(original) };
      const answer = convertedSchema.parse(await original.ready.pool.call(request, call));
      await mustLieWithin(
        original.file,
        [answer.onnx, ...filesOfReference(answer.reference)],
        [files.given, files.work],
      );
      return answer;
    }),
    import('../graph/normalize.js'),
    import('./verify-against.js'),
    preparing.then(loadRuntimes, () => undefined),
  ]);
  const provenance = provenanceOf(original, converted, options);
  // The raw graph is read in the call, so that no variable holds its bytes while the model is verified.
  const normalized = await timed(timings, 'normalize', async () =>
    normalize(await readFile(converted.onnx), {
      target,
      facts: { columns: converted.columns, inputs: converted.inputs, outputs: converted.outputs },
      ...normalizing(options),
      sketch: options.evidence === true,
      metadata: metadataOf(provenance, converted),
    }),
  );
  const runtimes = await preparing;
  const { verification, sides } = await timed(timings, 'verify', async () =>
    verifyAgainstReference(await anyRows(normalized, options.batch), converted.reference, runtimes, {
      ...options,
      origin: 'made',
      file: original.expected,
    }),
  );
  return {
    bytes: normalized.bytes,
    sha256: sha256Of(normalized.bytes),
    model: converted.model,
    sourceBytes: original.bytes,
    format: original.format,
    converter: original.converter.id,
    target: target.id,
    precision: widths.precision,
    sandbox: original.ready.pool.sandbox(),
    normalized,
    verification,
    provenance,
    warnings: [
      ...legacyWarnings(original.environment),
      ...converted.warnings,
      ...normalized.warnings,
      ...runtimes.warnings,
      ...warningsOf(verification),
    ],
    timings,
    ...(normalized.sketches && sides ? { evidence: { schema: 1, ...normalized.sketches, ...sides } } : {}),
  };
}

/** A model that was written for one row at a time (`batch: 1`) with its rows open: it is scored, so verified, for many. */
async function anyRows(normalized: Normalized, batch: ConvertOptions['batch']): Promise<Normalized> {
  if (batch !== 1) return normalized;
  const [{ loadModel }, { withOpenBatch }] = await Promise.all([
    import('../graph/codec/loaded-model.js'),
    import('../graph/open-batch.js'),
  ]);
  return { ...normalized, bytes: withOpenBatch(loadModel(normalized.bytes)) };
}

async function loadRuntimes({ runtimes }: Runtimes): Promise<void> {
  const { warmThreads } = await import('../inference/threads.js');
  warmThreads(runtimes);
}

function provenanceOf(original: Original, converted: Converted, options: ConvertOptions): ConversionProvenance {
  const { target = DEFAULT_TARGET, precision = 'auto' } = options;
  return {
    source: path.basename(original.file),
    sourceSha256: original.sha256,
    format: original.format,
    converter: original.converter.id,
    environment: original.ready.environment.name,
    lock: original.ready.lockSha256,
    libraries: converted.libraries,
    predictable: packageVersion(),
    options: { target, precision, ...recorded({ ...options, target, precision }) },
  };
}

/** What the model itself carries: the same for the same input, lock and options, so neither paths nor times. */
function metadataOf(provenance: ConversionProvenance, converted: Converted): Record<string, string> {
  return {
    model: converted.model,
    target: String(provenance.options.target),
    source_sha256: provenance.sourceSha256,
    converter: provenance.converter,
    libraries: JSON.stringify(provenance.libraries),
    version: provenance.predictable,
  };
}

function warningsOf({ status }: Verification): Warning[] {
  if (status !== 'unavailable') return [];
  const message =
    'not verified: the original framework cannot predict on this machine; put what it predicts for the rows of <name>.sample.csv into <name>.reference.csv';
  return [{ code: 'NOT_VERIFIED', message }];
}

async function timed<T>(timings: Record<string, number>, name: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await run();
  } finally {
    timings[name] = Math.round((performance.now() - start) * 10) / 10;
  }
}

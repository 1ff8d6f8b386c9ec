/** One model file → verified columnar ONNX: detect, convert in Python, normalise, verify. */

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConverterManifest } from '../converters/manifest.js';
import { detect } from '../detect/detect.js';
import { admit, type TrustOptions } from '../detect/trust.js';
import { PredictableError } from '../errors.js';
import { normalize } from '../graph/normalize.js';
import type { Normalized } from '../graph/normalize-options.js';
import { checkedRuntimes } from '../inference/runtimes.js';
import { packageVersion } from '../paths.js';
import type { Frame } from '../rows/frame.js';
import { readFrame, writeFrame } from '../rows/frame-file.js';
import { readTable } from '../rows/read-table.js';
import type { NullPolicy, UnknownPolicy } from '../signature.js';
import { TARGETS, type TargetId } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import { verify } from '../verify/verify.js';
import type { Converters, ReadyConverter } from './converters.js';
import type { Conversion, ConversionProvenance } from './document.js';
import { type Converted, type ConverterRequest, convertedSchema, type Warning } from './envelope.js';

export interface ConvertOptions {
  target?: TargetId;
  /** Rows like the training data: CSV, Parquet or JSON; the model's sidecar when it is not said. */
  sample?: string | undefined;
  columns?: string[] | undefined;
  precision?: 'float' | 'double' | 'auto' | undefined;
  onNull?: NullPolicy | undefined;
  onUnknown?: UnknownPolicy | undefined;
  batch?: 'N' | 1 | undefined;
  outputs?: string[] | undefined;
  rtol?: number | undefined;
  atol?: number | undefined;
  converter?: string | undefined;
  trust?: TrustOptions | undefined;
  /** Milliseconds that the Python side may take. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A conversion that went through; whether it verified is in `verification.status`. */
export interface ConvertedModel {
  bytes: Uint8Array;
  sha256: string;
  model: string;
  sourceBytes: number;
  format: string;
  converter: string;
  target: TargetId;
  precision: 'float' | 'double';
  normalized: Normalized;
  verification: Verification;
  provenance: ConversionProvenance;
  warnings: Warning[];
  timings: Record<string, number>;
}

/** Rows that are made up when there is no sample: enough to meet most leaves of a forest. */
const SYNTHETIC_ROWS = 500;

/** The rows of a sample that take part. Enough to find a rare branch, few enough for a slow kernel method. */
const MOST_SAMPLE_ROWS = 10_000;

const SAMPLE_EXTENSIONS = ['csv', 'parquet', 'json'];

/** Throws the typed error of the stage that ended it; writes nothing outside a temporary folder. */
export async function convertModel(
  file: string,
  converters: Converters,
  options: ConvertOptions = {},
): Promise<ConvertedModel> {
  const detected = await detect(file, converters.manifests, options.converter);
  const work = await mkdtemp(path.join(tmpdir(), 'predictable-'));
  try {
    const admitted = await admit(detected, options.trust ?? {}, work);
    const [ready, sample] = await Promise.all([
      converters.prepare(detected.converter),
      readSample(file, options.sample, work),
    ]);
    const source = {
      ...admitted,
      file,
      bytes: detected.bytes,
      format: detected.format.id,
      converter: detected.converter,
    };
    return await bestPrecision(options.precision ?? 'float', (precision) =>
      attempt({ source, ready, sample, work, precision, options }),
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
    warnings: converted.warnings,
    provenance: converted.provenance,
    timings: converted.timings,
  };
}

/** Double costs twice the memory and lacks kernels for trees, so it is taken only where it runs and comes closer. */
async function bestPrecision(
  wanted: 'float' | 'double' | 'auto',
  run: (precision: 'float' | 'double') => Promise<ConvertedModel>,
): Promise<ConvertedModel> {
  if (wanted !== 'auto') return run(wanted);
  const single = await run('float');
  let double: ConvertedModel;
  try {
    double = await run('double');
  } catch (error) {
    // Only "there is no such kernel or converter" is an answer; being interrupted is not.
    if (error instanceof PredictableError && error.code !== 'CANCELLED') return single;
    throw error;
  }
  return closer(double.verification, single.verification) ? double : single;
}

function closer(a: Verification, b: Verification): boolean {
  if (a.status !== b.status) return a.status === 'passed';
  return a.maxAbsDiff + a.rounding.maxAbsDiff < b.maxAbsDiff + b.rounding.maxAbsDiff;
}

interface Attempt {
  source: {
    file: string;
    path: string;
    sha256: string;
    trusted: boolean;
    bytes: number;
    format: string;
    converter: ConverterManifest;
  };
  ready: ReadyConverter;
  sample: string | null;
  work: string;
  precision: 'float' | 'double';
  options: ConvertOptions;
}

async function attempt({ source, ready, sample, work, precision, options }: Attempt): Promise<ConvertedModel> {
  const target = TARGETS[options.target ?? 'sql-edge'];
  const request: ConverterRequest = {
    action: 'convert',
    converter: ready.entry,
    path: source.path,
    format: source.format,
    work: await mkdtemp(path.join(work, `${precision}-`)),
    trusted: source.trusted,
    opsets: target.opsets,
    ir: target.ir,
    precision,
    columns: options.columns ?? null,
    sample,
    syntheticRows: SYNTHETIC_ROWS,
  };
  const timings: Record<string, number> = {};
  const converted = await timed(timings, 'convert', async () =>
    convertedSchema.parse(await ready.pool.call(request, { timeout: options.timeout, signal: options.signal })),
  );
  const provenance = provenanceOf(source, ready, converted, precision, options);
  const raw = await readFile(converted.onnx);
  const normalized = await timed(timings, 'normalize', () =>
    normalize(raw, {
      target,
      facts: { columns: converted.columns, inputs: converted.inputs, outputs: converted.outputs },
      ...(options.onNull === undefined ? {} : { onNull: options.onNull }),
      ...(options.onUnknown === undefined ? {} : { onUnknown: options.onUnknown }),
      ...(options.batch === undefined ? {} : { batch: options.batch }),
      ...(options.outputs === undefined ? {} : { outputs: options.outputs }),
      metadata: metadataOf(provenance, converted),
    }),
  );
  const verification = await timed(timings, 'verify', () => verifyConverted(normalized, converted, target.id, options));
  return {
    bytes: normalized.bytes,
    sha256: createHash('sha256').update(normalized.bytes).digest('hex'),
    model: converted.model,
    sourceBytes: source.bytes,
    format: source.format,
    converter: source.converter.id,
    target: target.id,
    precision,
    normalized,
    verification,
    provenance,
    warnings: [...converted.warnings, ...normalized.warnings, ...roundingWarning(verification)],
    timings,
  };
}

async function verifyConverted(
  normalized: Normalized,
  { reference }: Converted,
  target: TargetId,
  options: ConvertOptions,
): Promise<Verification> {
  const [rows, expected, expectedUnrounded] = await Promise.all([
    readFrame(reference.rows),
    readFrame(reference.expected),
    reference.expectedUnrounded === null ? null : readFrame(reference.expectedUnrounded),
  ]);
  return verify({
    bytes: normalized.bytes,
    signature: normalized.signature,
    rows,
    rowsSource: reference.rowsSource,
    reference: 'native',
    expected,
    expectedUnrounded,
    ...(await checkedRuntimes(TARGETS[target])),
    origin: 'made',
    timeout: options.timeout,
    tolerance: {
      ...(options.rtol === undefined ? {} : { rtol: options.rtol }),
      ...(options.atol === undefined ? {} : { atol: options.atol }),
    },
  });
}

/** Base path of a frame file with the sample's rows: the file that the user named, or the model's sidecar. */
async function readSample(file: string, sample: string | undefined, work: string): Promise<string | null> {
  const frame = sample === undefined ? await readSidecar(file) : await readTable(sample, { limit: MOST_SAMPLE_ROWS });
  if (frame === null) return null;
  const base = path.join(work, 'sample');
  await writeFrame(base, frame);
  return base;
}

/** `model.sample.csv`, `.parquet` or `.json` beside `model.ext`. */
async function readSidecar(file: string): Promise<Frame | null> {
  const stem = path.join(path.dirname(file), path.parse(file).name);
  for (const extension of SAMPLE_EXTENSIONS) {
    try {
      return await readTable(`${stem}.sample.${extension}`, { limit: MOST_SAMPLE_ROWS });
    } catch (error) {
      if (!(error instanceof PredictableError && error.code === 'FILE_NOT_FOUND')) throw error;
    }
  }
  return null;
}

function provenanceOf(
  source: Attempt['source'],
  ready: ReadyConverter,
  converted: Converted,
  precision: string,
  options: ConvertOptions,
): ConversionProvenance {
  const { columns, onNull, onUnknown, batch, outputs } = options;
  const chosen = Object.entries({ columns, onNull, onUnknown, batch, outputs }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    source: path.basename(source.file),
    sourceSha256: source.sha256,
    format: source.format,
    converter: source.converter.id,
    lock: ready.environment.lockSha256,
    libraries: converted.libraries,
    predictable: packageVersion(),
    options: { target: options.target ?? 'sql-edge', precision, ...Object.fromEntries(chosen) },
  };
}

/** What the model itself carries: the same for the same input, lock and options, so neither paths nor times. */
function metadataOf(provenance: ConversionProvenance, converted: Converted): Record<string, string> {
  return {
    model: converted.model,
    source_sha256: provenance.sourceSha256,
    converter: provenance.converter,
    libraries: JSON.stringify(provenance.libraries),
    version: provenance.predictable,
  };
}

function roundingWarning({ rounding }: Verification): Warning[] {
  if (rounding.rowsChanged === 0) return [];
  const rows = rounding.rowsChanged === 1 ? '1 row changes' : `${rounding.rowsChanged} rows change`;
  const message = `${rows} by up to ${rounding.maxAbsDiff.toPrecision(2)} when its numbers are rounded to real columns; --precision auto tries float columns`;
  return [{ code: 'FLOAT_ROUNDING', message }];
}

async function timed<T>(timings: Record<string, number>, name: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await run();
  } finally {
    timings[name] = Math.round((performance.now() - start) * 10) / 10;
  }
}

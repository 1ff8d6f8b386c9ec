/** The short way, in the manner of pandas: read a model, look at it, turn it into ONNX, predict, put it into a registry. */

import { readFile } from 'node:fs/promises';
import { type ConvertOptions, convertModel } from '../convert/convert.js';
import type { ConvertedModel } from '../convert/converted-model.js';
import { Converters, type ConvertersOptions } from '../convert/converters.js';
import { PredictableError } from '../errors.js';
import { ordinary } from '../files/ordinary.js';
import { readSignature } from '../graph/metadata.js';
import type { Provenance } from '../registry/registry.js';
import type { Signature } from '../signature.js';
import { DEFAULT_TARGET, type TargetId } from '../targets/targets.js';
import { OnnxModel } from './onnx-model.js';

export type ReadModelOptions = Omit<ConvertOptions, 'target'> & Omit<ConvertersOptions, 'onProgress' | 'signal'>;

/** The interpreters of this process: idle ones do not keep it alive, and end with it. */
const opened = new Map<string, Promise<Converters>>();

/** A trained model of any framework that a converter reads. */
export class TrainedModel {
  private readonly converted = new Map<TargetId, Promise<ConvertedModel>>();

  /** Use readModel. */
  constructor(
    readonly path: string,
    private readonly options: ReadModelOptions,
    private readonly converters: Converters,
    first: ConvertedModel,
  ) {
    this.converted.set(first.target, Promise.resolve(first));
    this.dtypes = dtypesOf(first.normalized.signature);
    this.description = first.model;
  }

  /** The model in one line, e.g. `Pipeline(StandardScaler, LogisticRegression)`. */
  readonly description: string;

  /** Column → type: `float`, `double`, `int32`, `int64`, or `category`. */
  readonly dtypes: Record<string, string>;

  /** Columnar ONNX for a target (default `sql-edge`). Throws VERIFICATION_FAILED when it predicts otherwise. */
  async toOnnx({ target = DEFAULT_TARGET }: { target?: TargetId } = {}): Promise<OnnxModel> {
    let converting = this.converted.get(target);
    if (converting === undefined) {
      converting = convertModel(this.path, this.converters, { ...this.options, target });
      this.converted.set(target, converting);
    }
    return onnxModel(this.path, await converting);
  }
}

/**
 * Reads a model file with the rows beside it, or those of `sample`. Throws what a conversion throws: UNTRUSTED_ARTIFACT
 * for a pickle unless `trust` allows it, MISSING_SAMPLE, UNSUPPORTED_MODEL …
 */
export async function readModel(path: string, options: ReadModelOptions = {}): Promise<TrainedModel> {
  const converters = await sharedConverters(options);
  return new TrainedModel(path, options, converters, await convertModel(path, converters, options));
}

/** A normalised ONNX file, as `convert` wrote it. Throws MISSING_SIGNATURE for any other graph. */
export async function readOnnx(path: string): Promise<OnnxModel> {
  await ordinary(path);
  const bytes = await readFile(path);
  const signature = readSignature(bytes);
  if (signature === null) {
    throw new PredictableError('MISSING_SIGNATURE', `${path} is not normalised: its columns have no names`, {
      hint: 'Normalise it first: predictable normalize.',
    });
  }
  return new OnnxModel({
    bytes,
    signature,
    verification: null,
    target: DEFAULT_TARGET,
    description: null,
    provenance: {},
    origin: 'foreign',
  });
}

function onnxModel(path: string, converted: ConvertedModel): OnnxModel {
  const { verification, target, normalized, provenance } = converted;
  if (verification.status === 'failed') {
    throw new PredictableError('VERIFICATION_FAILED', `${path} predicts otherwise as ONNX`, {
      hint: "Read it with { precision: 'auto' }.",
      details: { verification },
    });
  }
  return new OnnxModel({
    bytes: converted.bytes,
    signature: normalized.signature,
    verification,
    target,
    description: converted.model,
    provenance: provenance satisfies Provenance,
    origin: 'made',
  });
}

function dtypesOf({ inputs }: Signature): Record<string, string> {
  return Object.fromEntries(
    inputs.map(({ name, type, categories }) => [name, categories === undefined ? type : 'category']),
  );
}

function sharedConverters({ python, wheelhouse, wheels, requirements, jobs }: ReadModelOptions): Promise<Converters> {
  const options: ConvertersOptions = { python, wheelhouse, wheels, requirements, jobs };
  const key = JSON.stringify(options);
  let shared = opened.get(key);
  if (shared === undefined) {
    shared = Converters.open(options);
    opened.set(key, shared);
  }
  return shared;
}

/** The original model as a converter takes it: format detected, trust decided, environment ready, sample read. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CallFiles } from '../bridge/run-folder.js';
import type { Sandbox } from '../bridge/sandbox.js';
import type { ConverterEnvironment, ConverterManifest } from '../converters/manifest.js';
import type { ConverterRequest } from '../converters/request.js';
import { detect } from '../detect/detect.js';
import { readOrigin } from '../detect/origin.js';
import { admit, mustBeVouchedFor, type TrustOptions } from '../detect/trust.js';
import { inNearest } from '../environments/first-that-works.js';
import { environmentsFor } from '../environments/fitting.js';
import { PredictableError } from '../errors.js';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import type { Frame } from '../rows/frame.js';
import { writeFrame } from '../rows/frame-file.js';
import { readTable } from '../rows/read-table.js';
import { DEFAULT_TARGET, TARGETS } from '../targets/targets.js';
import type { Converters } from './converters.js';
import type { ReadyConverter } from './executor.js';
import { isInForce, mustBeSafeToLoad } from './legacy.js';
import { type ConversionOptions, requested, type TakenBy } from './options/conversion-options.js';

/** What says which original it is, and what it is told. */
export interface OriginalOptions extends Pick<ConversionOptions, TakenBy<'verify'>> {
  trust?: TrustOptions | undefined;
  /** Folder for what only lasts while the work does; the system's own when it is not said. */
  scratch?: string | undefined;
}

export interface Original {
  /** The file as the user named it. */
  file: string;
  /** The copy that was checked and is loaded. */
  path: string;
  sha256: string;
  trusted: boolean;
  bytes: number;
  format: string;
  converter: ConverterManifest;
  /** Version of the converter's library that saved the file, when it says it. */
  savedBy: string | null;
  /** Of the converter's environments the one that it is loaded in. */
  environment: ConverterEnvironment;
  ready: ReadyConverter;
  /** Base path of a frame file with the sample's rows. */
  sample: string | null;
  /** What the original predicted for the sample's rows, as the user wrote it down; its columns are named as the outputs. */
  expected: Frame | null;
  /** The folder of the copy, its companions and the sample: all that an interpreter is given. */
  given: string;
  /** A folder that goes when the work is done. */
  work: string;
}

/** Rows that are made up when there is no sample: enough to meet most leaves of a forest. */
const SYNTHETIC_ROWS = 500;

/** The rows of a sample that take part: enough to find a rare branch, few enough for a slow kernel method. */
export const MOST_SAMPLE_ROWS = 10_000;

const SAMPLE_EXTENSIONS = ['csv', 'parquet', 'json'];

/**
 * Makes a model file ready and does `work` with it, in the environment whose libraries are nearest to those that saved the
 * file; again in the next environment, when those versions do not fit after all. Throws what detecting, trusting,
 * building or reading the sample throws; leaves nothing behind.
 */
export async function withOriginal<T>(
  file: string,
  converters: Converters,
  options: OriginalOptions,
  work: (original: Original) => Promise<T>,
): Promise<T> {
  const detected = await detect(file, converters.manifests, options.converter);
  const folder = temporaryFolder('model', path.resolve(options.scratch ?? tmpdir()));
  const given = path.join(folder, 'given');
  try {
    await mkdir(given);
    const admitted = await admit(detected, options.trust ?? {}, given);
    const { converter, format, bytes } = detected;
    const origin = await readOrigin(admitted.path, detected);
    const environments = environmentsFor(file, converter, origin, options.environment);
    // The interpreter takes longest to be there, and what reads the sample keeps this thread from starting it.
    const started = converters.prepare(converter, environments[0]).then(Boolean, () => false);
    const reading = started.then(() => sampleAndReference(file, options.sample, given));
    // Its error is the conversion's as soon as an environment is there, and nobody's when none is.
    const read = reading.then(Boolean, () => false);
    try {
      return await inNearest(environments, async (environment) => {
        const ready = await converters.prepare(converter, environment);
        const [sample, expected] = await reading;
        const { savedBy } = origin;
        const found = { file, bytes, format: format.id, converter, savedBy, environment, ready, sample, expected };
        return work({ ...admitted, ...found, given, work: folder });
      });
    } finally {
      await read;
    }
  } finally {
    await removeTemporary(folder);
  }
}

/**
 * The same for another converter, which the road of the first leads to: the file stays admitted and the sample read, while
 * format, version and environment are told anew. The other's format must be of the same files.
 */
export async function withConverter<T>(
  original: Original,
  id: string,
  converters: Converters,
  work: (original: Original) => Promise<T>,
): Promise<T> {
  const { file } = original;
  const detected = await detect(file, converters.manifests, id);
  mustBeVouchedFor(detected, original);
  const { converter, format } = detected;
  const origin = await readOrigin(original.path, detected);
  return inNearest(environmentsFor(file, converter, origin), async (environment) => {
    const ready = await converters.prepare(converter, environment);
    return work({ ...original, format: format.id, converter, savedBy: origin.savedBy, environment, ready });
  });
}

/** The request that the converter's Python side gets. */
export async function requestFor(
  original: Original,
  action: ConverterRequest['action'],
  { precision, wide }: Pick<ConverterRequest, 'precision' | 'wide'>,
  options: OriginalOptions,
  road: string | null = null,
): Promise<ConverterRequest> {
  const target = TARGETS[options.target ?? DEFAULT_TARGET];
  return {
    action,
    converter: original.ready.entry,
    path: original.path,
    format: original.format,
    savedBy: original.savedBy,
    work: await mkdtemp(path.join(original.work, `${precision}-`)),
    trusted: original.trusted,
    opsets: target.opsets,
    ir: target.ir,
    precision,
    wide,
    sample: original.sample,
    syntheticRows: SYNTHETIC_ROWS,
    ...requested(options, original.file),
    road,
    seed: original.sha256,
  };
}

/** Looks at the walls around the interpreter, before it loads the original. */
export function admitting(original: Original): (walls: Sandbox) => void {
  return (walls) => mustBeSafeToLoad(original, original.environment, isInForce(walls));
}

/** The files of a request, which its interpreter reaches. */
export function filesOf({ given }: Original, { work, factory }: ConverterRequest): CallFiles {
  return { given, work, code: factory === null ? [] : foldersWith(factory) };
}

/** The first folder that has the module of a factory. */
function foldersWith({ module, folders }: NonNullable<ConverterRequest['factory']>): string[] {
  const [top = module] = module.split('.');
  const found = folders.find(
    (folder) => existsSync(path.join(folder, `${top}.py`)) || existsSync(path.join(folder, top)),
  );
  return found === undefined ? [] : [found];
}

/** Base path of the sample, and the reference. Ends when both are read: what one writes after the other failed would stay. */
async function sampleAndReference(
  file: string,
  sample: OriginalOptions['sample'],
  folder: string,
): Promise<[string | null, Frame | null]> {
  const reading = [readSample(file, sample, folder), readSidecar(file, 'reference')] as const;
  await Promise.allSettled(reading);
  return Promise.all(reading);
}

/** Base path of a frame file with the sample's rows: those that the user named, or the model's sidecar. */
async function readSample(file: string, sample: OriginalOptions['sample'], folder: string): Promise<string | null> {
  const frame = await sampleFrame(file, sample);
  if (frame === null) return null;
  const base = path.join(folder, 'sample');
  await writeFrame(base, frame);
  return base;
}

async function sampleFrame(file: string, sample: OriginalOptions['sample']): Promise<Frame | null> {
  if (sample === undefined) return readSidecar(file, 'sample');
  return typeof sample === 'string' ? readTable(sample, { limit: MOST_SAMPLE_ROWS }) : sample;
}

/** `model.sample.csv`, `.parquet` or `.json` beside `model.ext`; `model.reference.csv` and so on. */
async function readSidecar(file: string, kind: 'sample' | 'reference'): Promise<Frame | null> {
  const stem = path.join(path.dirname(file), path.parse(file).name);
  for (const extension of SAMPLE_EXTENSIONS) {
    try {
      return await readTable(`${stem}.${kind}.${extension}`, { limit: MOST_SAMPLE_ROWS });
    } catch (error) {
      if (!(error instanceof PredictableError && error.code === 'FILE_NOT_FOUND')) throw error;
    }
  }
  return null;
}

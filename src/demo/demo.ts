/** The main road on the sample models: train, convert, register, score, all in one folder. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { convertAll } from '../convert/convert-all.js';
import type { Converters } from '../convert/converters.js';
import type { Conversion } from '../convert/document.js';
import { writeTrustLock } from '../detect/trust.js';
import { fileError, PredictableError } from '../errors.js';
import { makeFolder, writeWhole } from '../files/write-whole.js';
import { packageRoot } from '../paths.js';
import { openRegistry } from '../registry/open.js';
import { registerFile } from '../registry/register-file.js';
import { repeatRows } from '../rows/repeat-rows.js';
import { score } from '../score/score.js';
import { scoringModel } from '../score/scoring-model.js';

export interface DemoOptions {
  /** Folder of everything that the demo makes. */
  folder: string;
  onStep: (text: string) => void;
  signal?: AbortSignal | undefined;
}

export interface DemoRow {
  name: string;
  shows: string;
  conversion: Conversion;
  /** Whether it ended as the sample's manifest says: verified, or refused with this code. */
  asExpected: boolean;
  version: number | null;
  rowsPerSecond: number | null;
}

const SAMPLE_CONVERTER = 'sklearn';

/** Rows that each model scores: enough that starting up no longer shows. */
const ROWS_TO_SCORE = 100_000;

const samplesSchema = z.object({
  models: z.array(
    z.object({ id: z.string(), file: z.string(), sample: z.string(), shows: z.string(), expected: z.string() }),
  ),
});

/** Throws when training fails, and FILE_EXISTS for a folder with other files; a model that is refused is a row. */
export async function demo(converters: Converters, { folder, onStep, signal }: DemoOptions): Promise<DemoRow[]> {
  const models = path.join(folder, 'models');
  await mustBeDemo(folder);
  const samples = samplesSchema.parse(
    JSON.parse(await readFile(path.join(packageRoot, 'samples', 'models.json'), 'utf8')),
  );
  onStep(`training ${samples.models.length} models into ${models}`);
  await train(converters, models, signal);
  const lock = path.join(folder, 'trust.lock');
  // We have just made these files, so we may vouch for them.
  await writeTrustLock(
    (await readdir(models)).filter((file) => !file.endsWith('.csv')).map((file) => path.join(models, file)),
    lock,
  );
  onStep('converting and verifying them');
  const conversions = await convertAll(
    samples.models.map(({ file }) => path.join(models, file)),
    converters,
    { out: path.join(folder, 'out'), trust: { lock }, signal },
  );
  onStep('registering them, and scoring rows');
  await makeFolder(path.join(folder, 'predictions'));
  const registryFile = path.join(folder, 'registry.duckdb');
  const rows: DemoRow[] = [];
  for (const { id, sample, shows, expected } of samples.models) {
    const conversion = conversions.find(({ name }) => name === id);
    if (conversion === undefined) throw new PredictableError('INTERNAL', `the demo lost the model ${id}`);
    const outcome = conversion.error?.code ?? 'verified';
    const scored =
      conversion.output === undefined
        ? { version: null, rowsPerSecond: null }
        : await registerAndScore(conversion.output, id, registryFile, path.join(models, sample), folder, signal);
    rows.push({ name: id, shows, conversion, asExpected: outcome === expected, ...scored });
  }
  return rows;
}

/** Whose files a demonstration may replace: those of one before. */
const MARK = '.predictable-demo';

async function mustBeDemo(folder: string): Promise<void> {
  await makeFolder(folder);
  const there = await readdir(folder);
  if (there.length > 0 && !there.includes(MARK)) {
    throw new PredictableError('FILE_EXISTS', `${folder} holds files already, and no demonstration made them`, {
      hint: 'Nothing was changed. Move them away, or name another folder with -o.',
    });
  }
  await writeWhole(path.join(folder, MARK), 'Files here are made anew by predictable demo.\n');
}

async function train(converters: Converters, models: string, signal: AbortSignal | undefined): Promise<void> {
  const manifest = converters.manifests.find(({ id }) => id === SAMPLE_CONVERTER);
  if (manifest === undefined) throw new PredictableError('INTERNAL', `there is no converter ${SAMPLE_CONVERTER}`);
  const { python } = (await converters.prepare(manifest)).environment;
  if (python === undefined) throw new PredictableError('INTERNAL', 'the samples are trained on this machine only');
  const script = path.join(packageRoot, 'samples', 'train.py');
  const { failed, stderr } = await execa(python, [script, models], {
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (!failed) return;
  const reason = stderr.trimEnd().split('\n').slice(-3).join(' ');
  throw (
    fileError(new Error(reason), models) ?? new PredictableError('INTERNAL', `training the samples failed: ${reason}`)
  );
}

async function registerAndScore(
  file: string,
  name: string,
  registryFile: string,
  sample: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<{ version: number; rowsPerSecond: number }> {
  const registry = await openRegistry(`duckdb:${registryFile}`);
  const { model, version } = await (async () => {
    try {
      const registered = await registerFile(file, registry, { alias: 'production', allowSignatureChange: true });
      return { ...(await scoringModel(registry, `${name}@production`)), version: registered.version };
    } finally {
      await registry.close();
    }
  })();
  const data = path.join(folder, 'rows', `${name}.parquet`);
  await repeatRows(sample, data, ROWS_TO_SCORE);
  const summary = await score({
    ...model,
    data,
    output: { file: path.join(folder, 'predictions', `${name}.parquet`) },
    signal,
  });
  return { version: version.version, rowsPerSecond: summary.rowsPerSecond };
}

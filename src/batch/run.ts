/** A whole zoo → verified models in a run's folder: planned first, each model a result, and nothing done twice. */

import path from 'node:path';
import { type ConvertOneOptions, convertOne } from '../convert/convert-one.js';
import type { Converters } from '../convert/converters.js';
import type { Conversion } from '../convert/document.js';
import type { Evidence } from '../convert/evidence.js';
import { readTrustLock, type TrustOptions } from '../detect/trust.js';
import { asPredictableError, type ErrorCode, type PredictableError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { forget, keep } from './keep.js';
import { contentKeys, lockKeys, type Settings } from './key.js';
import { inLanes } from './lanes.js';
import { type Plan, type PlannedLane, type PlannedModel, planBatch } from './plan.js';
import type { Register } from './registering.js';
import type { BatchDocument, ModelResult, Run } from './results.js';
import { type RunFolder, writeResults } from './run-folder.js';
import { openRun } from './session.js';
import { totalsOf } from './totals.js';
import type { Zoo, ZooModel } from './zoo/zoo.js';

export interface BatchOptions {
  folder: RunFolder;
  /** Go on with the run that the folder holds. */
  resume: boolean;
  executor: Run['executor'];
  /** Models at a time, as the user counts them, and as many as are begun so that none of those waits. */
  jobs: number;
  slots: number;
  /** Environments that are kept warm at a time. */
  environments: number;
  /** Bytes that the process of one conversion may hold. */
  memory?: number | undefined;
  trust: TrustOptions;
  settings: Settings;
  /** Puts a converted file into a registry; what is there already stays. */
  register?: Register | undefined;
  /** What there is to do, and the run that will. */
  onPlan?: ((plan: Plan, run: Run) => void) | undefined;
  onResult?: ((result: ModelResult) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What may go better another time, or was not this model's fault: tried again by the next run. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNTRUSTED_ARTIFACT',
  'CONVERTER_CRASHED',
  'CONVERTER_TIMEOUT',
  'INFERENCE_TIMEOUT',
  'OUT_OF_MEMORY',
  'DISK_FULL',
  'ENVIRONMENT_FAILED',
  'PYTHON_NOT_FOUND',
  'JAVA_NOT_FOUND',
  'SANDBOX_UNAVAILABLE',
  'PERMISSION_DENIED',
  'FILE_NOT_FOUND',
  'INTERNAL',
]);

/** Worth a second try in a fresh interpreter: the first may have been worn out by the models before. */
const RETRIED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['CONVERTER_CRASHED', 'OUT_OF_MEMORY']);

/**
 * Throws FILE_EXISTS for a folder with a run that is not to be resumed, RUN_LOCKED when somebody else works in it;
 * afterwards errors are results. After an interruption `run.finished` is false and what was not done is `skipped`.
 */
export async function runBatch(zoo: Zoo, converters: Converters, options: BatchOptions): Promise<BatchDocument> {
  const { folder, signal } = options;
  const begun = performance.now();
  const session = await openRun(folder, options.resume);
  try {
    const results = new Map<string, ModelResult>();
    const run: Run = {
      zoo: zoo.title,
      started: new Date().toISOString(),
      seconds: 0,
      finished: false,
      executor: options.executor,
      jobs: options.jobs,
      predictable: packageVersion(),
      totals: totalsOf(zoo.models.length, results.values()),
    };
    session.journal.begin(run);
    const keyOf = contentKeys(converters.manifests, options.settings);
    const lockOf = lockKeys(converters.manifests);
    const plan = await planBatch({
      zoo,
      manifests: converters.manifests,
      keyOf,
      lockOf,
      journal: session.journal,
      local: options.executor === 'local',
      environments: options.settings,
      signal,
    });
    options.onPlan?.(plan, run);
    const tell = async (result: ModelResult) => {
      const told = await registered(result, options);
      results.set(result.name, told);
      options.onResult?.(told);
    };
    for (const { model, entry } of plan.done) {
      const status = entry.result.status === 'converted' ? 'cached' : entry.result.status;
      await tell({ ...entry.result, tags: model.tags, status, attempts: 0 });
    }
    const finish = async (model: ZooModel, key: string, result: ModelResult, evidence?: Evidence) => {
      if (result.error?.code === 'CANCELLED') return;
      const passing = result.error !== undefined && PASSING.has(result.error.code);
      const files = await keep(folder, result, evidence);
      const lock = result.converter === undefined ? '' : lockOf(result.converter);
      session.journal.append({ key: passing ? '' : key, lock, files, result: { ...result, tags: model.tags } });
      await tell(result);
    };
    for (const { model, error } of plan.refused) {
      await forget(folder, model.name);
      await finish(model, '', failed(model, undefined, error));
    }
    const convert = converting(converters, { ...options, trust: await readOnce(options.trust) });
    const lanes = plan.lanes.map((lane) => {
      let broken: PredictableError | undefined;
      return {
        items: lane.models.map((planned) => ({ planned, brokenBy: () => broken })),
        open: async () => {
          broken = await prepared(lane, converters);
        },
        close: () => rest(lane, converters),
      };
    });
    const limits = { slots: options.slots, open: options.environments };
    await inLanes(
      lanes,
      limits,
      async ({ planned, brokenBy }) => {
        const { model, key, converter } = planned;
        const problem = brokenBy();
        await forget(folder, model.name);
        const { result, evidence } =
          problem === undefined
            ? await convert(planned)
            : { result: failed(model, converter, problem), evidence: undefined };
        await finish(model, key, result, evidence);
      },
      signal,
    );
    const all = zoo.models.map((model) => results.get(model.name) ?? skipped(model));
    run.finished = signal?.aborted !== true;
    run.seconds = (performance.now() - begun) / 1000;
    run.totals = totalsOf(zoo.models.length, all);
    const document: BatchDocument = { schema: 1, run, results: all };
    await writeResults(folder, document);
    return document;
  } finally {
    await session.close();
  }
}

/** Why none of its models can be converted. An interpreter that is missing may be no reason: another environment may do. */
async function prepared(
  { manifest, environment }: PlannedLane,
  converters: Converters,
): Promise<PredictableError | undefined> {
  try {
    await converters.prepare(manifest, environment);
    return undefined;
  } catch (thrown) {
    const error = asPredictableError(thrown);
    return error.code === 'PYTHON_NOT_FOUND' ? undefined : error;
  }
}

async function rest({ manifest, environment }: PlannedLane, converters: Converters): Promise<void> {
  const ready = await converters.prepare(manifest, environment).catch(() => undefined);
  await ready?.pool.rest();
}

/** The trust.lock is read once, not once a model. */
async function readOnce({ lock, ...trust }: TrustOptions): Promise<TrustOptions> {
  if (lock === undefined) return trust;
  return { ...trust, sha256: [...(trust.sha256 ?? []), ...(await readTrustLock(lock))] };
}

function converting(converters: Converters, { folder, executor, memory, trust, settings, signal }: BatchOptions) {
  return async ({
    model,
    converter,
  }: PlannedModel): Promise<{ result: ModelResult; evidence?: Evidence | undefined }> => {
    const placement = {
      file: shown(model.path),
      name: model.name,
      source: model.source,
      folder: folder.models,
      folderName: path.basename(folder.models),
      timings: false,
    };
    const options: ConvertOneOptions = {
      memory,
      ...model.options,
      trust,
      signal,
      keepUnverified: settings.keepUnverified,
      evidence: true,
      scratch: folder.scratch,
    };
    const begun = performance.now();
    // Elsewhere than here, whoever runs the tasks tries again.
    const tries = executor === 'local' ? 2 : 1;
    for (let attempts = 1; ; attempts++) {
      const { document, evidence } = await convertOne(placement, converters, options);
      if (attempts < tries && document.error !== undefined && RETRIED.has(document.error.code)) continue;
      const elapsed = Math.round(performance.now() - begun);
      return { result: { ...asResult(document, model, converter), attempts, elapsed }, evidence };
    }
  };
}

function asResult(document: Conversion, { tags }: ZooModel, converter: string): ModelResult {
  return { converter, ...document, tags, attempts: 1, elapsed: 0 };
}

function failed(model: ZooModel, converter: string | undefined, error: PredictableError): ModelResult {
  const { source, name, options, tags } = model;
  const target = options.target ?? 'sql-edge';
  return {
    source,
    name,
    target,
    tags,
    status: 'failed',
    ...(converter === undefined ? {} : { converter }),
    warnings: [],
    error: error.toJSON(),
    attempts: 1,
    elapsed: 0,
  };
}

function skipped({ source, name, options, tags }: ZooModel): ModelResult {
  const target = options.target ?? 'sql-edge';
  return { source, name, target, tags, status: 'skipped', warnings: [], attempts: 0, elapsed: 0 };
}

/** A model that cannot be registered is converted all the same: the journal says so, and the next run tries again. */
async function registered(result: ModelResult, { register, folder, signal }: BatchOptions): Promise<ModelResult> {
  if (register === undefined || result.output === undefined || result.status === 'failed' || signal?.aborted)
    return result;
  try {
    return { ...result, registered: await register(result.name, path.join(folder.root, result.output)) };
  } catch (thrown) {
    return { ...result, status: 'failed', error: asPredictableError(thrown).toJSON() };
  }
}

/** As the user would write it from where the command was started. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/** A whole zoo → verified models in a run's folder: planned first, each model a result, and nothing done twice. */

import type { Converters } from '../convert/converters.js';
import { readTrustLock, type TrustOptions } from '../detect/trust.js';
import { asPredictableError, type PredictableError } from '../errors.js';
import type { RunLimits } from './capacity.js';
import { contentKeys, lockKeys, type Settings, trustKey } from './content-key.js';
import { attempt } from './convert-model.js';
import { inLanes } from './lanes.js';
import { type Plan, type PlannedLane, type PlannedModel, planBatch } from './plan.js';
import type { LastRun } from './read-run.js';
import { Recorder } from './recorder.js';
import type { Register } from './registering.js';
import { forget } from './result-files.js';
import type { BatchDocument, ModelResult, Run } from './results.js';
import { type RunFolder, writeResults } from './run-folder.js';
import { openRun } from './session.js';
import { totalsOf } from './totals.js';
import { begun, failed, skipped } from './unstarted.js';
import type { Zoo } from './zoo/zoo.js';

export interface BatchOptions extends RunLimits {
  folder: RunFolder;
  /** Go on with the run that the folder holds. */
  resume: boolean;
  executor: Run['executor'];
  trust: TrustOptions;
  settings: Settings;
  /** Puts a converted file into a registry; what is there already stays. */
  register?: Register | undefined;
  /** What there is to do, and the run that will. */
  onPlan?: ((plan: Plan, run: Run) => void) | undefined;
  onResult?: ((result: ModelResult) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface BatchOutcome {
  document: BatchDocument;
  /** Nothing was done, and what an earlier run wrote about the same models still holds. */
  unchanged: boolean;
}

/**
 * Throws FILE_EXISTS for a folder with a run that is not to be resumed, RUN_LOCKED when somebody else works in it;
 * afterwards errors are results. After an interruption `run.finished` is false and what was not done is `skipped`.
 */
export async function runBatch(zoo: Zoo, converters: Converters, options: BatchOptions): Promise<BatchOutcome> {
  const { folder, signal } = options;
  const start = performance.now();
  const session = await openRun(folder, options.resume, inputsOf(zoo));
  try {
    const run = begun(zoo, options);
    session.journal.begin(run);
    const keyOf = contentKeys(converters.manifests, options.settings);
    const lockOf = lockKeys(converters.manifests);
    const trust = trustKey(options.trust);
    const plan = await planBatch({
      zoo,
      manifests: converters.manifests,
      keyOf,
      lockOf,
      trust,
      journal: session.journal,
      local: options.executor === 'local',
      environments: options.settings,
      signal,
    });
    options.onPlan?.(plan, run);
    const recorder = new Recorder({ ...options, journal: session.journal, lockOf, trust });
    for (const { model, entry } of plan.done) await recorder.recall(model, entry);
    for (const { model, key, error } of plan.refused) {
      await forget(folder, model.name);
      await recorder.record(model, key, { result: failed(model, undefined, error) });
    }
    const given = {
      folder,
      trust: await readOnce(options.trust),
      keepUnverified: options.settings.keepUnverified,
      signKey: options.settings.signKey,
      memory: options.memory,
      // Elsewhere than here, whoever runs the tasks tries again.
      tries: options.executor === 'local' ? 2 : 1,
      signal,
    };
    const lanes = plan.lanes.map((lane) => {
      let broken: PredictableError | undefined;
      const convert = async (planned: PlannedModel) => {
        const { model, key, converter } = planned;
        await forget(folder, model.name);
        const done =
          broken === undefined
            ? await attempt(planned, converters, given)
            : { result: failed(model, converter, broken) };
        await recorder.record(model, key, done);
      };
      return {
        items: lane.models.map((planned) => () => convert(planned)),
        open: async () => {
          broken = await prepared(lane, converters);
        },
        close: () => rest(lane, converters),
      };
    });
    const limits = { slots: lanes.length === 0 ? 1 : await options.slots(), open: options.environments };
    await inLanes(lanes, limits, (convert) => convert(), signal);
    const all = zoo.models.map((model) => recorder.results.get(model.name) ?? skipped(model));
    run.finished = signal?.aborted !== true;
    run.seconds = Math.round(performance.now() - start) / 1000;
    run.totals = totalsOf(zoo.models.length, all);
    const document: BatchDocument = { schema: 1, run, results: all };
    await writeResults(folder, document);
    const unchanged = plan.refused.length === 0 && lanes.length === 0 && sameModels(all, session.before);
    return { document, unchanged };
  } finally {
    await session.close();
  }
}

function inputsOf({ models }: Zoo): string[] {
  return models.flatMap(({ path: file, readFrom, options: { sample } }) => [
    file,
    ...readFrom,
    ...(typeof sample === 'string' ? [sample] : []),
  ]);
}

/** Whether the run before, when it was finished, was about the same models. */
function sameModels(results: ModelResult[], before: LastRun | undefined): boolean {
  if (before?.run.finished !== true || before.results.length !== results.length) return false;
  return results.every(({ name }, index) => name === before.results[index]?.name);
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

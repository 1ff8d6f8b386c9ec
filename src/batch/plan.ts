/** What there is to do, before anything is done: what each file is, and where it will be converted. Executes nothing. */

import path from 'node:path';
import {
  type ConverterEnvironment,
  type ConverterManifest,
  environmentOf,
  interpretersOf,
} from '../converters/manifest.js';
import { detect } from '../detect/detect.js';
import { readOrigin } from '../detect/origin.js';
import { environmentState } from '../environments/ensure.js';
import { environmentsFor } from '../environments/fitting.js';
import type { PlanOptions } from '../environments/plan.js';
import { asPredictableError, type PredictableError } from '../errors.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Zoo, ZooModel } from './zoo/zoo.js';

export interface PlannedModel {
  model: ZooModel;
  /** See `contentKeys`. */
  key: string;
  bytes: number;
  converter: string;
}

/** Models of one environment, and of the same interpreters in it. */
export interface PlannedLane {
  manifest: ConverterManifest;
  environment: ConverterEnvironment;
  state: 'ready' | 'not built' | 'no interpreter';
  /** Small ones first. */
  models: PlannedModel[];
}

export interface Plan {
  /** Done by an earlier run. */
  done: { model: ZooModel; entry: JournalEntry }[];
  /** Clear already: no model, or none that could be read. */
  refused: { model: ZooModel; key: string; error: PredictableError }[];
  /** Those that can start at once first, then those with the most models. */
  lanes: PlannedLane[];
}

interface PlanRequest {
  zoo: Zoo;
  manifests: ConverterManifest[];
  keyOf: (model: ZooModel) => string;
  lockOf: (converter: string | undefined) => string;
  /** See `trustKey`. */
  trust: string;
  journal: Journal;
  /** Whether environments are on this machine, so that their state can be told. */
  local: boolean;
  environments: PlanOptions;
  signal?: AbortSignal | undefined;
}

/** Throws CANCELLED when the signal comes; what is wrong with a model is in the plan. */
export async function planBatch(request: PlanRequest): Promise<Plan> {
  const { zoo, manifests, keyOf, lockOf, trust, journal, signal } = request;
  const plan: Plan = { done: [], refused: [], lanes: [] };
  const lanes = new Map<string, PlannedLane>();
  for (const model of zoo.models) {
    signal?.throwIfAborted();
    let key = '';
    try {
      key = keyOf(model);
      const entry = journal.find(model.name, key, lockOf, trust);
      if (entry !== undefined) {
        plan.done.push({ model, entry });
        continue;
      }
      if (model.problem !== undefined) throw model.problem;
      const { manifest, environment, bytes } = await place(model, manifests);
      const lane = JSON.stringify([path.join(manifest.folder, environment.lock), interpretersOf(manifest)]);
      if (!lanes.has(lane)) lanes.set(lane, { manifest, environment, state: 'ready', models: [] });
      lanes.get(lane)?.models.push({ model, key, bytes, converter: manifest.id });
    } catch (thrown) {
      plan.refused.push({ model, key, error: asPredictableError(thrown) });
    }
  }
  plan.lanes = [...lanes.values()];
  for (const lane of plan.lanes) {
    lane.models.sort((a, b) => a.bytes - b.bytes);
    if (request.local)
      lane.state = (await environmentState(environmentOf(lane.manifest, lane.environment), request.environments)).state;
  }
  plan.lanes.sort(
    (a, b) => Number(b.state === 'ready') - Number(a.state === 'ready') || b.models.length - a.models.length,
  );
  return plan;
}

/** Where a model will most likely be converted: the nearest environment may still give way to another. */
async function place({ path: file, options }: ZooModel, manifests: ConverterManifest[]) {
  const detected = await detect(file, manifests, options.converter);
  const origin = await readOrigin(file, detected);
  const [environment] = environmentsFor(file, detected.converter, origin, options.environment);
  return { manifest: detected.converter, environment, bytes: detected.bytes };
}

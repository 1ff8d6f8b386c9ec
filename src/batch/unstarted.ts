/** A run as it begins, and results of models that no converter has seen: they were refused, or left out. */

import type { PredictableError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { DEFAULT_TARGET } from '../targets/targets.js';
import type { ModelResult, Run } from './results.js';
import { totalsOf } from './totals.js';
import type { Zoo, ZooModel } from './zoo/zoo.js';

/** The document of a run that has no results yet. */
export function begun({ title, models }: Zoo, { executor, jobs }: Pick<Run, 'executor' | 'jobs'>): Run {
  return {
    zoo: title,
    started: new Date().toISOString(),
    seconds: 0,
    finished: false,
    executor,
    jobs,
    predictable: packageVersion(),
    totals: totalsOf(models.length, []),
  };
}

/** The result of a model that no conversion was begun for; `converter`: its id, where the format was detected. */
export function failed(model: ZooModel, converter: string | undefined, error: PredictableError): ModelResult {
  const { source, name, options, tags } = model;
  const target = options.target ?? DEFAULT_TARGET;
  return {
    source,
    name,
    target,
    tags,
    status: 'failed',
    converter,
    warnings: [],
    error: error.toJSON(),
    attempts: 1,
    elapsed: 0,
  };
}

/** The result of a model that an interrupted run did not come to. */
export function skipped({ source, name, options, tags }: ZooModel): ModelResult {
  const target = options.target ?? DEFAULT_TARGET;
  return { source, name, target, tags, status: 'skipped', warnings: [], attempts: 0, elapsed: 0 };
}

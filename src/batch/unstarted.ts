/** A run that begins, and results of models that no converter has seen. */

import type { PredictableError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { DEFAULT_TARGET } from '../targets/targets.js';
import type { ModelResult, Run } from './results.js';
import { totalsOf } from './totals.js';
import type { Zoo, ZooModel } from './zoo/zoo.js';

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

export function failed(model: ZooModel, converter: string | undefined, error: PredictableError): ModelResult {
  const { source, name, options, tags } = model;
  const target = options.target ?? DEFAULT_TARGET;
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

export function skipped({ source, name, options, tags }: ZooModel): ModelResult {
  const target = options.target ?? DEFAULT_TARGET;
  return { source, name, target, tags, status: 'skipped', warnings: [], attempts: 0, elapsed: 0 };
}

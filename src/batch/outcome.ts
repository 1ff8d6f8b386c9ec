/** Results of models that no converter has seen. */

import type { PredictableError } from '../errors.js';
import type { ModelResult } from './results.js';
import type { ZooModel } from './zoo/zoo.js';

export function failed(model: ZooModel, converter: string | undefined, error: PredictableError): ModelResult {
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

export function skipped({ source, name, options, tags }: ZooModel): ModelResult {
  const target = options.target ?? 'sql-edge';
  return { source, name, target, tags, status: 'skipped', warnings: [], attempts: 0, elapsed: 0 };
}

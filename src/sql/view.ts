/** A view that scores, where the engine's PREDICT takes its model from a subquery. */

import { PredictableError } from '../errors.js';
import { DEFAULT_DIALECT } from './dialect.js';
import { fixedHead, titleOf } from './head.js';
import { fixedVersionInView } from './model-row.js';
import { createThenAlter, objectName } from './object.js';
import { planPredict, tablesFor } from './plan.js';
import { type Batches, type ObjectOptions, remarkOn } from './procedure.js';
import { scoringQuery } from './scoring.js';

/**
 * An alias is not followed: a view cannot hold a signature against the one that it was written for.
 * Throws what renderPredict throws, and USAGE where no view can hold PREDICT.
 */
export function renderView(options: ObjectOptions): Batches {
  mustBePossible(options);
  const tables = tablesFor(options);
  const object = objectName(options.object, tables.schema, options.name);
  const row = fixedVersionInView(options, tables);
  const { bound, scoring } = planPredict(options, { modelId: row.id, always: false });
  const head = fixedHead(options, bound, remarkOn(options.reference));
  const batches = createThenAlter('view', object, head, [...head, ...scoringQuery(scoring, row.model)]);
  return { batches, objects: [{ kind: 'view', name: object }] };
}

function mustBePossible({ dialect = DEFAULT_DIALECT, into }: ObjectOptions): void {
  if (!dialect.predictInView) {
    const message = `a view cannot hold PREDICT on ${titleOf(dialect)}: its model must be a variable`;
    throw new PredictableError('USAGE', message, {
      hint: 'Use --as procedure; INSERT INTO … EXEC, or --into TABLE, keeps its rows where others can select them.',
    });
  }
  if (into === undefined) return;
  throw new PredictableError('USAGE', 'a view returns rows and keeps none', {
    hint: 'Use --into with --as script or --as procedure.',
  });
}

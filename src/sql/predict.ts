/** The T-SQL that scores a table with PREDICT: runs as it is, and is the same text for the same model. */

import { fixedHead } from './head.js';
import { checkInto, createInto, type Into, isKnown } from './into.js';
import { fixedVersion } from './model-row.js';
import { planPredict, scoringStatements, tablesFor } from './plan.js';
import type { PredictOptions } from './predict-options.js';

/*
 * For callers that score on a server:
 *
 *   renderPredict({ name, version, sha256, signature, data, keys, passThrough, map, modelsTable, into, table, exactly, dialect })
 *
 * is one batch without GO. Its rows have the keys, the columns passed through, then the outputs, in that order; the
 * outputs are called outputNames(signature, [...keys, ...passThrough]). With `into` it returns no rows.
 */

/** Throws USAGE for names that T-SQL cannot have, COLUMN_MISMATCH, UNSUPPORTED_TYPE and TOO_MANY_COLUMNS. */
export function renderPredict(options: PredictOptions): string {
  const row = fixedVersion(options, tablesFor(options));
  const plan = planPredict(options, { modelId: row.id, always: false });
  const { check, create } = intoStatements(plan.into);
  return [...fixedHead(options, plan.bound), '', ...check, ...scoringStatements(options, row, plan, create), ''].join(
    '\n',
  );
}

/** Before the rows are looked at, and when none was refused. */
function intoStatements(into: Into | null): { check: string[]; create: string[] } {
  if (into === null) return { check: [], create: [] };
  const abort = 'SET XACT_ABORT ON;';
  return isKnown(into)
    ? { check: [abort], create: [...createInto(into), ''] }
    : { check: [abort, ...checkInto(into)], create: [] };
}

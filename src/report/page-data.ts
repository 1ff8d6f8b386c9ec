/** What the page holds of a run: a row for each model, and its details. */

import type { ModelResult } from '../batch/results.js';
import type { Evidence } from '../convert/evidence.js';
import { modelSql } from './model-sql.js';
import type { ModelDetail, ModelRow } from './page/data.js';

/** A message in the table; the whole of it is among the details. */
const LONGEST_MESSAGE = 300;

export function modelRow(result: ModelResult): ModelRow {
  const { name, source, status, tags, converter, model, error, inputs, outputs, verification, bytes, elapsed } = result;
  return {
    name,
    source,
    status,
    tags,
    elapsed,
    warnings: result.warnings.length,
    ...(converter === undefined ? {} : { converter }),
    ...(model === undefined ? {} : { model }),
    ...(error === undefined ? {} : { code: error.code, message: error.message.slice(0, LONGEST_MESSAGE) }),
    ...(error?.hint === undefined ? {} : { hint: error.hint }),
    ...(inputs === undefined ? {} : { inputs: inputs.length }),
    ...(outputs === undefined ? {} : { outputs: outputs.length }),
    ...(verification === undefined
      ? {}
      : {
          rows: verification.rows,
          verified: verification.status,
          maxAbsDiff: verification.maxAbsDiff,
          labelMismatches: verification.labelMismatches,
        }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

export function modelDetail(result: ModelResult, evidence: Evidence | null): ModelDetail {
  return {
    facts: result,
    sql: modelSql(result),
    ...(evidence === null ? {} : { evidence }),
  };
}

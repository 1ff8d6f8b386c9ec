/** What a script, a procedure and a view have in common: columns bound, the query planned, and the statements around it. */

import { type Bound, bindColumns } from './bind.js';
import { DEFAULT_DIALECT } from './dialect.js';
import { checkDictionaries, type Dictionaries, mustBeMatchable } from './dictionary.js';
import { type Into, planInto } from './into.js';
import type { ModelRow } from './model-row.js';
import type { PredictOptions } from './predict-options.js';
import type { Tables } from './registry-tables.js';
import { registryTables } from './registry-tables.js';
import { planScoring, refuseRows, resultStatements, type Scoring } from './scoring.js';

export interface PredictPlan {
  bound: Bound;
  scoring: Scoring;
  into: Into | null;
}

const DEFAULT_DATA = 'dbo.features';
const DEFAULT_MODELS = 'dbo.models';

export function tablesFor({ modelsTable = DEFAULT_MODELS }: PredictOptions): Tables {
  return registryTables(modelsTable);
}

export function planPredict(options: PredictOptions, source: Omit<Dictionaries, 'table'>): PredictPlan {
  const { signature, data = DEFAULT_DATA, keys, passThrough = [], map = {}, table = null, exactly = false } = options;
  mustBeMatchable(signature);
  const bound = options.bound ?? bindColumns({ signature, data, keys, passThrough, map, table });
  const scoring = planScoring(signature, bound, { table: tablesFor(options).dictionaries, ...source }, exactly);
  const { dialect = DEFAULT_DIALECT, into } = options;
  return {
    bound,
    scoring,
    into: into === undefined ? null : planInto(into, bound.passed, signature.outputs, scoring.names, dialect),
  };
}

/** Columns that the table of `into` must have. */
export function intoColumns(options: PredictOptions): string[] {
  const { into } = planPredict(options, { modelId: '@id', always: false });
  return into === null ? [] : into.columns.map(({ name }) => name);
}

/** From the model to the rows. `prepare` runs when nothing was refused. */
export function scoringStatements(
  { name, signature }: PredictOptions,
  row: ModelRow,
  { scoring, into }: PredictPlan,
  prepare: string[] = [],
): string[] {
  return [
    ...row.statements,
    ...checkDictionaries(scoring.dictionaries, signature),
    '',
    ...refuseRows(scoring),
    ...prepare,
    ...resultStatements(scoring, { model: row.model, into, version: row.version, name }),
  ];
}

/** What the server predicted against what this machine predicts from the very same values. */

import type { Duckdb } from '../../rows/duckdb.js';
import type { Source } from '../../rows/source.js';
import type { OutputColumn, Signature } from '../../signature.js';
import { DEFAULT_ATOL, DEFAULT_RTOL } from '../../verify/tolerance.js';
import type { Verification } from '../../verify/verification.js';
import type { Comparison } from '../documents.js';
import { decoded, type Model, type PredictOptions, predictRows } from '../here/predict-rows.js';
import type { OutputPair } from './outputs.js';
import { compareRows } from './rows.js';

interface ServerPredictions {
  /** The values that the server read, as the data has them. */
  inputs: Source;
  /** Columns `o0`, `o1` …, one an output; labels as text. */
  outputs: string;
  keys: { relation: string; columns: string[] };
}

export async function compareWithServer(
  duckdb: Duckdb,
  model: Model,
  server: ServerPredictions,
  verification: Verification | null,
  options: PredictOptions,
): Promise<Comparison> {
  const local = await predictRows(duckdb, server.inputs, model, options);
  const rtol = verification?.rtol ?? DEFAULT_RTOL;
  const atol = verification?.atol ?? DEFAULT_ATOL;
  const { changedRows, outputs, worst } = await compareRows(duckdb, {
    a: local.table,
    b: server.outputs,
    pairs: pairs(model.signature),
    tolerance: { rtol, atol },
    shown: server.keys,
  });
  const distances = outputs.flatMap(({ maxAbsDiff }) => (maxAbsDiff === null ? [] : [maxAbsDiff]));
  return {
    rows: local.rows,
    changedRows,
    maxAbsDiff: distances.length === 0 ? null : Math.max(...distances),
    rtol,
    atol,
    passed: outputs.every(({ changed }) => changed === 0),
    outputs,
    worst: worst.map(({ row, shown: keys, a, b }) => ({ row, keys, local: a, server: b })),
  };
}

function pairs({ outputs }: Signature): OutputPair[] {
  return outputs.map((output, index) => ({
    name: output.name,
    role: output.role,
    isLabel: isLabel(output),
    a: decoded(output, `a.o${index}`),
    b: `b.o${index}`,
  }));
}

function isLabel({ role, labels }: OutputColumn): boolean {
  return role === 'label' || labels !== undefined;
}

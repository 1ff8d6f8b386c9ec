/** Two tables of predictions, side by side: which outputs belong together, and how far they differ. */

import { PredictableError } from '../../errors.js';
import type { Duckdb } from '../../rows/duckdb.js';
import type { OutputColumn, Signature } from '../../signature.js';
import type { OutputDiff } from '../documents.js';
import { decoded } from '../here/predict-rows.js';

/** An output that both versions have, as expressions over the tables `a` and `b`. */
export interface OutputPair {
  name: string;
  role: OutputColumn['role'];
  a: string;
  b: string;
  isLabel: boolean;
}

export interface Tolerance {
  rtol: number;
  atol: number;
}

/** Decades: what differs in the seventh digit is rounding, what differs in the first is another model. */
const BIN_EDGES = [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** Throws COLUMN_MISMATCH when there is none. */
export function pairOutputs(a: Signature, b: Signature): OutputPair[] {
  const pairs = a.outputs.flatMap((output, index): OutputPair[] => {
    const { name, role, labels } = output;
    const other = b.outputs.findIndex((candidate) => candidate.name === name);
    const second = b.outputs[other];
    if (second === undefined) return [];
    const isLabel = role === 'label' || labels !== undefined || second.labels !== undefined;
    return [{ name, role, isLabel, a: decoded(output, `a.o${index}`), b: decoded(second, `b.o${other}`) }];
  });
  if (pairs.length > 0) return pairs;
  const names = ({ outputs }: Signature) => outputs.map(({ name }) => name).join(', ');
  throw new PredictableError('COLUMN_MISMATCH', 'the two versions have no output in common', {
    hint: `The first gives ${names(a)}, the second ${names(b)}.`,
  });
}

/** Labels are compared as text, since one side may have text; NULL and NaN equal themselves. */
export function changedSql({ a, b, isLabel }: OutputPair, { rtol, atol }: Tolerance): string {
  if (isLabel) return `(CAST(${a} AS VARCHAR) IS DISTINCT FROM CAST(${b} AS VARCHAR))`;
  const near = `${distanceSql({ a, b })} <= ${atol} + ${rtol} * abs(CAST(${a} AS DOUBLE))`;
  return `(${a} IS DISTINCT FROM ${b} AND NOT coalesce(${near}, false))`;
}

/** |b − a| of two numbers; infinite where one of them is no number. */
export function distanceSql({ a, b }: Pick<OutputPair, 'a' | 'b'>): string {
  const distance = `abs(CAST(${b} AS DOUBLE) - CAST(${a} AS DOUBLE))`;
  return `CASE WHEN ${a} IS NOT DISTINCT FROM ${b} THEN 0 WHEN ${distance} IS NULL OR isnan(${distance})
    THEN CAST('inf' AS DOUBLE) ELSE ${distance} END`;
}

export async function compareOutput(
  duckdb: Duckdb,
  both: string,
  pair: OutputPair,
  tolerance: Tolerance,
): Promise<OutputDiff> {
  const { name, role, isLabel } = pair;
  const changed = `count(*) FILTER (${changedSql(pair, tolerance)}) AS changed`;
  if (isLabel) {
    const [row] = await duckdb.rows(`SELECT ${changed} FROM ${both}`);
    return { name, role, changed: Number(row?.changed ?? 0), maxAbsDiff: null, meanAbsDiff: null, histogram: [] };
  }
  const bins = BIN_EDGES.map((edge, index) => {
    const below = index === 0 ? '' : `distance > ${BIN_EDGES[index - 1]} AND `;
    return `count(*) FILTER (${below}distance <= ${edge}) AS bin${index}`;
  });
  const last = `count(*) FILTER (distance > ${BIN_EDGES.at(-1)}) AS bin${BIN_EDGES.length}`;
  const [row] = await duckdb.rows(
    `SELECT count(*) FILTER (changed) AS changed, max(distance) AS largest, avg(distance) AS mean, ${[...bins, last].join(', ')}
     FROM (SELECT ${changedSql(pair, tolerance)} AS changed, ${distanceSql(pair)} AS distance FROM ${both})`,
  );
  return {
    name,
    role,
    changed: Number(row?.changed ?? 0),
    maxAbsDiff: numberOrNull(row?.largest),
    meanAbsDiff: numberOrNull(row?.mean),
    histogram: Array.from({ length: BIN_EDGES.length + 1 }, (_, index) => ({
      above: BIN_EDGES[index - 1] ?? null,
      upTo: BIN_EDGES[index] ?? null,
      rows: Number(row?.[`bin${index}`] ?? 0),
    })),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

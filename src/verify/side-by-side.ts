/** The original's predictions beside the model's, in as much as a picture can show. */

import { z } from 'zod';
import type { NumericValues } from '../inference/feeds.js';
import type { Frame, FrameColumn } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';
import { expectedColumn, shownValue } from './compare.js';

export const outputEvidenceSchema = z.object({
  name: z.string(),
  role: z.enum(['label', 'probability', 'score', 'value']),
  rows: z.number().int(),
  /** Numbers: `[original, model]` of rows evenly chosen, and of the one that differs most. */
  points: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Labels: how often each pair of the original's and the model's came, the most frequent first. */
  confusion: z.array(z.object({ original: z.string(), model: z.string(), rows: z.number().int() })).optional(),
  /** Rows by absolute difference: more than `above`, up to `upTo`; the first bin is "the same", the last is open. */
  histogram: z.array(z.object({ above: z.number().nullable(), upTo: z.number().nullable(), rows: z.number().int() })),
});
type OutputEvidence = z.infer<typeof outputEvidenceSchema>;

/** Many outputs are classes of one model, and look alike. */
const MOST_OUTPUTS = 12;
const MOST_POINTS = 200;
const MOST_PAIRS = 200;

/** Decades, from what float32 cannot tell apart to what nobody would call the same. */
const EDGES = [0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** As many digits as float32 has; more would only make the page longer. */
const DIGITS = 8;

export interface SideBySide {
  outputs: OutputEvidence[];
  outputsLeft: number;
}

/** Outputs that `expected` does not hold (ranks of `--top` whose classes are not known) are left out; so are rows in `skip`. */
export function sideBySide(
  outputs: OutputColumn[],
  expected: Frame,
  got: ReadonlyMap<string, NumericValues>,
  skip: Uint8Array,
): SideBySide {
  const pairs = outputs.flatMap((output) => {
    const wanted = expectedColumn(expected, output);
    const values = got.get(output.name);
    return wanted === undefined || values === undefined ? [] : [{ output, wanted, values }];
  });
  return {
    outputs: pairs
      .slice(0, MOST_OUTPUTS)
      .map(({ output, wanted, values }) =>
        output.role === 'label' || output.labels !== undefined
          ? labels(output, wanted, values, skip)
          : numbers(output, wanted, values, skip),
      ),
    outputsLeft: Math.max(0, pairs.length - MOST_OUTPUTS),
  };
}

function labels(output: OutputColumn, wanted: FrameColumn, got: NumericValues, skip: Uint8Array): OutputEvidence {
  const counts = new Map<string, { original: string; model: string; rows: number }>();
  let rows = 0;
  for (let row = 0; row < got.length; row++) {
    if (skip[row] === 1) continue;
    rows++;
    const original = String(shownValue(wanted.values, row));
    const model = String(shownValue(got, row, output.labels));
    const key = JSON.stringify([original, model]);
    const pair = counts.get(key) ?? { original, model, rows: 0 };
    pair.rows++;
    counts.set(key, pair);
  }
  const confusion = [...counts.values()].sort((a, b) => b.rows - a.rows).slice(0, MOST_PAIRS);
  return { name: output.name, role: output.role, rows, confusion, histogram: [] };
}

function numbers(output: OutputColumn, wanted: FrameColumn, got: NumericValues, skip: Uint8Array): OutputEvidence {
  const bins = Array.from({ length: EDGES.length + 1 }, () => 0);
  const kept: number[] = [];
  let worst = { row: -1, difference: -1 };
  for (let row = 0; row < got.length; row++) {
    if (skip[row] === 1) continue;
    kept.push(row);
    const difference = distance(Number(wanted.values[row]), Number(got[row]));
    if (difference > worst.difference) worst = { row, difference };
    const edge = EDGES.findIndex((upTo) => difference <= upTo);
    bins[edge === -1 ? EDGES.length : edge]!++;
  }
  const step = Math.max(1, Math.ceil(kept.length / MOST_POINTS));
  const chosen = kept.filter((row, index) => index % step === 0 || row === worst.row);
  return {
    name: output.name,
    role: output.role,
    rows: kept.length,
    points: chosen
      .map((row): [number, number] => [rounded(Number(wanted.values[row])), rounded(Number(got[row]))])
      .filter((pair) => pair.every(Number.isFinite)),
    histogram: bins.map((rows, index) => ({ above: EDGES[index - 1] ?? null, upTo: EDGES[index] ?? null, rows })),
  };
}

/** Infinite where one of them is no number and the other is. */
function distance(wanted: number, got: number): number {
  if (Object.is(wanted, got)) return 0;
  const difference = Math.abs(wanted - got);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

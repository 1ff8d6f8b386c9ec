/** The K largest of many predictions against all that the original makes: near ties may change places. */

import type { Top } from '../graph/metadata.js';
import type { NumericValues } from '../inference/feeds.js';
import type { Frame, FrameColumn } from '../rows/frame.js';
import { column } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';
import type { ColumnDifference, Tolerance } from './compare.js';

/** Both of two predictions may be off by the tolerance, in opposite directions, before they change places. */
const SIDES = 2;

/** Predictions of the original, with the K largest as columns; their names may be those of columns that they are taken of. */
export interface Predictions {
  frame: Frame;
  /** Null when not all are known: then the frame is as it was. */
  all: FrameColumn[] | null;
}

export function withTop(expected: Frame, top: Top | null, outputs: OutputColumn[]): Predictions {
  const all = top && allOf(expected, top);
  if (!top || !all) return { frame: expected, all: null };
  const ranks = Array.from({ length: expected.rows }, (_, row) => ranked(all, row, top.columns.length));
  const added = top.columns.flatMap(({ class: name, value }, rank): FrameColumn[] => {
    const labels = outputs.find((output) => output.name === name)?.labels;
    const classes = ranks.map((row) => row[rank]?.index ?? 0);
    const values = Float64Array.from(ranks, (row) => row[rank]?.value ?? Number.NaN);
    return [
      labels
        ? { name, type: 'string', values: classes.map((index) => labels[index] ?? null) }
        : { name, type: 'int64', values: BigInt64Array.from(classes, BigInt) },
      { name: value, type: 'double', values },
    ];
  });
  const others = expected.columns.filter(({ name }) => !added.some((one) => one.name === name));
  return { frame: { ...expected, columns: [...others, ...added] }, all };
}

/**
 * A column of classes: a row counts when what the original predicts for the class that came is not, within the tolerance,
 * what it predicts for the class of that rank. Null where the column is none of those, or not all predictions are known.
 */
export function compareClasses(
  output: OutputColumn,
  { frame, all }: Predictions,
  top: Top | null,
  got: NumericValues,
  { rtol, atol }: Tolerance,
  skip: Uint8Array,
): ColumnDifference | null {
  const rank = top?.columns.findIndex((each) => each.class === output.name) ?? -1;
  const wanted = column(frame, top?.columns[rank]?.value ?? '');
  if (rank < 0 || !all || wanted === undefined) return null;
  const outside: ColumnDifference['outside'] = [];
  for (let row = 0; row < got.length; row++) {
    if (skip[row] === 1) continue;
    const right = Number(wanted.values[row]);
    const came = Number(all[Number(got[row])]?.values[row] ?? Number.NaN);
    const room = SIDES * (atol + rtol * Math.max(Math.abs(right), Math.abs(came)));
    if (!(Math.abs(right - came) <= room) && !Object.is(right, came)) {
      outside.push({ row, excess: Number.POSITIVE_INFINITY });
    }
  }
  return { maxAbsDiff: 0, maxRelDiff: 0, labelMismatches: outside.length, outside };
}

function allOf(expected: Frame, { of }: Top): FrameColumn[] | null {
  const found = new Map(expected.columns.map((each) => [each.name, each]));
  const all = of.map((name) => found.get(name));
  return all.every((each) => each !== undefined) ? all : null;
}

function ranked(all: FrameColumn[], row: number, count: number): { index: number; value: number }[] {
  return all
    .map(({ values }, index) => ({ index, value: Number(values[row]) }))
    .sort((one, other) => other.value - one.value || one.index - other.index)
    .slice(0, count);
}

/** The rows that differ most, as a document shows them. */

import type { Frame } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';
import { shownValue } from './compare.js';
import { type Probe, probeName } from './probes.js';
import type { Verification } from './verification.js';

/** Rows that are shown when a verification fails. */
const WORST_ROWS = 5;

/** A value that is outside the tolerance. */
export interface Outside {
  row: number;
  excess: number;
  output: OutputColumn;
  runtime: string;
  expected: string | number | null;
  got: string | number | null;
}

/** `probes`: of the last of the rows. */
export function worstRows(outside: Outside[], rows: Frame, probes: Probe[]): NonNullable<Verification['worst']> {
  const sampled = rows.rows - probes.length;
  const worst = new Map<number, Outside>();
  for (const candidate of outside.toSorted((a, b) => b.excess - a.excess)) {
    if (!worst.has(candidate.row)) worst.set(candidate.row, candidate);
    if (worst.size === WORST_ROWS) break;
  }
  return [...worst.values()].map(({ row, output, runtime, expected, got }) => ({
    row,
    ...named(probes[row - sampled]),
    column: output.name,
    runtime,
    expected,
    got,
    inputs: Object.fromEntries(rows.columns.map(({ name, values }) => [name, shownValue(values, row)])),
  }));
}

function named(probe: Probe | undefined): { probe?: string } {
  return probe === undefined ? {} : { probe: probeName(probe) };
}

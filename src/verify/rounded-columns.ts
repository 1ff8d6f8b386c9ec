/** Columns of a sample that real does not hold as they are. */

import { column, type Frame } from '../rows/frame.js';
import type { Signature } from '../signature.js';

/** By name: columns of real in which some number is rounded. */
export function roundedColumns(rows: Frame, { inputs }: Signature): string[] {
  return inputs
    .filter(({ name, type }) => type === 'float' && (column(rows, name)?.values ?? []).some(isRounded))
    .map(({ name }) => name);
}

function isRounded(value: unknown): boolean {
  if (typeof value === 'bigint') return BigInt(Math.fround(Number(value))) !== value;
  return typeof value === 'number' && !Number.isNaN(value) && Math.fround(value) !== value;
}

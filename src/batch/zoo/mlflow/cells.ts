/** Values of JSON as a column of a type: exactly, or not at all. */

import { PredictableError } from '../../../errors.js';
import type { FrameColumn } from '../../../rows/frame.js';

const WHOLE = /^-?\d+$/;
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const INT32 = { min: -(2n ** 31n), max: 2n ** 31n - 1n };

/** Without a type, that of the values. Throws COLUMN_MISMATCH for a value that is not of it. */
export function columnOfCells(
  file: string,
  name: string,
  cells: unknown[],
  type: FrameColumn['type'] = typeOfCells(cells),
): FrameColumn {
  const misfit = (cell: unknown) =>
    new PredictableError('COLUMN_MISMATCH', `${file}: column ${name} is ${type}, but holds ${JSON.stringify(cell)}`, {
      hint: 'Give rows of your own as the sample.',
      details: { column: name },
    });
  const missing = cells.some((cell) => cell === null);
  switch (type) {
    case 'string':
      return { name, type, values: cells.map((cell) => (cell === null ? null : textOf(cell, misfit))) };
    case 'float':
      return { name, type, values: Float32Array.from(cells, (cell) => numberOf(cell, misfit)) };
    case 'bool':
      if (missing) break;
      return { name, type, values: Uint8Array.from(cells, (cell) => truthOf(cell, misfit)) };
    case 'int32':
      if (missing) break;
      return { name, type, values: Int32Array.from(cells, (cell) => Number(wholeOf(cell, INT32, misfit))) };
    case 'int64':
      if (missing) break;
      return { name, type, values: BigInt64Array.from(cells, (cell) => wholeOf(cell, INT64, misfit)) };
  }
  // Only floats hold missing values; a truth is 1 or 0 then, as in pandas.
  const values = Float64Array.from(cells, (cell) =>
    typeof cell === 'boolean' ? Number(cell) : numberOf(cell, misfit),
  );
  return { name, type: 'double', values };
}

function typeOfCells(cells: unknown[]): FrameColumn['type'] {
  const present = cells.filter((cell) => cell !== null);
  if (present.length === 0) return 'double';
  if (present.every((cell) => typeof cell === 'boolean')) return 'bool';
  if (present.every((cell) => Number.isSafeInteger(cell))) return 'int64';
  return present.every((cell) => typeof cell === 'number') ? 'double' : 'string';
}

type Misfit = (cell: unknown) => PredictableError;

function textOf(cell: unknown, misfit: Misfit): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  throw misfit(cell);
}

function numberOf(cell: unknown, misfit: Misfit): number {
  if (cell === null) return Number.NaN;
  if (typeof cell === 'number') return cell;
  // A whole number of more digits than a double holds was kept as text.
  if (typeof cell === 'string' && WHOLE.test(cell)) return Number(cell);
  throw misfit(cell);
}

function truthOf(cell: unknown, misfit: Misfit): number {
  if (cell === true || cell === 1) return 1;
  if (cell === false || cell === 0) return 0;
  throw misfit(cell);
}

function wholeOf(cell: unknown, { min, max }: { min: bigint; max: bigint }, misfit: Misfit): bigint {
  const whole =
    Number.isSafeInteger(cell) || (typeof cell === 'string' && WHOLE.test(cell))
      ? BigInt(cell as string | number)
      : null;
  if (whole === null || whole < min || whole > max) throw misfit(cell);
  return whole;
}

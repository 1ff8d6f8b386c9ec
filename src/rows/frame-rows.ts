/** Rows as objects, to a frame. */

import { PredictableError } from '../errors.js';
import type { Frame, FrameColumn } from './frame.js';

type Value = number | bigint | boolean | string | null | undefined;
export type Row = Record<string, Value>;

/** Columns in the order in which the rows first name them. Throws COLUMN_MISMATCH for a column of text and numbers. */
export function frameOfRows(rows: Row[]): Frame {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { rows: rows.length, columns: names.map((name) => columnOf(name, rows)) };
}

function columnOf(name: string, rows: Row[]): FrameColumn {
  const values = rows.map((row) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null));
  const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (kinds.has('string')) {
    const other = [...kinds].find((kind) => kind !== 'string');
    if (other !== undefined) {
      throw new PredictableError('COLUMN_MISMATCH', `column ${name} holds both text and ${other}s`, {
        hint: 'Give every row of a column the same type.',
      });
    }
    return { name, type: 'string', values: values.map((value) => (value === null ? null : String(value))) };
  }
  if (kinds.size === 1 && kinds.has('bigint') && !values.includes(null)) {
    return { name, type: 'int64', values: BigInt64Array.from(values, (value) => BigInt(value ?? 0)) };
  }
  return {
    name,
    type: 'double',
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
  };
}

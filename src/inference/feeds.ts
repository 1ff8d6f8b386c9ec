/** Rows of a frame as the inputs of a normalised model: rounded to the column types, categories as codes, missing as agreed. */

import { addCount } from '../counts.js';
import { PredictableError } from '../errors.js';
import { column, type Frame, type FrameColumn } from '../rows/frame.js';
import { type InputColumn, NAN_SENTINEL, NULL_CODE, type Signature, UNKNOWN_CODE } from '../signature.js';
import type { Tensor } from '../tensor.js';

export interface EncodedRows {
  rows: number;
  /** One typed array per input, in the order of the signature. */
  inputs: { name: string; type: 'float' | 'double' | 'int32' | 'int64'; values: NumericValues }[];
  /** Rows on which a policy stands in for a value: missing ones replaced, unknown categories. */
  replaced: Uint8Array;
  /** Rows whose predictions are NULL, since a category is unknown and the policy says so. */
  nulled: Uint8Array;
  unknown: Record<string, number>;
}

export type NumericValues = Float32Array | Float64Array | Int32Array | BigInt64Array;

/**
 * With `mark`, rows that a policy refuses are only marked, so that a comparison can leave them out; with `apply` they are
 * errors: NULL_VALUE, UNKNOWN_CATEGORY. Throws COLUMN_MISMATCH when a column is missing or of a type that cannot be taken.
 */
export function encodeRows(frame: Frame, signature: Signature, policies: 'mark' | 'apply' = 'mark'): EncodedRows {
  const marks: Marks = {
    apply: policies === 'apply',
    replaced: new Uint8Array(frame.rows),
    nulled: new Uint8Array(frame.rows),
    unknown: {},
  };
  const inputs = signature.inputs.map((input) => {
    const source = column(frame, input.name);
    if (source === undefined) throw missing(input, frame);
    const values =
      input.categories === undefined
        ? encodeNumbers(source, input, marks)
        : encodeCategories(source, input, input.categories, marks);
    return { name: input.name, type: input.type, values };
  });
  const { replaced, nulled, unknown } = marks;
  return { rows: frame.rows, inputs, replaced, nulled, unknown };
}

/** The feeds of `count` rows from the first; copies, since a run takes the buffers away. */
export function feedsOf(encoded: EncodedRows, count = encoded.rows): Record<string, Tensor> {
  return Object.fromEntries(
    encoded.inputs.map(({ name, type, values }) => [name, { type, shape: [count, 1], data: values.slice(0, count) }]),
  );
}

interface Marks {
  apply: boolean;
  replaced: Uint8Array;
  nulled: Uint8Array;
  unknown: Record<string, number>;
}

function encodeNumbers(source: FrameColumn, input: InputColumn, marks: Marks): NumericValues {
  const { values } = source;
  const rows = values.length;
  const target = numericArray(input.type, rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    if (typeof value === 'string') throw mistyped(source, input);
    const number = value === null || value === undefined ? Number.NaN : Number(value);
    if (Number.isNaN(number)) {
      markMissing(input, row, marks);
      store(target, row, substitute(input));
    } else if (target instanceof BigInt64Array && typeof value === 'bigint') {
      target[row] = value;
    } else if (!(target instanceof Float32Array || target instanceof Float64Array) && !Number.isInteger(number)) {
      throw mistyped(source, input);
    } else {
      store(target, row, number);
    }
  }
  return target;
}

function encodeCategories(source: FrameColumn, input: InputColumn, categories: string[], marks: Marks): BigInt64Array {
  if (source.type !== 'string') throw mistyped(source, input);
  const codes = new Map(categories.map((category, code) => [category, BigInt(code)]));
  const target = new BigInt64Array(source.values.length);
  for (const [row, text] of source.values.entries()) {
    if (text === null) {
      markMissing(input, row, marks);
      target[row] = typeof input.nulls === 'number' ? BigInt(input.nulls) : BigInt(NULL_CODE);
      continue;
    }
    const code = codes.get(text);
    if (code === undefined) markUnknown(input, text, row, marks);
    target[row] = code ?? BigInt(UNKNOWN_CODE);
  }
  return target;
}

function markMissing({ name, nulls }: InputColumn, row: number, { apply, replaced }: Marks): void {
  if (nulls === 'nan') return;
  if (apply && nulls === 'error') {
    throw new PredictableError('NULL_VALUE', `column ${name} has no value in row ${row + 1}`, {
      hint: 'Fill it, or convert the model with --on-null.',
      details: { column: name, row: row + 1 },
    });
  }
  replaced[row] = 1;
}

function markUnknown(input: InputColumn, text: string, row: number, { apply, replaced, nulled, unknown }: Marks): void {
  addCount(unknown, input.name, 1);
  if (input.unknown === 'zeros') return;
  if (apply && input.unknown === 'error') {
    throw new PredictableError(
      'UNKNOWN_CATEGORY',
      `column ${input.name} has "${text}" in row ${row + 1}: the model has never seen it`,
      {
        hint: 'Convert the model with --on-unknown null or zeros, or leave such rows out.',
        details: { column: input.name, row: row + 1, value: text, known: input.categories },
      },
    );
  }
  replaced[row] = 1;
  nulled[row] = 1;
}

/** What stands in the column for a missing number. */
function substitute({ nulls, type }: InputColumn): number {
  if (typeof nulls === 'number') return nulls;
  return type === 'float' || type === 'double' ? NAN_SENTINEL : 0;
}

function numericArray(type: InputColumn['type'], rows: number): NumericValues {
  switch (type) {
    case 'float':
      return new Float32Array(rows);
    case 'double':
      return new Float64Array(rows);
    case 'int32':
      return new Int32Array(rows);
    case 'int64':
      return new BigInt64Array(rows);
  }
}

function store(target: NumericValues, row: number, value: number): void {
  if (target instanceof BigInt64Array) target[row] = BigInt(value);
  else target[row] = value;
}

function missing(input: InputColumn, frame: Frame): PredictableError {
  const found = frame.columns.map(({ name }) => name);
  return new PredictableError('COLUMN_MISMATCH', `the rows have no column ${input.name}`, {
    hint: `They have: ${found.join(', ')}.`,
    details: { expected: input.name, found },
  });
}

function mistyped(source: FrameColumn, input: InputColumn): PredictableError {
  const wanted = input.categories === undefined ? input.sqlType : 'text';
  return new PredictableError(
    'COLUMN_MISMATCH',
    `column ${source.name} holds ${source.type}, the model takes ${wanted}`,
    {
      hint: 'Check the rows, or how the file was read.',
      details: { column: source.name, found: source.type, expected: wanted },
    },
  );
}

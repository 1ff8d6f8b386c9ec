/** Columns of a DuckDB relation as a frame: counts what is missing or does not fit, then copies vector by vector. */

import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PredictableError } from '../errors.js';
import { castNumber, missingNumber, type ValueClass } from './cast.js';
import type { Duckdb } from './duckdb.js';
import type { Frame, FrameColumn } from './frame.js';

export interface FramePlan {
  name: string;
  /** The SQL expression of the value, and what it is. */
  value: string;
  from: ValueClass;
  /** The type that was asked for, or null. */
  to: FrameColumn['type'] | null;
  /** The type when none was asked for and nothing is missing; else whole numbers and truth values become double. */
  natural: FrameColumn['type'];
}

type TypedPlan = FramePlan & { to: FrameColumn['type'] };

/** Reads all rows of `relation`. Throws COLUMN_MISMATCH for a value that does not fit into the type asked for. */
export async function fetchFrame(duckdb: Duckdb, relation: string, plans: FramePlan[], title: string): Promise<Frame> {
  const missing = plans.map((plan, index) => `count(*) FILTER (${isMissing(plan, plan.natural)}) AS m${index}`);
  const counts = await countRow(duckdb, `SELECT ${['count(*) AS n', ...missing].join(', ')} FROM ${relation}`);
  const rows = counts('n');
  const typed = plans.map(
    (plan, index): TypedPlan => ({ ...plan, to: plan.to ?? holding(plan, counts(`m${index}`) > 0) }),
  );
  await mustFit(duckdb, relation, typed, title);
  const frame: Frame = { rows, columns: typed.map(({ name, to }) => emptyColumn(name, to, rows)) };
  if (typed.length === 0) return frame;
  const result = await duckdb.connection.stream(`SELECT ${typed.map(expression).join(', ')} FROM ${relation}`);
  let offset = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return frame;
    for (const [index, column] of frame.columns.entries()) copyVector(column, chunk, index, offset);
    offset += chunk.rowCount;
  }
}

function holding({ natural }: FramePlan, missing: boolean): FrameColumn['type'] {
  return missing && (natural === 'int64' || natural === 'bool') ? 'double' : natural;
}

function isMissing({ value, from }: FramePlan, to: FrameColumn['type']): string {
  return to === 'string' ? `${value} IS NULL` : missingNumber(value, from);
}

async function mustFit(duckdb: Duckdb, relation: string, plans: TypedPlan[], title: string): Promise<void> {
  const checks = plans.flatMap((plan, index) => {
    if (plan.to === 'string') return [];
    const fits = `${expression(plan)} IS NOT NULL`;
    return [
      `count(*) FILTER (NOT (${fits})) AS bad${index}`,
      `first(CAST(${plan.value} AS VARCHAR)) FILTER (NOT (${fits})) AS example${index}`,
    ];
  });
  if (checks.length === 0) return;
  const [row] = await duckdb.rows(`SELECT ${checks.join(', ')} FROM ${relation}`);
  for (const [index, { name, to }] of plans.entries()) {
    const bad = Number(row?.[`bad${index}`] ?? 0);
    if (bad === 0) continue;
    const example = row?.[`example${index}`] ?? null;
    const shown = example === null ? 'a missing value' : `"${String(example)}"`;
    throw new PredictableError('COLUMN_MISMATCH', `column ${name} of ${title}: ${shown} is no ${to} (${bad} rows)`, {
      hint: 'Correct the rows, or give the column another type.',
      details: { column: name, type: to, rows: bad, example },
    });
  }
}

/** NULL only where the value does not fit, except for text, where NULL is a missing value. */
function expression({ value, from, to }: TypedPlan): string {
  switch (to) {
    case 'string':
      return `CAST(${value} AS VARCHAR)`;
    case 'float':
    case 'double': {
      const type = to === 'float' ? 'FLOAT' : 'DOUBLE';
      return `CASE WHEN ${missingNumber(value, from)} THEN CAST('nan' AS ${type}) ELSE ${castNumber(number(value, from), numeric(from), to)} END`;
    }
    case 'bool': {
      const whole = castNumber(number(value, from), numeric(from), 'int32');
      return `CAST(CASE WHEN ${whole} IN (0, 1) THEN ${whole} END AS UTINYINT)`;
    }
    default:
      return castNumber(number(value, from), numeric(from), to);
  }
}

/** Text is read as a CSV's field is: types that the user gave may ask for numbers from it. */
function numeric(from: ValueClass): ValueClass {
  return from === 'string' ? 'text' : from;
}

function number(value: string, from: ValueClass): string {
  return from === 'string' ? `CAST(${value} AS VARCHAR)` : value;
}

function emptyColumn(name: string, type: FrameColumn['type'], rows: number): FrameColumn {
  switch (type) {
    case 'float':
      return { name, type, values: new Float32Array(rows) };
    case 'double':
      return { name, type, values: new Float64Array(rows) };
    case 'int32':
      return { name, type, values: new Int32Array(rows) };
    case 'int64':
      return { name, type, values: new BigInt64Array(rows) };
    case 'bool':
      return { name, type, values: new Uint8Array(rows) };
    case 'string':
      return { name, type, values: new Array<string | null>(rows).fill(null) };
  }
}

function copyVector(column: FrameColumn, chunk: DuckDBDataChunk, index: number, offset: number): void {
  if (column.type === 'string') {
    for (const [row, value] of chunk.getColumnValues(index).entries()) {
      column.values[offset + row] = value === null ? null : String(value);
    }
    return;
  }
  const vector = chunk.getColumnVector(index);
  const items = 'items' in vector ? vector.items : undefined;
  if (column.type === 'float' && items instanceof Float32Array) column.values.set(items, offset);
  else if (column.type === 'double' && items instanceof Float64Array) column.values.set(items, offset);
  else if (column.type === 'int32' && items instanceof Int32Array) column.values.set(items, offset);
  else if (column.type === 'int64' && items instanceof BigInt64Array) column.values.set(items, offset);
  else if (column.type === 'bool' && items instanceof Uint8Array) column.values.set(items, offset);
  else throw new Error(`DuckDB gave ${vector.type} for the ${column.type} column ${column.name}`);
}

async function countRow(duckdb: Duckdb, sql: string): Promise<(name: string) => number> {
  const [row] = await duckdb.rows(sql);
  return (name) => Number(row?.[name] ?? 0);
}

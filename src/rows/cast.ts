/**
 * Values on their way into a column's type, as DuckDB expressions: exact or not at all. DuckDB's own casts round
 * (2.7 becomes 3) where T-SQL cuts off, so a whole number is only taken from a value that is one.
 */

import type { ColumnType } from '../signature.js';
import { text } from './duckdb-text.js';
import { MISSING_SPELLINGS } from './missing.js';

/** What a source's type can be read as; null when neither number nor text. `text` is a CSV's field, which may be either. */
export type ValueClass = 'text' | 'integer' | 'real' | 'decimal' | 'bool' | 'string';

const DUCKDB_TYPES = {
  float: 'FLOAT',
  double: 'DOUBLE',
  int32: 'INTEGER',
  int64: 'BIGINT',
} as const satisfies Record<ColumnType, string>;

export function duckdbType(type: ColumnType): (typeof DUCKDB_TYPES)[ColumnType] {
  return DUCKDB_TYPES[type];
}

export function classOf(type: string): ValueClass | null {
  if (type === 'TEXT') return 'text';
  if (type === 'BOOLEAN') return 'bool';
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return 'integer';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'real';
  if (type.startsWith('DECIMAL(') && type.endsWith(')')) return 'decimal';
  if (type === 'VARCHAR' || type.startsWith('ENUM(')) return 'string';
  return null;
}

/** Whether the value is missing: NULL, NaN, and in a CSV's number column what pandas takes for missing. */
export function missingNumber(value: string, from: ValueClass): string {
  switch (from) {
    case 'text': {
      const real = `TRY_CAST(${value} AS DOUBLE)`;
      return `(${value} IS NULL OR coalesce(isnan(${real}), ${isOneOf(`trim(${value})`, MISSING_SPELLINGS)}))`;
    }
    case 'real':
      return `(${value} IS NULL OR isnan(${value}))`;
    default:
      return `${value} IS NULL`;
  }
}

/** The value in the type, or NULL when it has none there: a fraction for a whole number, out of range, not a number. */
export function castNumber(value: string, from: ValueClass, to: ColumnType): string {
  const type = duckdbType(to);
  const whole = to === 'int32' || to === 'int64';
  switch (from) {
    case 'text':
      return whole ? wholeFromText(value, type) : realFromText(value, type);
    case 'real':
      return whole ? wholeFromReal(value, type) : `TRY_CAST(${value} AS ${type})`;
    case 'decimal':
      return whole ? wholeFromReal(value, type) : `TRY_CAST(CAST(${value} AS DOUBLE) AS ${type})`;
    default:
      return `TRY_CAST(${value} AS ${type})`;
  }
}

/**
 * A CSV's number as a double: NaN when it is missing, NULL when it is none. Each way is only gone where the one before
 * it led nowhere, and the value is worked out once: with a CASE and a flag for each of 784 columns, planning took 20 s.
 */
export function realOrMissing(value: string): string {
  const missing = isOneOf(`coalesce(trim(${value}), '')`, MISSING_SPELLINGS);
  return `coalesce(TRY_CAST(${value} AS DOUBLE), CASE WHEN ${missing} THEN CAST('nan' AS DOUBLE) ELSE ${truth(value)} END)`;
}

/**
 * Of a list of six and more, DuckDB's IN becomes a hash join, with memory of its own: one or two a column, and 64 columns
 * took more than 400 MB.
 */
export function isOneOf(value: string, texts: readonly string[]): string {
  return `list_contains([${texts.map(text).join(', ')}], ${value})`;
}

/** Through double, as pandas reads it and the model's own framework rounds it. True and False are 1 and 0, as in pandas. */
function realFromText(value: string, type: string): string {
  return `TRY_CAST(coalesce(TRY_CAST(${value} AS DOUBLE), ${truth(value)}) AS ${type})`;
}

function wholeFromText(value: string, type: string): string {
  const real = `coalesce(TRY_CAST(${value} AS DOUBLE), ${truth(value)})`;
  const digits = `regexp_full_match(${value}, '\\s*[+-]?[0-9]+\\s*')`;
  return `(CASE WHEN ${digits} THEN TRY_CAST(${value} AS ${type}) ELSE ${wholeFromReal(real, type)} END)`;
}

function wholeFromReal(value: string, type: string): string {
  return `(CASE WHEN ${value} = trunc(${value}) THEN TRY_CAST(${value} AS ${type}) END)`;
}

function truth(value: string): string {
  return `(CASE WHEN ${value} IN ('True', 'TRUE', 'true') THEN 1 WHEN ${value} IN ('False', 'FALSE', 'false') THEN 0 END)`;
}

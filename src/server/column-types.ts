/**
 * A server's types as DuckDB has them, and the way there without loss.
 *
 * | on the server | here |
 * | --- | --- |
 * | tinyint, smallint, int | INTEGER |
 * | bigint | BIGINT |
 * | real, float | FLOAT, DOUBLE |
 * | decimal, numeric, money, smallmoney | DECIMAL |
 * | bit | BOOLEAN |
 * | char, varchar, text and their n-forms | VARCHAR |
 * | date, datetime, smalldatetime | DATE, TIMESTAMP |
 * | time, datetime2 | TIME, TIMESTAMP; VARCHAR with 7 digits, of which DuckDB holds 6 |
 * | datetimeoffset | VARCHAR |
 * | uniqueidentifier | UUID |
 * | binary types, rowversion, xml, sql_variant, CLR types | none |
 */

import type { TableColumn } from './table.js';

/** In which of DuckDB's types the driver's values are kept until they are read. */
type Arrival = 'INTEGER' | 'BIGINT' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR';

export interface ColumnReading {
  arrival: Arrival;
  /** DuckDB's type, to which an arrival of VARCHAR is cast. */
  type: string;
  /** The text as which the server must send it, since the driver would lose digits; null as it is. */
  asText: { length: number; style?: number; through?: string } | null;
  /** Digits after the point of a number that arrives as VARCHAR. */
  scale: number;
}

/** null for a type that has no counterpart. */
export function readingOf({
  type,
  precision,
  scale,
}: Pick<TableColumn, 'type' | 'precision' | 'scale'>): ColumnReading | null {
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'int':
      return plain('INTEGER');
    case 'bigint':
      return plain('BIGINT');
    case 'real':
      return plain('FLOAT');
    case 'float':
      return plain('DOUBLE');
    case 'bit':
      return plain('BOOLEAN');
    case 'decimal':
    case 'numeric':
      return decimal(precision, scale);
    case 'money':
      // Its own text has two digits after the point, whatever style is asked for on some servers.
      return decimal(19, 4, 'decimal(19, 4)');
    case 'smallmoney':
      return decimal(10, 4);
    case 'char':
    case 'varchar':
    case 'text':
    case 'nchar':
    case 'nvarchar':
    case 'ntext':
      return plain('VARCHAR');
    case 'uniqueidentifier':
      return { ...plain('VARCHAR'), type: 'UUID' };
    case 'date':
      return { ...plain('VARCHAR'), type: 'DATE' };
    case 'smalldatetime':
    case 'datetime':
      return { ...plain('VARCHAR'), type: 'TIMESTAMP' };
    case 'datetime2':
      return spelled(scale > 6 ? 'VARCHAR' : 'TIMESTAMP', 27, ISO);
    case 'time':
      return spelled(scale > 6 ? 'VARCHAR' : 'TIME', 16);
    case 'datetimeoffset':
      return spelled('VARCHAR', 34);
    default:
      return null;
  }
}

/** `column`, which is quoted, as a query must select it. */
export function selected(column: string, { asText }: ColumnReading): string {
  if (asText === null) return column;
  const { length, style, through } = asText;
  const value = through === undefined ? column : `CAST(${column} AS ${through})`;
  return `CONVERT(varchar(${length}), ${value}${style === undefined ? '' : `, ${style}`})`;
}

/** The driver's value as its arrival holds it. */
export function arrived(
  value: unknown,
  { arrival, type, scale }: ColumnReading,
): string | number | bigint | boolean | null {
  if (value === null || value === undefined) return null;
  if (arrival === 'BIGINT') return BigInt(String(value));
  if (arrival === 'INTEGER' || arrival === 'FLOAT' || arrival === 'DOUBLE') return Number(value);
  if (arrival === 'BOOLEAN') return Boolean(value);
  if (typeof value === 'number') return value.toFixed(scale);
  if (value instanceof Date)
    return type === 'DATE' ? value.toISOString().slice(0, 10) : value.toISOString().slice(0, -1);
  return String(value);
}

/** yyyy-mm-ddThh:mi:ss.nnnnnnn */
const ISO = 126;
/** A double, which is what the driver makes of a decimal, holds so many digits. */
const DOUBLE_DIGITS = 15;
/** Sign, point, 38 digits, and a 0 before the point. */
const DECIMAL_LENGTH = 41;

function plain(arrival: Arrival): ColumnReading {
  return { arrival, type: arrival, asText: null, scale: 0 };
}

function decimal(precision: number, scale: number, through?: string): ColumnReading {
  const asText = { length: DECIMAL_LENGTH, ...(through === undefined ? {} : { through }) };
  const type = `DECIMAL(${precision},${scale})`;
  return { arrival: 'VARCHAR', type, asText: precision > DOUBLE_DIGITS ? asText : null, scale };
}

function spelled(type: string, length: number, style?: number): ColumnReading {
  return { arrival: 'VARCHAR', type, asText: { length, ...(style === undefined ? {} : { style }) }, scale: 0 };
}

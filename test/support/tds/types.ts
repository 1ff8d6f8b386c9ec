/** SQL types as text (`nvarchar(128)`) and as TYPE_INFO on the wire (MS-TDS 2.2.5.6). */

import { type Reader, u8, u16 } from './bytes.js';

export type ColumnType =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'real'
  | 'float'
  | 'smallmoney'
  | 'money'
  | 'smalldatetime'
  | 'datetime'
  | 'date'
  | 'time'
  | 'datetime2'
  | 'datetimeoffset'
  | 'uniqueidentifier'
  | `${'time' | 'datetime2' | 'datetimeoffset'}(${number})`
  | `${'decimal' | 'numeric'}(${number},${number})`
  | `${'char' | 'nchar' | 'binary'}(${number})`
  | `${'varchar' | 'nvarchar' | 'varbinary'}(${number | 'max'})`;

export interface SqlType {
  name: string;
  /** In characters or bytes, as SQL counts it; Infinity is `max`. */
  length: number;
  precision: number;
  scale: number;
}

/** SQL_Latin1_General_CP1_CI_AS, the default of SQL Server: its varchar is Windows-1252. */
export const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

const SIZED: Record<string, [id: number, size: number]> = {
  tinyint: [0x26, 1],
  smallint: [0x26, 2],
  int: [0x26, 4],
  bigint: [0x26, 8],
  bit: [0x68, 1],
  real: [0x6d, 4],
  float: [0x6d, 8],
  smallmoney: [0x6e, 4],
  money: [0x6e, 8],
  smalldatetime: [0x6f, 4],
  datetime: [0x6f, 8],
  uniqueidentifier: [0x24, 16],
};
const SCALED: Record<string, number> = { time: 0x29, datetime2: 0x2a, datetimeoffset: 0x2b };
const DECIMAL: Record<string, number> = { decimal: 0x6a, numeric: 0x6c };
const COUNTED: Record<string, number> = {
  varbinary: 0xa5,
  binary: 0xad,
  varchar: 0xa7,
  char: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
};
const LARGE: Record<string, number> = { image: 0x22, text: 0x23, ntext: 0x63 };
const DATE = 0x28;
const MAX = 0xffff;

export function parseType(text: string): SqlType {
  const match = /^\s*(\w+)\s*(?:\(\s*(\w+)\s*(?:,\s*(\d+)\s*)?\))?/.exec(text);
  if (match === null) throw new Error(`not an SQL type: ${text}`);
  const name = match[1]!.toLowerCase();
  const first = match[2]?.toLowerCase() === 'max' ? Infinity : Number(match[2] ?? Number.NaN);
  return {
    name,
    length: name in COUNTED ? (Number.isNaN(first) ? 1 : first) : 0,
    precision: name in DECIMAL ? (Number.isNaN(first) ? 18 : first) : 0,
    scale: name in DECIMAL ? Number(match[3] ?? 0) : name in SCALED ? (Number.isNaN(first) ? 7 : first) : 0,
  };
}

export function typeText({ name, length, precision, scale }: SqlType): string {
  if (name in DECIMAL) return `${name}(${precision},${scale})`;
  if (name in SCALED) return `${name}(${scale})`;
  if (name in COUNTED) return `${name}(${length === Infinity ? 'max' : length})`;
  return name;
}

export function isWide(name: string): boolean {
  return name === 'nvarchar' || name === 'nchar' || name === 'ntext';
}

export function isBinary(name: string): boolean {
  return name === 'varbinary' || name === 'binary' || name === 'image';
}

/** Counted types have two bytes of length, or PLP chunks; their declared length may be 0, for an empty parameter. */
export function isCounted(name: string): boolean {
  return name in COUNTED;
}

export function isLarge(name: string): boolean {
  return name in LARGE;
}

export function decimalSize(precision: number): number {
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

export function writeTypeInfo({ name, length, precision, scale }: SqlType): Buffer {
  const sized = SIZED[name];
  if (sized !== undefined) return Buffer.from(sized);
  if (name === 'date') return u8(DATE);
  if (name in SCALED) return Buffer.from([SCALED[name]!, scale]);
  if (name in DECIMAL) return Buffer.from([DECIMAL[name]!, decimalSize(precision), precision, scale]);
  if (!(name in COUNTED)) throw new Error(`the TDS fixture has no column type ${name}`);
  const bytes = length === Infinity ? MAX : length * (isWide(name) ? 2 : 1);
  return Buffer.concat([u8(COUNTED[name]!), u16(bytes), isBinary(name) ? Buffer.alloc(0) : COLLATION]);
}

export function readTypeInfo(reader: Reader): SqlType {
  const id = reader.u8();
  const type: SqlType = { name: '', length: 0, precision: 0, scale: 0 };
  if (id === DATE) return { ...type, name: 'date' };
  const scaled = nameOf(SCALED, id);
  if (scaled !== undefined) return { ...type, name: scaled, scale: reader.u8() };
  const decimal = nameOf(DECIMAL, id);
  if (decimal !== undefined) {
    reader.u8();
    return { ...type, name: decimal, precision: reader.u8(), scale: reader.u8() };
  }
  const counted = nameOf(COUNTED, id);
  if (counted !== undefined) {
    const bytes = reader.u16();
    if (!isBinary(counted)) reader.take(COLLATION.length);
    return { ...type, name: counted, length: bytes === MAX ? Infinity : bytes / (isWide(counted) ? 2 : 1) };
  }
  const large = nameOf(LARGE, id);
  if (large !== undefined) {
    reader.u32();
    if (!isBinary(large)) reader.take(COLLATION.length);
    return { ...type, name: large };
  }
  const size = reader.u8();
  const sized = Object.keys(SIZED).find((name) => SIZED[name]![0] === id && SIZED[name]![1] === size);
  if (sized === undefined) throw new Error(`the TDS fixture does not read type 0x${id.toString(16)} of ${size} bytes`);
  return { ...type, name: sized };
}

function nameOf(ids: Record<string, number>, id: number): string | undefined {
  return Object.keys(ids).find((name) => ids[name] === id);
}

/** Values of parameters and columns, in and out; `max` types travel in PLP chunks (MS-TDS 2.2.5.2.3). */

import { type Reader, u8, u16, u32, u64 } from './bytes.js';
import {
  readDate,
  readDecimal,
  readGuid,
  readMoney,
  readNarrow,
  writeDate,
  writeDecimal,
  writeGuid,
  writeMoney,
  writeNarrow,
} from './scalars.js';
import { isBinary, isCounted, isLarge, isWide, type SqlType } from './types.js';

/** decimal, numeric and money are text, bigint is a bigint, each date and time is a Date in UTC. */
export type TdsValue = null | string | number | bigint | boolean | Buffer | Date;

const PLP_NULL = 0xffff_ffff_ffff_ffffn;
const NULL_LENGTH = 0xffff;
const NULL_LARGE = 0xffff_ffff;
/** Drivers join what they have of a chunk each time a packet comes in: small chunks keep them linear. */
const CHUNK = 8_000;

export function readValue(reader: Reader, type: SqlType): TdsValue {
  if (type.length === Infinity) return asText(readChunks(reader), type);
  if (isLarge(type.name)) {
    const length = reader.u32();
    return length === NULL_LARGE ? null : asText(reader.take(length), type);
  }
  if (isCounted(type.name)) {
    const length = reader.u16();
    return length === NULL_LENGTH ? null : asText(reader.take(length), type);
  }
  const length = reader.u8();
  return length === 0 ? null : readScalar(reader.take(length), type);
}

export function writeValue(value: TdsValue, type: SqlType): Buffer[] {
  if (type.length === Infinity) return value === null ? [u64(PLP_NULL)] : writeChunks(toBytes(value, type));
  if (isCounted(type.name)) {
    if (value === null) return [u16(NULL_LENGTH)];
    const bytes = toBytes(value, type);
    const room = type.length * (isWide(type.name) ? 2 : 1);
    if (bytes.length > room) throw new Error(`${bytes.length} bytes do not fit ${type.name}(${type.length})`);
    return [u16(bytes.length), bytes];
  }
  if (value === null) return [u8(0)];
  const bytes = writeScalar(value, type);
  return [u8(bytes.length), bytes];
}

function readChunks(reader: Reader): Buffer | null {
  if (reader.u64() === PLP_NULL) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.u32(); length > 0; length = reader.u32()) chunks.push(reader.take(length));
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function writeChunks(bytes: Buffer): Buffer[] {
  const parts = [u64(BigInt(bytes.length))];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    parts.push(u32(chunk.length), chunk);
  }
  parts.push(u32(0));
  return parts;
}

function asText(bytes: Buffer | null, { name }: SqlType): string | Buffer | null {
  if (bytes === null || isBinary(name)) return bytes;
  return isWide(name) ? bytes.toString('utf16le') : readNarrow(bytes);
}

function toBytes(value: TdsValue, { name }: SqlType): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value !== 'string') throw new Error(`a ${typeof value} is not a ${name}`);
  if (isBinary(name)) throw new Error(`text is not a ${name}`);
  return isWide(name) ? Buffer.from(value, 'utf16le') : writeNarrow(value);
}

function readScalar(bytes: Buffer, type: SqlType): TdsValue {
  switch (type.name) {
    case 'bit':
      return bytes[0] !== 0;
    case 'tinyint':
      return bytes.readUInt8();
    case 'smallint':
      return bytes.readInt16LE();
    case 'int':
      return bytes.readInt32LE();
    case 'bigint':
      return bytes.readBigInt64LE();
    case 'real':
      return bytes.readFloatLE();
    case 'float':
      return bytes.readDoubleLE();
    case 'money':
    case 'smallmoney':
      return readMoney(bytes);
    case 'decimal':
    case 'numeric':
      return readDecimal(bytes, type.scale);
    case 'uniqueidentifier':
      return readGuid(bytes);
    default:
      return readDate(bytes, type);
  }
}

function writeScalar(value: TdsValue, type: SqlType): Buffer {
  const bytes = Buffer.alloc(8);
  switch (type.name) {
    case 'bit':
      return u8(value ? 1 : 0);
    case 'tinyint':
      return bytes.subarray(0, bytes.writeUInt8(Number(value)));
    case 'smallint':
      return bytes.subarray(0, bytes.writeInt16LE(Number(value)));
    case 'int':
      return bytes.subarray(0, bytes.writeInt32LE(Number(value)));
    case 'bigint':
      return bytes.subarray(0, bytes.writeBigInt64LE(BigInt(String(value))));
    case 'real':
      return bytes.subarray(0, bytes.writeFloatLE(Number(value)));
    case 'float':
      return bytes.subarray(0, bytes.writeDoubleLE(Number(value)));
    case 'money':
      return writeMoney(String(value), 8);
    case 'smallmoney':
      return writeMoney(String(value), 4);
    case 'decimal':
    case 'numeric':
      return writeDecimal(String(value), type);
    case 'uniqueidentifier':
      return writeGuid(String(value));
    default:
      if (!(value instanceof Date)) throw new Error(`a ${typeof value} is not a ${type.name}`);
      return writeDate(value, type);
  }
}

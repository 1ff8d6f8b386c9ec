/** The bytes of single values: dates, exact numbers, GUIDs and the text of the fixture's code page. */

import { decimalSize, type SqlType } from './types.js';

const DAY = 86_400_000;
/** Days from 0001-01-01, where date and datetime2 begin, to 1970-01-01. */
const DAYS_TO_1970 = 719_162;
/** Days from 1900-01-01, where datetime begins, to 1970-01-01. */
const DAYS_FROM_1900 = 25_567;

const windows1252 = new TextDecoder('windows-1252');
const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [windows1252.decode(Uint8Array.of(byte)), byte]));

export function readNarrow(bytes: Buffer): string {
  return windows1252.decode(bytes);
}

export function writeNarrow(text: string): Buffer {
  return Buffer.from(Array.from(text, (character) => byteOf.get(character) ?? 0x3f));
}

/** Exact numbers are text: a double would lose digits that a test may ask for. */
export function readDecimal(bytes: Buffer, scale: number): string {
  let magnitude = 0n;
  for (let at = bytes.length - 1; at > 0; at--) magnitude = magnitude * 256n + BigInt(bytes[at]!);
  return withPoint(bytes[0] === 1 ? magnitude : -magnitude, scale);
}

export function writeDecimal(value: string, { precision, scale }: SqlType): Buffer {
  let magnitude = withoutPoint(value, scale);
  const bytes = Buffer.alloc(decimalSize(precision));
  bytes[0] = magnitude < 0n ? 0 : 1;
  if (magnitude < 0n) magnitude = -magnitude;
  for (let at = 1; at < bytes.length; at++, magnitude >>= 8n) bytes[at] = Number(magnitude & 0xffn);
  return bytes;
}

export function readMoney(bytes: Buffer): string {
  if (bytes.length === 4) return withPoint(BigInt(bytes.readInt32LE()), 4);
  return withPoint((BigInt(bytes.readInt32LE(0)) << 32n) + BigInt(bytes.readUInt32LE(4)), 4);
}

export function writeMoney(value: string, size: number): Buffer {
  const units = withoutPoint(value, 4);
  const bytes = Buffer.alloc(size);
  if (size === 4) bytes.writeInt32LE(Number(units));
  else {
    bytes.writeInt32LE(Number(units >> 32n), 0);
    bytes.writeUInt32LE(Number(units & 0xffffffffn), 4);
  }
  return bytes;
}

export function readDate(bytes: Buffer, { name, scale }: SqlType): Date {
  if (name === 'smalldatetime') {
    return fromDays(bytes.readUInt16LE(0) - DAYS_FROM_1900, bytes.readUInt16LE(2) * 60_000);
  }
  if (name === 'datetime') {
    return fromDays(bytes.readInt32LE(0) - DAYS_FROM_1900, Math.round((bytes.readUInt32LE(4) * 10) / 3));
  }
  const end = bytes.length - (name === 'datetimeoffset' ? 2 : 0);
  const dateAt = name === 'time' ? end : end - 3;
  const ticks = dateAt === 0 ? 0 : bytes.readUIntLE(0, dateAt);
  const days = name === 'time' ? 0 : bytes.readUIntLE(dateAt, 3) - DAYS_TO_1970;
  return fromDays(days, Math.floor(ticks / 10 ** (scale - 3)));
}

export function writeDate(value: Date, { name, scale }: SqlType): Buffer {
  const days = Math.floor(value.getTime() / DAY);
  const milliseconds = value.getTime() - days * DAY;
  const bytes = Buffer.alloc(10);
  if (name === 'smalldatetime') {
    bytes.writeUInt16LE(days + DAYS_FROM_1900, 0);
    bytes.writeUInt16LE(Math.floor(milliseconds / 60_000), 2);
    return bytes.subarray(0, 4);
  }
  if (name === 'datetime') {
    bytes.writeInt32LE(days + DAYS_FROM_1900, 0);
    bytes.writeUInt32LE(Math.round((milliseconds * 3) / 10), 4);
    return bytes.subarray(0, 8);
  }
  let end = 0;
  if (name !== 'date') end = bytes.writeUIntLE(Math.floor(milliseconds * 10 ** (scale - 3)), 0, timeSize(scale));
  if (name !== 'time') end = bytes.writeUIntLE(days + DAYS_TO_1970, end, 3);
  if (name === 'datetimeoffset') end = bytes.writeInt16LE(0, end);
  return bytes.subarray(0, end);
}

export function readGuid(bytes: Buffer): string {
  const hex = swapped(bytes).toString('hex').toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function writeGuid(text: string): Buffer {
  return swapped(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** The first three groups of a GUID are little-endian numbers, the rest are bytes. */
function swapped(bytes: Buffer): Buffer {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Buffer.from(order.map((at) => bytes[at]!));
}

function timeSize(scale: number): number {
  return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
}

function fromDays(days: number, milliseconds: number): Date {
  return new Date(days * DAY + milliseconds);
}

function withPoint(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

function withoutPoint(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new Error(`not an exact number: ${text}`);
  const fraction = (match[3] ?? '').padEnd(scale, '0').slice(0, scale);
  return BigInt(`${match[1]}${match[2]}${fraction}`);
}

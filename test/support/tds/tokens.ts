/** The tokens of an answer (MS-TDS 2.2.7), each as its bytes. */

import { i32, shortText, text, u8, u16, u32, u64 } from './bytes.js';
import { COLLATION, parseType, type SqlType, writeTypeInfo } from './types.js';
import { type TdsValue, writeValue } from './values.js';

export interface TdsError {
  number: number;
  message: string;
  state?: number;
  /** The severity: 16 unless said; 20 and above end the connection. */
  class?: number;
  line?: number;
  procedure?: string;
}

export interface Column {
  name: string;
  type: SqlType;
  nullable: boolean;
}

export const Done = { more: 0x01, error: 0x02, inTransaction: 0x04, count: 0x10, attention: 0x20 } as const;

const DONE_TOKEN = { done: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;
export type DoneKind = keyof typeof DONE_TOKEN;

/** TDS 7.4, big-endian as LOGINACK alone has it. */
const VERSION = Buffer.from([0x74, 0x00, 0x00, 0x04]);
const SERVER_NAME = 'tds-fixture';

export function done(kind: DoneKind, status: number, count = 0): Buffer {
  return Buffer.concat([u8(DONE_TOKEN[kind]), u16(status), u16(0), u64(BigInt(count))]);
}

export function error(what: TdsError): Buffer {
  return message(0xaa, what, 16);
}

export function info(what: TdsError): Buffer {
  return message(0xab, what, 0);
}

export function columnMetadata(columns: Column[]): Buffer {
  return Buffer.concat([
    u8(0x81),
    u16(columns.length),
    ...columns.flatMap(({ name, type, nullable }) => [
      u32(0),
      u16(nullable ? 1 : 0),
      writeTypeInfo(type),
      shortText(name),
    ]),
  ]);
}

/** ROW, or NBCROW where a value is null: a bitmap says which, and they take no more room. */
export function row(columns: Column[], values: readonly TdsValue[]): Buffer[] {
  if (values.length !== columns.length) throw new Error(`${values.length} values for ${columns.length} columns`);
  const hasNulls = values.includes(null);
  const parts = [hasNulls ? nullBitmap(values) : u8(0xd1)];
  columns.forEach(({ type }, at) => {
    const value = values[at]!;
    if (value !== null || !hasNulls) parts.push(...writeValue(value, type));
  });
  return parts;
}

export function returnStatus(status: number): Buffer {
  return Buffer.concat([u8(0x79), i32(status)]);
}

export function returnValue(ordinal: number, name: string, type: SqlType, value: TdsValue): Buffer {
  const isOutputParameter = u8(1);
  const userTypeAndFlags = Buffer.alloc(6);
  return Buffer.concat([
    u8(0xac),
    u16(ordinal),
    shortText(`@${name}`),
    isOutputParameter,
    userTypeAndFlags,
    writeTypeInfo(type),
    ...writeValue(value, type),
  ]);
}

export const environment = {
  database: (now: string, before: string) => change(1, shortText(now), shortText(before)),
  packetSize: (now: number, before: number) => change(4, shortText(String(now)), shortText(String(before))),
  collation: () => change(7, bytes(COLLATION), u8(0)),
  begun: (transaction: Buffer) => change(8, bytes(transaction), u8(0)),
  committed: (transaction: Buffer) => change(9, u8(0), bytes(transaction)),
  rolledBack: (transaction: Buffer) => change(10, u8(0), bytes(transaction)),
  reset: () => change(18, u8(0), u8(0)),
};

export function loginAck(name: string, [major, minor, build]: [number, number, number]): Buffer {
  const sqlInterface = u8(1);
  return withLength(0xad, [
    sqlInterface,
    VERSION,
    shortText(name),
    Buffer.from([major, minor, build >> 8, build & 255]),
  ]);
}

/** Acknowledges the access token that a login came with; without it the driver drops the connection. */
export function federationAck(): Buffer {
  return Buffer.concat([u8(0xae), u8(0x02), u32(0), u8(0xff)]);
}

export function column(name: string, type: string, nullable = true): Column {
  return { name, type: parseType(type), nullable };
}

function message(token: number, what: TdsError, severity: number): Buffer {
  return withLength(token, [
    i32(what.number),
    u8(what.state ?? 1),
    u8(what.class ?? severity),
    text(what.message),
    shortText(SERVER_NAME),
    shortText(what.procedure ?? ''),
    i32(what.line ?? 1),
  ]);
}

function change(type: number, now: Buffer, before: Buffer): Buffer {
  return withLength(0xe3, [u8(type), now, before]);
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([u8(value.length), value]);
}

function withLength(token: number, parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(token), u16(body.length), body]);
}

function nullBitmap(values: readonly TdsValue[]): Buffer {
  const bitmap = Buffer.alloc(1 + Math.ceil(values.length / 8));
  bitmap[0] = 0xd2;
  values.forEach((value, at) => {
    if (value === null) bitmap[1 + (at >> 3)]! |= 1 << (at & 7);
  });
  return bitmap;
}

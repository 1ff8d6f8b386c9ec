/** LOGIN7 (MS-TDS 2.2.6.4): who asks, with which password or token, for what. */

import { Reader } from './bytes.js';

export interface LoginRecord {
  user: string;
  password: string;
  /** The access token of a federated login; null for a login with a password. */
  token: string | null;
  database: string;
  appName: string;
  hostName: string;
  serverName: string;
  /** The driver's name for itself. */
  clientName: string;
  language: string;
  packetSize: number;
  readOnlyIntent: boolean;
  encrypted: boolean;
}

/** Where each field's offset and length stand in the fixed part. */
const Field = {
  hostName: 36,
  user: 40,
  password: 44,
  appName: 48,
  serverName: 52,
  extension: 56,
  clientName: 60,
  language: 64,
  database: 68,
} as const;
const PACKET_SIZE = 8;
const TYPE_FLAGS = 26;
const FLAGS_3 = 27;
const READ_ONLY_INTENT = 0x20;
const EXTENSION_USED = 0x10;
const FEDERATION = 0x02;
const SECURITY_TOKEN = 0x01;
const END_OF_FEATURES = 0xff;

export function decodeLogin(body: Buffer, encrypted: boolean): LoginRecord {
  return {
    hostName: textOf(body, Field.hostName),
    user: textOf(body, Field.user),
    password: unscrambled(bytesOf(body, Field.password)).toString('utf16le'),
    token: accessToken(body),
    appName: textOf(body, Field.appName),
    serverName: textOf(body, Field.serverName),
    clientName: textOf(body, Field.clientName),
    language: textOf(body, Field.language),
    database: textOf(body, Field.database),
    packetSize: body.readUInt32LE(PACKET_SIZE),
    readOnlyIntent: (body.readUInt8(TYPE_FLAGS) & READ_ONLY_INTENT) !== 0,
    encrypted,
  };
}

function bytesOf(body: Buffer, field: number): Buffer {
  const start = body.readUInt16LE(field);
  return body.subarray(start, start + body.readUInt16LE(field + 2) * 2);
}

function textOf(body: Buffer, field: number): string {
  return bytesOf(body, field).toString('utf16le');
}

/** A password has its nibbles swapped and each byte XORed with 0xA5. */
function unscrambled(bytes: Buffer): Buffer {
  return Buffer.from(
    bytes.map((scrambled) => {
      const byte = scrambled ^ 0xa5;
      return ((byte & 0x0f) << 4) | (byte >> 4);
    }),
  );
}

function accessToken(body: Buffer): string | null {
  if (!(body.readUInt8(FLAGS_3) & EXTENSION_USED)) return null;
  const features = new Reader(body.subarray(body.readUInt32LE(body.readUInt16LE(Field.extension))));
  for (let id = features.u8(); id !== END_OF_FEATURES; id = features.u8()) {
    const data = new Reader(features.take(features.u32()));
    if (id !== FEDERATION) continue;
    const library = data.u8() >> 1;
    if (library !== SECURITY_TOKEN) throw new Error(`the TDS fixture takes access tokens only, not library ${library}`);
    return data.take(data.u32()).toString('utf16le');
  }
  return null;
}

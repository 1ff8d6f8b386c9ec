/** Zips with any content under right checksums: damage within a member would otherwise be found by its checksum alone. */

import { crc32, inflateRawSync } from 'node:zlib';

export interface Member {
  name: string;
  content: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const END_BYTES = 22;

/** The members of a whole zip, null of what is none. */
export function membersOf(zip: Buffer): Member[] | null {
  if (zip.length < END_BYTES || zip.readUInt32LE(0) !== LOCAL) return null;
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) return null;
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + (lengths[0] ?? 0));
    at += CENTRAL_BYTES + lengths.reduce((sum, length) => sum + length, 0);
    const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + packed);
    return { name, content: method === 0 ? bytes : inflateRawSync(bytes) };
  });
}

/** Stored, one behind the other, each at a multiple of 64 bytes as torch wants it. */
export function zipOf(members: Member[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content } of members) {
    const bytes = Buffer.from(name);
    const padding = Buffer.alloc((64 - ((at + LOCAL_BYTES + bytes.length + 4) % 64)) % 64);
    const extra = Buffer.concat([Buffer.from('FB'), uint16(padding.length), padding]);
    const common = [uint16(20), uint16(0x800), uint16(0), uint16(0), uint16(33), uint32(crc32(content))];
    const sizes = [uint32(content.length), uint32(content.length), uint16(bytes.length)];
    const local = [uint32(LOCAL), ...common, ...sizes, uint16(extra.length), bytes, extra, content];
    const rest = [uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(at), bytes];
    directory.push(uint32(CENTRAL), uint16(20), ...common, ...sizes, ...rest);
    parts.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const listed = Buffer.concat(directory);
  const count = uint16(members.length);
  const end = [uint32(END), uint16(0), uint16(0), count, count, uint32(listed.length), uint32(at), uint16(0)];
  return Buffer.concat([...parts, listed, ...end]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

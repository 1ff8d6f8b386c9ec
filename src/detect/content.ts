/** What a file holds, told from its bytes alone: pickle, zip, text, folder or something else. Nothing is executed. */

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PredictableError } from '../errors.js';
import { ordinary } from '../files/ordinary.js';
import { type Compression, compressionOf } from './compression.js';
import { decompressed } from './decompress.js';
import { modulesNamed } from './pickle-modules.js';
import { zipMembers } from './zip-members.js';

export type Content =
  | { container: 'pickle'; compression: Compression | undefined; modules: string[] | null; size: number }
  | { container: 'zip'; members: string[]; size: number }
  | { container: 'directory'; members: string[]; size: number }
  | { container: 'text' | 'binary'; head: string; size: number };

/** Bytes at the start that patterns may look at. */
const HEAD_BYTES = 4096;

/** Enough of a pickle to meet its first class; names of steps deeper in only help messages. */
const PICKLE_BYTES = 4 * 2 ** 20;

const PICKLE_PROTOCOLS = new Set([2, 3, 4, 5]);
const PICKLE_PROTOCOL_OPCODE = 0x80;

const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];

/** Reads at most 4 MB of the file. Throws FILE_NOT_FOUND, and CORRUPT_MODEL for an empty file. */
export async function readContent(path: string): Promise<Content> {
  const info = await ordinary(path);
  if (info.isDirectory()) return { container: 'directory', members: await readdir(path), size: await sizeOf(path) };
  const { size } = info;
  const bytes = await readHead(path, Math.min(size, HEAD_BYTES));
  if (size === 0) {
    throw new PredictableError('CORRUPT_MODEL', `${path} is empty`, { hint: 'Save the model again.' });
  }
  if (startsWith(bytes, ZIP_MAGIC)) return { container: 'zip', members: await zipMembers(path), size };
  if (isPickle(bytes)) {
    const modules = modulesNamed(await readHead(path, Math.min(size, PICKLE_BYTES)));
    return { container: 'pickle', compression: undefined, modules, size };
  }
  return (await compressedPickle(path, bytes, size)) ?? plain(bytes, size);
}

/** The bytes of all files within. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const infos = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return infos.reduce((total, { size }) => total + size, 0);
}

async function compressedPickle(path: string, head: Buffer, size: number): Promise<Content | undefined> {
  const compression = compressionOf(head);
  if (compression === undefined) return undefined;
  const bytes = await firstBytes(decompressed(path, compression), PICKLE_BYTES);
  if (isPickle(bytes)) return { container: 'pickle', compression, modules: modulesNamed(bytes), size };
  // A text that begins with an "x", for one, is no zlib stream; what nothing here can open may still be a pickle.
  if (bytes.length > 0 || compression.unmistakable !== true) return undefined;
  return { container: 'pickle', compression, modules: null, size };
}

async function firstBytes(chunks: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

function plain(head: Buffer, size: number): Content {
  const text = head.toString('latin1');
  // Control characters other than white space do not occur in text.
  const binary = [...head].some((byte) => byte < 9 || (byte > 13 && byte < 32));
  return { container: binary ? 'binary' : 'text', head: text, size };
}

function isPickle(bytes: Buffer): boolean {
  return bytes[0] === PICKLE_PROTOCOL_OPCODE && PICKLE_PROTOCOLS.has(bytes[1] ?? -1);
}

function startsWith(bytes: Buffer, magic: number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

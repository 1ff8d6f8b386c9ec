/** What a file holds, told from its bytes alone: pickle, zip, text, folder or something else. Nothing is executed. */

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { PredictableError } from '../errors.js';
import { modulesNamed } from './pickle-modules.js';
import { zipMembers } from './zip-members.js';

export type Content =
  | { container: 'pickle'; compression: string | null; modules: string[] | null; size: number }
  | { container: 'zip'; members: string[]; size: number }
  | { container: 'directory'; members: string[]; size: number }
  | { container: 'text' | 'binary'; head: string; size: number };

/** Bytes at the start that patterns may look at. */
const HEAD_BYTES = 4096;

/** Enough of a pickle to meet its first class; names of steps deeper in only help messages. */
const PICKLE_BYTES = 4 * 2 ** 20;

const PICKLE_PROTOCOLS = new Set([2, 3, 4, 5]);
const PICKLE_PROTOCOL_OPCODE = 0x80;

/** Magic bytes of the compressions that joblib writes; Node can open the first two. */
const COMPRESSIONS: { name: string; magic: number[]; inflate?: (bytes: Buffer) => Buffer }[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], inflate: (bytes) => zlib.gunzipSync(bytes, PARTIAL) },
  { name: 'zlib', magic: [0x78], inflate: (bytes) => zlib.inflateSync(bytes, PARTIAL) },
  { name: 'bz2', magic: [0x42, 0x5a, 0x68] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'lzma', magic: [0x5d, 0x00, 0x00] },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
];
const PARTIAL = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: 16 * PICKLE_BYTES } as const;

const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];

/** Reads at most 4 MB of the file. Throws FILE_NOT_FOUND, and CORRUPT_MODEL for an empty file. */
export async function readContent(path: string): Promise<Content> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new PredictableError('FILE_NOT_FOUND', `there is no file ${path}`, { hint: 'Check the path.', cause });
  });
  if (info.isDirectory()) return { container: 'directory', members: await readdir(path), size: await sizeOf(path) };
  const { size } = info;
  const bytes = await readHead(path, Math.min(size, PICKLE_BYTES));
  if (size === 0) {
    throw new PredictableError('CORRUPT_MODEL', `${path} is empty`, { hint: 'Save the model again.' });
  }
  if (startsWith(bytes, ZIP_MAGIC)) return { container: 'zip', members: await zipMembers(path), size };
  if (isPickle(bytes)) return { container: 'pickle', compression: null, modules: modulesNamed(bytes), size };
  return compressedPickle(bytes, size) ?? plain(bytes.subarray(0, HEAD_BYTES), size);
}

/** The bytes of all files within. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const infos = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return infos.reduce((total, { size }) => total + size, 0);
}

function compressedPickle(bytes: Buffer, size: number): Content | undefined {
  const compression = COMPRESSIONS.find(({ magic }) => startsWith(bytes, magic));
  if (compression === undefined) return undefined;
  if (compression.inflate === undefined) {
    return { container: 'pickle', compression: compression.name, modules: null, size };
  }
  try {
    const inflated = compression.inflate(bytes);
    if (!isPickle(inflated)) return undefined;
    return { container: 'pickle', compression: compression.name, modules: modulesNamed(inflated), size };
  } catch {
    // A text that begins with an "x", for one, is no zlib stream.
    return undefined;
  }
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

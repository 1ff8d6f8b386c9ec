/** sha256 over files, folders and rows. Synchronous: a thousand small files are read several times faster so. */

import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from '../rows/frame.js';

/** Files are read through one buffer: a new one for each of thousands would cost more than the reading. */
const CHUNK = Buffer.allocUnsafe(2 ** 20);

/** The sha256 of a file, in hexadecimal; undefined when there is none. */
export function sha256OfFileNow(file: string): string | undefined {
  try {
    return sha256((hash) => addFile(hash, file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return undefined;
    throw error;
  }
}

/** In hexadecimal, over what `fill` adds. */
export function sha256(fill: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  fill(hash);
  return hash.digest('hex');
}

/** Each by its name and content, and as what it counts. */
export function addFiles(hash: Hash, as: string, files: string[]): void {
  for (const file of files) {
    hash.update(`${as} ${path.basename(file)}\n`);
    addPath(hash, file);
  }
}

/** A file, a folder, or the fact that there is none. */
export function addPath(hash: Hash, file: string): void {
  const info = statSync(file, { throwIfNoEntry: false });
  if (info === undefined) {
    hash.update('none\n');
  } else if (info.isDirectory()) {
    for (const name of readdirSync(file).sort()) {
      hash.update(`${name}\n`);
      addPath(hash, path.join(file, name));
    }
  } else if (info.isFile()) {
    hash.update(`${info.size}\n`);
    addFile(hash, file);
  }
}

function addFile(hash: Hash, file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    addDescriptor(hash, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function addDescriptor(hash: Hash, descriptor: number): void {
  for (let read = readSync(descriptor, CHUNK); read > 0; read = readSync(descriptor, CHUNK)) {
    hash.update(CHUNK.subarray(0, read));
  }
}

export function addFrame(hash: Hash, { rows, columns }: Frame): void {
  hash.update(`${rows}\n`);
  for (const { name, type, values } of columns) {
    hash.update(`${JSON.stringify(name)} ${type}\n`);
    if (Array.isArray(values)) hash.update(JSON.stringify(values));
    else hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
}

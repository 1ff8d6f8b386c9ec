/** The bytes beneath joblib's compressions, as a stream: Node opens some itself, Python's own library the others. */

import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { passedOn, pythonFolder } from '../bridge/interpreter-variables.js';
import { findInterpreters } from '../environments/interpreters.js';
import type { Compression } from './compression.js';

const SCRIPT = path.join(pythonFolder, 'predictable_bridge', 'decompress.py');

/** Read at once: a scan is as fast as the disk from here on. */
const CHUNK_BYTES = 2 ** 20;

/**
 * The file's bytes without their compression. Ends early, without an error, where the stream is damaged or cut off, or
 * when there is nothing to open it with: what has come until then is all that can be told of the file.
 */
export async function* decompressed(file: string, compression: Compression | undefined): AsyncGenerator<Buffer> {
  const opened = await open(file, compression);
  if (opened === undefined) return;
  const { stream, close } = opened;
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch {
    // Damaged or cut off; whoever loads the file says so better.
  } finally {
    close();
  }
}

interface Opened {
  stream: Readable;
  close: () => void;
}

async function open(file: string, compression: Compression | undefined): Promise<Opened | undefined> {
  if (compression?.opener === 'python') return openWithPython(file);
  const raw = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  if (compression === undefined) return { stream: raw, close: () => raw.destroy() };
  if (compression.opener === undefined) {
    raw.destroy();
    return undefined;
  }
  const inflate =
    compression.opener === 'gunzip'
      ? createGunzip({ chunkSize: CHUNK_BYTES })
      : createInflate({ chunkSize: CHUNK_BYTES });
  raw.on('error', (error) => inflate.destroy(error));
  return { stream: raw.pipe(inflate), close: () => [raw, inflate].forEach((each) => void each.destroy()) };
}

async function openWithPython(file: string): Promise<Opened | undefined> {
  const [newest] = await findInterpreters();
  if (newest === undefined) return undefined;
  const child = spawn(newest.path, ['-I', '-S', SCRIPT, path.resolve(file)], {
    env: passedOn(process.env),
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.on('error', (error) => child.stdout.destroy(error));
  return { stream: child.stdout, close: () => void child.kill('SIGKILL') };
}

/** JSON that nests deeply ends the whole process in DuckDB's parser: its brackets are counted before. */

import { createReadStream } from 'node:fs';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

export const DEEPEST_JSON = 100;

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** By ending: what unpacks it here. Node knows zstd from 22.15 on. */
const UNPACKING: Record<string, (() => Transform) | undefined> = {
  '.gz': zlib.createGunzip,
  '.zst': 'createZstdDecompress' in zlib ? (zlib.createZstdDecompress as () => Transform) : undefined,
};

/** `compression`: the file's ending, empty where it is plain. Null where this Node can't look into it. */
export async function isShallowJson(file: string, compression: string): Promise<boolean | null> {
  const depth = new Depth();
  const plain = createReadStream(file, { highWaterMark: 2 ** 20 });
  const unpacking = compression === '' ? undefined : UNPACKING[compression];
  if (compression !== '' && unpacking === undefined) return null;
  const bytes = unpacking === undefined ? plain : plain.pipe(unpacking());
  plain.on('error', (error) => bytes.destroy(error));
  for await (const chunk of bytes) if (depth.after(chunk as Buffer) > DEEPEST_JSON) return false;
  return true;
}

/** Of JSON that is a text in memory already. */
export function isShallowText(json: string): boolean {
  return new Depth().after(Buffer.from(json)) <= DEEPEST_JSON;
}

class Depth {
  #open = 0;
  #quoted = false;
  #escaped = false;

  /** The deepest so far. A line break ends a text, which may hold none: what follows is a row of its own. */
  after(chunk: Buffer): number {
    let deepest = this.#open;
    for (const byte of chunk) {
      if (byte === NEWLINE) this.#quoted = this.#escaped = false;
      else if (this.#escaped) this.#escaped = false;
      else if (byte === QUOTE) this.#quoted = !this.#quoted;
      else if (byte === BACKSLASH) this.#escaped = this.#quoted;
      else if (this.#quoted) continue;
      else if (OPENING.has(byte)) deepest = Math.max(deepest, ++this.#open);
      else if (CLOSING.has(byte)) this.#open = Math.max(0, this.#open - 1);
    }
    return deepest;
  }
}

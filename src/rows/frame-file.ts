/**
 * A frame on disk, as it crosses to a converter's interpreter and back: `<base>.json` says rows, names and types and
 * holds the text columns; `<base>.bin` holds the numeric columns one after the other, little-endian, each padded to 8 bytes.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { named } from '../files/named.js';
import type { Frame, FrameColumn } from './frame.js';

const headerSchema = z.object({
  rows: z.number().int().nonnegative(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['float', 'double', 'int32', 'int64', 'bool', 'string']),
      values: z.array(z.string().nullable()).optional(),
    }),
  ),
});

const ALIGNMENT = 8;

/** Writes `<base>.json` and `<base>.bin`. */
export async function writeFrame(base: string, frame: Frame): Promise<void> {
  const parts: Uint8Array[] = [];
  for (const { values } of frame.columns) {
    if (Array.isArray(values)) continue;
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    parts.push(new Uint8Array(padding(values.byteLength)));
  }
  const columns = frame.columns.map(({ name, type, values }) =>
    Array.isArray(values) ? { name, type, values } : { name, type },
  );
  await named(base, async () => {
    await writeFile(`${base}.bin`, Buffer.concat(parts));
    await writeFile(`${base}.json`, JSON.stringify({ rows: frame.rows, columns }));
  });
}

/** Reads what writeFrame, or the Python side, wrote. */
export async function readFrame(base: string): Promise<Frame> {
  const header = headerSchema.parse(JSON.parse(await readFile(`${base}.json`, 'utf8')));
  const bytes = await readFile(`${base}.bin`);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let offset = 0;
  const take = (width: number): [ArrayBuffer, number, number] => {
    const start = offset;
    offset += header.rows * width + padding(header.rows * width);
    return [buffer, start, header.rows];
  };
  const columns = header.columns.map(
    ({ name, type, values }): FrameColumn =>
      type === 'string' ? { name, type, values: values ?? [] } : numbers(name, type, take),
  );
  return { rows: header.rows, columns };
}

function numbers(
  name: string,
  type: Exclude<FrameColumn['type'], 'string'>,
  take: (width: number) => [ArrayBuffer, number, number],
): FrameColumn {
  switch (type) {
    case 'float':
      return { name, type, values: new Float32Array(...take(4)) };
    case 'double':
      return { name, type, values: new Float64Array(...take(8)) };
    case 'int32':
      return { name, type, values: new Int32Array(...take(4)) };
    case 'int64':
      return { name, type, values: new BigInt64Array(...take(8)) };
    case 'bool':
      return { name, type, values: new Uint8Array(...take(1)) };
  }
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}

/** Writes a file so that a reader sees the old one or the new one, never half of it. */

import { rename, rm, writeFile } from 'node:fs/promises';

export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A folder of files for one test, which goes afterwards. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type ConverterManifest, readManifests } from '../../../src/converters/manifest.js';

/** Bytes that detection takes for a pickle of scikit-learn's. */
export const PICKLE = Buffer.from('\x80\x04csklearn.linear_model._base\nLinearRegression\n.', 'latin1');
export const LIGHTGBM = 'tree\nversion=v4\n';

let read: Promise<ConverterManifest[]> | undefined;
export function manifests(): Promise<ConverterManifest[]> {
  read ??= readManifests();
  return read;
}

/** `files`: contents by paths; null makes a folder. */
export async function zooFolder(files: Record<string, string | Buffer | null>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zoo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(content === null ? file : path.dirname(file), { recursive: true });
    if (content !== null) await writeFile(file, content);
  }
  return folder;
}

/** A model's files in the run's folder: those of its last result, and no others. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Evidence } from '../convert/evidence.js';
import { writeWhole } from '../files/write-whole.js';
import { sha256OfFileNow } from './hashing.js';
import type { ModelResult } from './results.js';
import type { RunFolder } from './run-folder.js';

/** Removes what an earlier result left: a model that now fails must not lie there as if it had not. */
export async function forget(folder: RunFolder, name: string): Promise<void> {
  await Promise.all(filesOf(name).map((file) => rm(path.join(folder.root, file), { force: true })));
}

/** Writes the evidence, and returns every file that there is of the result, with its sha256. */
export async function keep(
  folder: RunFolder,
  { name }: ModelResult,
  evidence?: Evidence,
): Promise<Record<string, string>> {
  if (evidence !== undefined) await writeWhole(path.join(folder.evidence, `${name}.json`), JSON.stringify(evidence));
  const kept = filesOf(name).flatMap((file) => {
    const sha256 = sha256OfFileNow(path.join(folder.root, file));
    return sha256 === undefined ? [] : [[file, sha256] as const];
  });
  return Object.fromEntries(kept);
}

/** Relative to the run's folder, with `/`. */
function filesOf(name: string): string[] {
  return [`models/${name}.onnx`, `models/${name}.json`, `models/${name}.sig`, `evidence/${name}.json`];
}

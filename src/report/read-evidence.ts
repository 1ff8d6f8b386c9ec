/** The evidence of a model, where the run kept any that this version understands. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunFolder } from '../batch/run-folder.js';
import { type Evidence, evidenceSchema } from '../convert/evidence.js';

export async function readEvidence(folder: RunFolder, name: string): Promise<Evidence | null> {
  const text = await readFile(path.join(folder.evidence, `${name}.json`), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { success, data } = evidenceSchema.safeParse(JSON.parse(text));
    return success ? data : null;
  } catch {
    // Half a file, of a run that was killed: the page says that there is none.
    return null;
  }
}

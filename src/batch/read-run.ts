/** What a run's folder says of the run: its results, or, of one that is going on or was killed, its journal. */

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { mustNotBeSpecial, ordinary } from '../files/ordinary.js';
import { readJournal } from './journal.js';
import { type BatchDocument, batchDocumentSchema } from './results.js';
import { type RunFolder, runFolder } from './run-folder.js';
import { totalsOf } from './totals.js';

const HINT = 'Name the folder that `predictable batch … -o FOLDER` wrote.';

/** Throws FILE_NOT_FOUND for a folder without a run, PERMISSION_DENIED for one that may not be read. */
export async function readRun(root: string): Promise<BatchDocument> {
  const folder = runFolder(root);
  await ordinary(root, HINT);
  await named(root, () => readdir(root));
  for (const file of [folder.results, folder.journal]) await mustNotBeSpecial(file);
  const written = readAs(batchDocumentSchema, folder.results);
  if (written !== undefined) return written;
  const journal = readJournal(folder.journal);
  if (journal === undefined) {
    throw new PredictableError('FILE_NOT_FOUND', `${root} holds no run`, {
      hint: HINT,
    });
  }
  const { run, results } = journal;
  return {
    schema: 1,
    run: { ...run, totals: totalsOf(Math.max(run.totals.models, results.length), results) },
    results,
  };
}

const lastRunSchema = z.object({
  run: z.object({ finished: z.boolean() }),
  results: z.array(z.object({ name: z.string() })),
});
export type LastRun = z.infer<typeof lastRunSchema>;

/** As much of `results.json` as tells whether it was about the same models; undefined when there is none that can be read. */
export function readLastRun({ results }: RunFolder): LastRun | undefined {
  return readAs(lastRunSchema, results);
}

function readAs<T>(schema: z.ZodType<T>, file: string): T | undefined {
  return existsSync(file) ? schema.safeParse(parsed(readFileSync(file, 'utf8'))).data : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a run's folder says of the run: its results, or, of one that is going on or was killed, its journal. */

import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { readJournal } from './journal.js';
import { type BatchDocument, batchDocumentSchema } from './results.js';
import { type RunFolder, runFolder } from './run-folder.js';
import { totalsOf } from './totals.js';

/** Throws FILE_NOT_FOUND for a folder without a run. */
export async function readRun(root: string): Promise<BatchDocument> {
  const folder = runFolder(root);
  const written = readResults(folder);
  if (written !== undefined) return written;
  const journal = readJournal(folder.journal);
  if (journal === undefined) {
    throw new PredictableError('FILE_NOT_FOUND', `${root} holds no run`, {
      hint: 'Name the folder that `predictable batch … -o FOLDER` wrote.',
    });
  }
  const { run, results } = journal;
  return {
    schema: 1,
    run: { ...run, totals: totalsOf(Math.max(run.totals.models, results.length), results) },
    results,
  };
}

/** `results.json`, which a run writes at its end; undefined when there is none that can be read. */
export function readResults({ results }: RunFolder): BatchDocument | undefined {
  if (!existsSync(results)) return undefined;
  return batchDocumentSchema.safeParse(parsed(readFileSync(results, 'utf8'))).data;
}

const lastRunSchema = z.object({
  run: z.object({ finished: z.boolean() }),
  results: z.array(z.object({ name: z.string() })),
});
export type LastRun = z.infer<typeof lastRunSchema>;

/** As much of it as tells whether it was about the same models. */
export function readLastRun({ results }: RunFolder): LastRun | undefined {
  if (!existsSync(results)) return undefined;
  return lastRunSchema.safeParse(parsed(readFileSync(results, 'utf8'))).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

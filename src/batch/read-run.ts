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
  const written = readAs(batchDocumentSchema, folder.results);
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

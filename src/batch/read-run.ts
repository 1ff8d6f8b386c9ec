/** What a run's folder says of the run: its results, or, of one that is going on or was killed, its journal. */

import { existsSync, readFileSync } from 'node:fs';
import { PredictableError } from '../errors.js';
import { readJournal } from './journal.js';
import { type BatchDocument, batchDocumentSchema } from './results.js';
import { runFolder } from './run-folder.js';
import { totalsOf } from './totals.js';

/** Throws FILE_NOT_FOUND for a folder without a run. */
export async function readRun(root: string): Promise<BatchDocument> {
  const folder = runFolder(root);
  if (existsSync(folder.results)) {
    const read = batchDocumentSchema.safeParse(parsed(readFileSync(folder.results, 'utf8')));
    if (read.success) return read.data;
  }
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

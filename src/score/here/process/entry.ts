/** Entry of a scoring process: scores one part at a time. */

import { asPredictableError, type ErrorDocument } from '../../../errors.js';
import { type Part, scorePart } from './part.js';
import type { PolicyCounts } from './policy-counts.js';
import { ReadingError, RefusedRow } from './read-batches.js';

export type ScoringRequest = { part: Part } | { stop: true };

export type ScoringReply =
  | { rows: number }
  | { counts: PolicyCounts }
  | { stopped: true }
  /** A row must be refused. */
  | { refused: true }
  /** What DuckDB says of the data. */
  | { unreadable: string }
  | { error: ErrorDocument };

class Stopped extends Error {}

let stop = false;

process.on('message', async (request: ScoringRequest) => {
  if ('stop' in request) {
    stop = true;
    return;
  }
  stop = false;
  reply(await score(request.part));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal: the parent hears it too, and says what is to be done.
process.on('SIGINT', () => {});

function reply(message: ScoringReply): void {
  process.send?.(message);
}

async function score(part: Part): Promise<ScoringReply> {
  try {
    const counts = await scorePart(part, (rows) => {
      if (stop) throw new Stopped();
      reply({ rows });
    });
    return { counts };
  } catch (error) {
    if (error instanceof Stopped) return { stopped: true };
    if (error instanceof RefusedRow) return { refused: true };
    if (error instanceof ReadingError) return { unreadable: error.message };
    return { error: asPredictableError(error).toJSON() };
  }
}

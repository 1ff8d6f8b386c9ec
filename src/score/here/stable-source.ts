/** A source that gives the same rows in the same order each time: keys are read after the predictions are made. */

import { stat } from 'node:fs/promises';
import { PredictableError } from '../../errors.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { readingFailed, type Source } from '../../rows/source.js';

type StableSource = Source & {
  /** Throws COLUMN_MISMATCH when the file was written to since it was opened. */
  mustBeUnchanged(): Promise<void>;
};

/** Files and tables are read twice in their own order; a view, which may answer otherwise each time, is copied first. */
export async function stableSource(duckdb: Duckdb, source: Source): Promise<StableSource> {
  if (source.kind === 'table') {
    return { ...(source.view ? await copied(duckdb, source) : source), mustBeUnchanged: async () => {} };
  }
  const before = await stat(source.title);
  return {
    ...source,
    async mustBeUnchanged() {
      const now = await stat(source.title);
      if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
      throw new PredictableError('COLUMN_MISMATCH', `${source.title} was changed while it was scored`, {
        hint: 'Run it again when nothing writes to it.',
      });
    },
  };
}

async function copied(duckdb: Duckdb, source: Source): Promise<Source> {
  const relation = `rows_${duckdb.nextName()}`;
  try {
    await duckdb.connection.run(`CREATE TABLE ${relation} AS SELECT * FROM ${source.relation}`);
  } catch (error) {
    throw readingFailed(source, error);
  }
  return { ...source, relation };
}

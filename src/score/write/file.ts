/** A result as a file: written beside its place and renamed when complete. */

import path from 'node:path';
import { PredictableError } from '../../errors.js';
import { replaceWhole } from '../../files/write-whole.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { text } from '../../rows/duckdb-text.js';

const FORMATS: Record<string, string> = {
  '.csv': 'FORMAT csv, HEADER',
  '.tsv': "FORMAT csv, HEADER, DELIMITER '\t'",
  '.parquet': 'FORMAT parquet',
  '.json': 'FORMAT json, ARRAY true',
  '.jsonl': 'FORMAT json',
};

/** DuckDB's options for the file. Throws USAGE for a file of an unknown kind. */
export function fileFormat(file: string): string {
  const format = FORMATS[path.extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new PredictableError('USAGE', `${file}: its ending does not say which kind of file to write`, {
    hint: `Use one of ${Object.keys(FORMATS).join(', ')}.`,
  });
}

/** Whether the file's kind has types: in CSV everything is text. */
export function hasTypes(file: string): boolean {
  return !fileFormat(file).includes('csv');
}

/** Throws, besides what the query throws, what `replaceWhole` does. */
export async function writeFileOutput(duckdb: Duckdb, file: string, select: string): Promise<void> {
  await replaceWhole(file, (temporary) =>
    duckdb.connection.run(`COPY (${select}) TO ${text(path.resolve(temporary))} (${fileFormat(file)})`),
  );
}

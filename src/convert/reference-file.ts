/** Predictions that the user wrote down, for originals that cannot be run here: `model.reference.csv` beside the model. */

import { PredictableError } from '../errors.js';
import type { Frame } from '../rows/frame.js';
import type { Signature } from '../signature.js';
import { expectedColumn } from '../verify/compare.js';

/** Throws MISSING_SAMPLE without rows that they belong to, and COLUMN_MISMATCH unless there is one number a row and output. */
export function mustFitReference(
  file: Frame,
  rows: Frame,
  rowsSource: 'sample' | 'synthetic',
  signature: Signature,
): void {
  if (rowsSource !== 'sample') {
    throw new PredictableError(
      'MISSING_SAMPLE',
      'there are expected predictions beside the model, but not the rows they are for',
      {
        hint: 'Put the rows beside them as <name>.sample.csv, or name them with --sample.',
      },
    );
  }
  if (file.rows !== rows.rows) {
    throw new PredictableError(
      'COLUMN_MISMATCH',
      `the reference has ${file.rows} rows, but ${rows.rows} rows of the sample can be predicted`,
      { hint: 'Both need the same rows in the same order, without missing values where the model takes none.' },
    );
  }
  const missing = signature.outputs.filter((output) => expectedColumn(file, output) === undefined);
  if (missing.length === 0) return;
  throw new PredictableError(
    'COLUMN_MISMATCH',
    `the reference has no column ${missing.map(({ name }) => name).join(', ')}`,
    {
      hint: 'Name its columns as the outputs of the model, or convert only those that it has: --outputs a,b.',
      details: { found: file.columns.map(({ name }) => name), outputs: signature.outputs.map(({ name }) => name) },
    },
  );
}

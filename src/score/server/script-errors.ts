/** What a scoring script says when it stops, and what PREDICT says, as our errors. */

import { type ErrorCode, PredictableError } from '../../errors.js';
import { predictError } from '../../server/errors.js';
import { ERRORS } from '../../sql/throw.js';

/** `thrown`: of the server, whose name `place` is. What is no error of the script or of PREDICT comes back as it is. */
export function scriptError(place: string, thrown: unknown): unknown {
  const error = predictError(place, thrown);
  if (!(error instanceof PredictableError)) return error;
  const found = RAISED.find(({ number }) => number === error.details?.number);
  if (found === undefined) return error;
  const refusal = found.number === ERRORS.refused ? REFUSALS.find(({ says }) => says.test(error.message)) : undefined;
  const { code, hint } = refusal ?? found;
  return new PredictableError(code, error.message, { hint, details: error.details, cause: error });
}

const FIT = 'Correct the values, leave those rows out, or map another column with --map column=input.';

const RAISED: { number: number; code: ErrorCode; hint: string }[] = [
  { number: ERRORS.missing, code: 'MODEL_NOT_FOUND', hint: 'predictable list shows what there is.' },
  { number: ERRORS.changed, code: 'CHECKSUM_MISMATCH', hint: 'predictable check looks at all models.' },
  { number: ERRORS.signature, code: 'SIGNATURE_CHANGED', hint: 'Run it again: the alias was moved meanwhile.' },
  { number: ERRORS.noTable, code: 'FILE_NOT_FOUND', hint: 'Create the table with those columns, or choose another.' },
  { number: ERRORS.refused, code: 'COLUMN_MISMATCH', hint: FIT },
];

/** The script has one number for all reasons to refuse a row; its text says which. */
const REFUSALS: { says: RegExp; code: ErrorCode; hint: string }[] = [
  {
    says: /has NULL, and the model takes none/,
    code: 'NULL_VALUE',
    hint: 'Fill the values in or leave those rows out; or convert the model again with --on-null.',
  },
  {
    says: /has a value that the model does not know/,
    code: 'UNKNOWN_CATEGORY',
    hint: 'Correct the values; or convert the model again with --on-unknown null or zeros.',
  },
];

/** What a SQL server or its driver says, as our errors: by number where there is one, by message where a server has its own numbers. */

import { type ErrorCode, PredictableError } from '../errors.js';

/** What the driver's errors have in common; everything else about them is read only here. */
interface ServerFault {
  /** The server's error number; null when the server said nothing. */
  number: number | null;
  /** The driver's word for it, e.g. `ETIMEOUT`. */
  code: string;
  message: string;
}

/** Deadlock victim, lock time-out, snapshot conflict, and Azure's "try again". */
const TRANSIENT = new Set([1205, 1222, 3960, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920]);
const LOST = new Set(['ESOCKET', 'ECONNCLOSED', 'ECONNRESET', 'EPIPE']);

const NUMBERS: Record<number, { code: ErrorCode; hint: string }> = {
  18456: { code: 'LOGIN_FAILED', hint: 'Check user and password, and that the login may use this database.' },
  18452: {
    code: 'LOGIN_FAILED',
    hint: 'The server takes no such login: give a user of the server, or authentication=entra.',
  },
  4060: { code: 'LOGIN_FAILED', hint: 'Check the name of the database, and that the login may use it.' },
  39050: { code: 'OUT_OF_MEMORY', hint: 'Score fewer rows at once, or locally: --engine local.' },
  39051: {
    code: 'CORRUPT_MODEL',
    hint: 'Register the model again; a model for a newer engine looks like this too: predictable inspect says what it needs.',
  },
  39052: { code: 'UNSUPPORTED_MODEL', hint: 'predictable inspect says which engines take the model.' },
  39093: { code: 'UNSUPPORTED_TYPE', hint: 'PREDICT takes no (max) types. Select fewer --keys, or cast it in a view.' },
  39094: { code: 'MODEL_TOO_LARGE', hint: 'Make the model smaller, or score it locally: --engine local.' },
  39096: {
    code: 'COLUMN_MISMATCH',
    hint: 'The outputs are not those of the model. Write the script again: predictable sql.',
  },
  39097: { code: 'UNSUPPORTED_TYPE', hint: 'PREDICT takes no such column. Select fewer --keys, or cast it in a view.' },
};

/** 229 execute or select, 230 column, 262 create, 297 and 300 server rights, 916 database, 2760 schema. */
const DENIED = new Set([229, 230, 262, 297, 300, 916, 2760, 15247]);

/** The driver's error taken apart, or null when it is none of its. */
function faultOf(error: unknown): ServerFault | null {
  if (error instanceof PredictableError || !(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const number = numberOf(error) ?? ('originalError' in error ? numberOf(error.originalError) : null);
  return code === '' && number === null ? null : { number, code, message: error.message };
}

/** Errors of a transaction's end have the server's number one level down. */
function numberOf(error: unknown): number | null {
  const known = typeof error === 'object' && error !== null && 'number' in error ? error.number : null;
  return typeof known === 'number' ? known : null;
}

/** The same statements may succeed when they are sent again, and the server has undone what they did. */
export function isTransient(error: unknown): boolean {
  const fault = faultOf(error);
  if (fault === null) return false;
  return fault.number !== null ? TRANSIENT.has(fault.number) || /deadlock/i.test(fault.message) : false;
}

/** The connection went away: whether the last statement was carried out is not known. */
export function isLost(error: unknown): boolean {
  const fault = faultOf(error);
  return fault !== null && fault.number === null && LOST.has(fault.code);
}

/** Two clients inserted the same key. */
export function isDuplicate(error: unknown): boolean {
  const fault = faultOf(error);
  return fault !== null && (fault.number === 2627 || fault.number === 2601 || /duplicate key/i.test(fault.message));
}

/** The server does not understand the statement: 102 and 156 of SQL Server, any number of another. */
function isSyntax(error: unknown): boolean {
  const fault = faultOf(error);
  return (
    fault !== null &&
    fault.number !== null &&
    (fault.number === 102 || fault.number === 156 || /syntax error|incorrect syntax/i.test(fault.message))
  );
}

/** `place` is the server as the user named it, without secrets. What is no error of the driver comes back as it is. */
export function serverError(place: string, error: unknown): unknown {
  const fault = faultOf(error);
  if (fault === null) return error;
  const { number, message } = fault;
  if (number === null) return driverError(place, fault, error);
  const known = knownNumber(fault);
  const options = { hint: known.hint, details: { server: place, number }, cause: error };
  return new PredictableError(known.code, `${place}: ${message} (error ${number})`, options);
}

/** The same for a statement with PREDICT: one that the server cannot even read says that there is no PREDICT (102). */
export function predictError(place: string, thrown: unknown): unknown {
  const error = driverCause(thrown);
  const fault = faultOf(error);
  if (fault === null || !(isSyntax(error) || WITHOUT_ONNX.has(fault.number ?? 0))) return serverError(place, thrown);
  return new PredictableError('NO_ONNX_PREDICT', `${place} has no PREDICT with ONNX: ${fault.message}`, {
    hint: 'Score its rows with --engine local. predictable doctor --registry says which engine it is.',
    details: { server: place, number: fault.number },
    cause: error,
  });
}

/** 39054: no such RUNTIME; 39099: not implemented. */
const WITHOUT_ONNX = new Set([39054, 39099]);

/** The driver's error, also when it was made one of ours already. */
function driverCause(thrown: unknown): unknown {
  return thrown instanceof PredictableError && faultOf(thrown.cause) !== null ? thrown.cause : thrown;
}

function knownNumber({ number, message }: ServerFault): { code: ErrorCode; hint: string } {
  const known = NUMBERS[number ?? 0];
  if (known !== undefined) return known;
  if (DENIED.has(number ?? 0) || /permission denied|permission was denied|must be owner/i.test(message)) {
    return {
      code: 'PERMISSION_DENIED',
      hint: 'Ask the owner of the database for that right: docs/dba.md lists what each role needs.',
    };
  }
  if (/could not (allocate|extend)|disk full|no space left/i.test(message) || number === 1105 || number === 9002) {
    return { code: 'DISK_FULL', hint: 'Free some space in the database and its log; nothing was written.' };
  }
  if (TRANSIENT.has(number ?? 0)) return { code: 'REGISTRY_LOCKED', hint: 'Others are writing there. Run it again.' };
  return { code: 'SERVER_ERROR', hint: 'The message is the server’s own; nothing was written.' };
}

function driverError(place: string, { code, message }: ServerFault, cause: unknown): PredictableError {
  const options = (hint: string) => ({ hint, details: { server: place }, cause });
  if (code === 'ELOGIN') {
    return new PredictableError('LOGIN_FAILED', `${place}: ${message}`, options(NUMBERS[18456]?.hint ?? ''));
  }
  if (code === 'ECANCEL') return new PredictableError('CANCELLED', `${place}: interrupted`, { cause });
  if (/certificate|self[- ]signed|SSL|TLS|no encryption/i.test(message)) {
    const hint =
      'Give its authority with ?ca=FILE; for a server of your own, ?trustServerCertificate=true takes it unchecked.';
    return new PredictableError('REGISTRY_UNREACHABLE', `${place}: no secure connection: ${message}`, options(hint));
  }
  if (LOST.has(code) || code === 'EINSTLOOKUP' || code === 'ETIMEOUT' || code === 'ENOCONN' || code === 'ENOTOPEN') {
    const hint =
      code === 'ETIMEOUT'
        ? 'Check host and port, or give it more time: ?connectTimeout= and ?requestTimeout= take seconds.'
        : 'Check host, port and firewall, and that the server runs.';
    return new PredictableError('REGISTRY_UNREACHABLE', `${place}: ${message}`, options(hint));
  }
  return new PredictableError(
    'SERVER_ERROR',
    `${place}: ${message} (${code})`,
    options('The message is the driver’s own.'),
  );
}

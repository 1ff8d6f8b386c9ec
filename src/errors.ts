/** The one error of the project: a stable code, what happened, and what to do next. */

export const ERROR_CODES = [
  'UNKNOWN_FORMAT',
  'AMBIGUOUS_FORMAT',
  'UNTRUSTED_ARTIFACT',
  'CORRUPT_MODEL',
  'MISSING_SAMPLE',
  'MISSING_SIGNATURE',
  'MISSING_COLUMNS',
  'MISSING_MODULE',
  'COLUMN_MISMATCH',
  'NAME_COLLISION',
  'ZOO_INVALID',
  'UNSUPPORTED_MODEL',
  'UNSUPPORTED_OPERATOR',
  'UNSUPPORTED_TYPE',
  'UNKNOWN_CATEGORY',
  'NULL_VALUE',
  'TOO_MANY_COLUMNS',
  'MODEL_TOO_LARGE',
  'OPSET_TOO_NEW',
  'VERIFICATION_FAILED',
  'UNVERIFIED_MODEL',
  'SIGNATURE_CHANGED',
  'TARGET_MISMATCH',
  'CONVERTER_CRASHED',
  'CONVERTER_FAILED',
  'CONVERTER_TIMEOUT',
  'INFERENCE_FAILED',
  'INFERENCE_TIMEOUT',
  'OUT_OF_MEMORY',
  'DISK_FULL',
  'ENVIRONMENT_FAILED',
  'PYTHON_NOT_FOUND',
  'JAVA_NOT_FOUND',
  'SANDBOX_UNAVAILABLE',
  'RAY_UNREACHABLE',
  'RAY_MISMATCH',
  'REGISTRY_UNREACHABLE',
  'REGISTRY_LOCKED',
  'REGISTRY_DAMAGED',
  'REGISTRY_NOT_INITIALIZED',
  'SERVER_ERROR',
  'LOGIN_FAILED',
  'PERMISSION_DENIED',
  'NO_ONNX_PREDICT',
  'MODEL_NOT_FOUND',
  'CHECKSUM_MISMATCH',
  'SIGNATURE_INVALID',
  'NOT_SIGNED',
  'BAD_SIGNATURE',
  'UNTRUSTED_SIGNER',
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'RUN_LOCKED',
  'USAGE',
  'SECRET_IN_ARGUMENT',
  'INTERNAL',
  'CANCELLED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What is tried after a converter's error, where its code alone does not tell: the next nearest of the converter's
 * environments; another road, since this one is for other files; or nothing, since no road leads further.
 */
export const NEXT_STEPS = ['other-environment', 'other-road', 'nothing'] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** What an error looks like in JSON documents. */
export interface ErrorDocument {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}

interface ErrorOptions {
  hint?: string | undefined;
  details?: Record<string, unknown> | undefined;
  next?: NextStep | undefined;
  cause?: unknown;
}

export class PredictableError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  /** For the orchestrator alone: no document has it. */
  readonly next: NextStep | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PredictableError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.next = options.next;
  }

  toJSON(): ErrorDocument {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** Any thrown value as a PredictableError; what is not ours becomes INTERNAL and keeps its cause. */
export function asPredictableError(thrown: unknown): PredictableError {
  if (thrown instanceof PredictableError) return thrown;
  const refused = fileError(thrown);
  if (refused !== undefined) return refused;
  return new PredictableError('INTERNAL', messageOf(thrown), {
    hint: 'This is a defect of predictable: please report it with the command, the model, and what it says with PREDICTABLE_DEBUG=1.',
    cause: thrown,
  });
}

/**
 * What the file system refused, with the path that the user knows: `file`, where the error names another or none.
 * Undefined for what is no such refusal.
 */
export function fileError(thrown: unknown, file = pathIn(thrown)): PredictableError | undefined {
  if (thrown instanceof PredictableError) return undefined;
  const number = systemCode(thrown);
  const message = messageOf(thrown);
  const refusal = REFUSALS.find(({ numbers, words }) =>
    number === undefined ? SYSTEM_WORDS.test(message) && words.test(message) : numbers.includes(number),
  );
  if (refusal === undefined) return undefined;
  const { code, what, hint } = refusal;
  return new PredictableError(code, file === undefined ? message : `${file}: ${what}`, { hint, cause: thrown });
}

interface Refusal {
  /** Node's name of the system's error number, and the system's own words, which is all that other libraries give. */
  numbers: string[];
  words: RegExp;
  code: ErrorCode;
  what: string;
  hint: string;
}

const SPACE = 'Free some space there, or name another place, and run it again.';
const RIGHTS = 'Check the rights on that path, or name another place.';

const FILES = 'Allow more with ulimit -n, which 1,024 are enough for, and run it again.';

const REFUSALS: Refusal[] = [
  refusal(['ENOSPC'], /No space left on device/i, 'DISK_FULL', 'no space is left on its disk', SPACE),
  refusal(['EDQUOT'], /Disk quota exceeded/i, 'DISK_FULL', 'the quota of disk space is used up', SPACE),
  refusal(['EFBIG'], /File too large/i, 'DISK_FULL', 'the file would be larger than the system allows', SPACE),
  refusal(['EROFS'], /Read-only file system/i, 'PERMISSION_DENIED', 'its file system is read-only', RIGHTS),
  refusal(['EACCES'], /Permission denied/i, 'PERMISSION_DENIED', 'permission denied', RIGHTS),
  refusal(['EPERM'], /Operation not permitted/i, 'PERMISSION_DENIED', 'operation not permitted', RIGHTS),
  refusal(
    ['EMFILE', 'ENFILE'],
    /Too many open files/i,
    'PERMISSION_DENIED',
    'no more files may be open at once',
    FILES,
  ),
  refusal(['ENOENT'], /No such file or directory/i, 'FILE_NOT_FOUND', 'no such file or folder', 'Check the path.'),
  refusal(['ENOTDIR'], /Not a directory/i, 'FILE_NOT_FOUND', 'a part of the path is no folder', 'Check the path.'),
  refusal(['ELOOP'], /Too many levels/i, 'FILE_NOT_FOUND', 'a link that leads back to itself', 'Check the path.'),
  refusal(['EEXIST'], /File exists/i, 'FILE_EXISTS', 'it is there already', 'Name another place, or move it away.'),
  refusal(['EISDIR'], /Is a directory/i, 'USAGE', 'it is a folder', 'Name a file.'),
  refusal(['ENAMETOOLONG'], /File name too long/i, 'USAGE', 'the name is too long', 'Choose a shorter name.'),
];

/** DuckDB's errors of files, and Python's. */
const SYSTEM_WORDS = /^(?:IO|TransactionContext|FATAL) Error|\[Errno \d+\]/;

function refusal(numbers: string[], words: RegExp, code: ErrorCode, what: string, hint: string): Refusal {
  return { numbers, words, code, what, hint };
}

/** Of a copy or a renaming the place where it goes: reading what it comes from had worked. */
function pathIn(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('dest' in thrown && typeof thrown.dest === 'string') return thrown.dest;
  if ('path' in thrown && typeof thrown.path === 'string') return thrown.path;
  return /^\w+ Error: .*?"([^"]+)"/.exec(messageOf(thrown))?.[1];
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An error from its JSON document, as it came back over the bridge or from a child process. */
export function errorFromDocument(document: ErrorDocument & { next?: NextStep | undefined }): PredictableError {
  const { code, message, hint, details, next } = document;
  return new PredictableError(code, message, { hint, details, next });
}

function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown.code;
  }
  return undefined;
}

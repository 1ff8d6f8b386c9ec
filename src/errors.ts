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
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'RUN_LOCKED',
  'USAGE',
  'SECRET_IN_ARGUMENT',
  'INTERNAL',
  'CANCELLED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error looks like in JSON documents and across the bridge. */
export interface ErrorDocument {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}

export interface ErrorOptions {
  hint?: string | undefined;
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

export class PredictableError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PredictableError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
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
  const code = systemCode(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'ENOSPC') {
    return new PredictableError('DISK_FULL', message, {
      hint: 'Free some disk space and run it again.',
      cause: thrown,
    });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PredictableError('FILE_NOT_FOUND', message, { hint: 'Check the path.', cause: thrown });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new PredictableError('PERMISSION_DENIED', message, {
      hint: 'Check the rights on that path.',
      cause: thrown,
    });
  }
  return new PredictableError('INTERNAL', message, {
    hint: 'This is a defect of predictable: please report it with the command and the model.',
    cause: thrown,
  });
}

/** An error from its JSON document, as it came back over the bridge or from a child process. */
export function errorFromDocument(document: ErrorDocument): PredictableError {
  return new PredictableError(document.code, document.message, { hint: document.hint, details: document.details });
}

function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown.code;
  }
  return undefined;
}

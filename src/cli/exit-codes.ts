/** Exit codes of the command line: the contract with scripts. */

import type { ErrorCode, ErrorDocument } from '../errors.js';

export const EXIT = { done: 0, failed: 1, notDone: 2, interrupted: 130 } as const;

/** Errors after which the run could not be done at all; every other one is about a model or its rows. */
const NOT_DONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USAGE',
  'SECRET_IN_ARGUMENT',
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'RUN_LOCKED',
  'NAME_COLLISION',
  'ZOO_INVALID',
  'PYTHON_NOT_FOUND',
  'JAVA_NOT_FOUND',
  'ENVIRONMENT_FAILED',
  'SANDBOX_UNAVAILABLE',
  'RAY_UNREACHABLE',
  'REGISTRY_UNREACHABLE',
  'REGISTRY_NOT_INITIALIZED',
  'NO_ONNX_PREDICT',
  'SERVER_ERROR',
  'REGISTRY_LOCKED',
  'REGISTRY_DAMAGED',
  'LOGIN_FAILED',
  'PERMISSION_DENIED',
  'DISK_FULL',
  'INTERNAL',
]);

export function exitCodeOf(code: ErrorCode): number {
  if (code === 'CANCELLED') return EXIT.interrupted;
  return NOT_DONE.has(code) ? EXIT.notDone : EXIT.failed;
}

/** Of many models: interrupted when one was, not done when none could be for want of something. */
export function exitCodeOfResults(results: { error?: Pick<ErrorDocument, 'code'> | undefined }[]): number {
  const errors = results.flatMap(({ error }) => (error === undefined ? [] : [exitCodeOf(error.code)]));
  if (errors.includes(EXIT.interrupted)) return EXIT.interrupted;
  if (errors.length === 0) return EXIT.done;
  return errors.length === results.length && errors.every((code) => code === EXIT.notDone) ? EXIT.notDone : EXIT.failed;
}

/** Exit codes of the command line: the contract with scripts. */

import type { ErrorCode } from '../errors.js';

export const EXIT = { done: 0, failed: 1, notDone: 2, interrupted: 130 } as const;

/** Errors after which the run could not be done at all; every other one is about a model or its rows. */
const NOT_DONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USAGE',
  'SECRET_IN_ARGUMENT',
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'NAME_COLLISION',
  'ZOO_INVALID',
  'PYTHON_NOT_FOUND',
  'JAVA_NOT_FOUND',
  'ENVIRONMENT_FAILED',
  'SANDBOX_UNAVAILABLE',
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

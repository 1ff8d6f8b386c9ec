/** What a model must be before any registry takes it in. */

import { PredictableError } from '../errors.js';
import type { EngineFacts } from '../server/engine.js';
import { TARGETS } from '../targets/targets.js';
import { checkAlias, checkName } from './reference.js';
import type { RegisterRequest } from './registry.js';

/** Throws USAGE for a bad name or alias, MODEL_TOO_LARGE, UNVERIFIED_MODEL. */
export function mustBeAdmissible(request: RegisterRequest): void {
  checkName(request.name);
  if (request.alias !== null) checkAlias(request.alias);
  mustFit(request);
  mustBeVerified(request);
}

/** Throws TARGET_MISMATCH for a model that was made for another engine than the one that answers. */
export function mustFitEngine({ name, target }: Pick<RegisterRequest, 'name' | 'target'>, engine: EngineFacts): void {
  const { accepts, title, predict } = TARGETS[engine.target];
  if (accepts.includes(target)) return;
  const why = predict
    ? `loads models for ${accepts.map((id) => TARGETS[id].title).join(', ')}`
    : 'has no PREDICT with ONNX';
  throw new PredictableError(
    'TARGET_MISMATCH',
    `${name} was made for ${TARGETS[target].title}; the server is ${engine.title}, which ${why}`,
    {
      hint: `Convert it for this server: predictable convert … --target ${engine.target}`,
      details: { name, target, engine: engine.target, title, version: engine.version },
    },
  );
}

function mustFit({ name, bytes, target }: RegisterRequest): void {
  const { maxBytes, title } = TARGETS[target];
  if (bytes.length <= maxBytes) return;
  throw new PredictableError('MODEL_TOO_LARGE', `${name} has ${bytes.length} bytes; ${title} takes ${maxBytes}`, {
    hint: 'Make the model smaller, e.g. with fewer or shallower trees.',
    details: { name, bytes: bytes.length, maxBytes },
  });
}

function mustBeVerified({ name, verification, allowUnverified }: RegisterRequest): void {
  if (allowUnverified || verification?.status === 'passed') return;
  const why = verification === null ? 'has not been verified' : WHY[verification.status];
  throw new PredictableError('UNVERIFIED_MODEL', `${name} ${why}`, {
    hint: 'Convert it with a sample, so that it can be verified; or add --allow-unverified to take it as it is.',
    details: { name, status: verification?.status ?? null },
  });
}

const WHY = {
  passed: 'is verified',
  failed: 'does not predict what the original predicts: its verification failed',
  unavailable: 'could not be compared with the original: its verification is unavailable',
} as const;

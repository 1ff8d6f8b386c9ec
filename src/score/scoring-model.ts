/** A registered version, ready to run. */

import { loadModel } from '../graph/codec/loaded-model.js';
import { controlFlow } from '../graph/control-flow.js';
import { withOpenBatch } from '../graph/open-batch.js';
import type { SessionOptions } from '../inference/session.js';
import { parseReference } from '../registry/reference.js';
import type { ModelVersion, Registry } from '../registry/registry.js';
import type { EcKey } from '../signing/keys.js';
import { mustBeSigned } from '../signing/stored.js';
import type { Model } from './here/predict-rows.js';

export interface ScoringModel extends Model {
  origin: SessionOptions['origin'];
}

/**
 * Reads a version and decides where it may run. What this program made and verified, and whose bytes are still those,
 * runs without limits; everything else, and every graph with control flow, in a process with a deadline. Throws besides, where
 * a signature by one of these keys is required, NOT_SIGNED, BAD_SIGNATURE or UNTRUSTED_SIGNER.
 */
export async function scoringModel(
  registry: Registry,
  name: string,
  requireSignature?: EcKey[] | undefined,
): Promise<{ version: ModelVersion; model: ScoringModel }> {
  const { version, bytes } = await registry.read(parseReference(name));
  if (requireSignature !== undefined) mustBeSigned(version, bytes, requireSignature);
  const loaded = loadModel(bytes);
  const ours = version.verification?.status === 'passed' && controlFlow(loaded.model.graph).length === 0;
  return {
    version,
    model: {
      bytes: withOpenBatch(loaded),
      rowsOpen: true,
      signature: version.signature,
      origin: ours ? 'made' : 'foreign',
    },
  };
}

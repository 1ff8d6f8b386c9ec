/** A model as it was read: its bytes, and what is in them. Whoever needs either gets both, so that nothing is read twice. */

import { decodeModel } from './codec.js';
import type { Model } from './model.js';
import { checkWire } from './wire.js';

export interface LoadedModel {
  bytes: Uint8Array;
  model: Model;
}

/**
 * Bytes from anywhere: a file, a registry's row, another program. They are walked before they are decoded, since the decoder
 * follows whatever they say. Throws CORRUPT_MODEL and UNSUPPORTED_MODEL.
 */
export function loadModel(bytes: Uint8Array): LoadedModel {
  checkWire(bytes);
  return { bytes, model: decodeModel(bytes) };
}

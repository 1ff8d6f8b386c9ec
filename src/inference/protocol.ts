/** The messages between a session's owner and the thread or process that runs it. */

import type { ErrorDocument } from '../errors.js';
import type { Tensor } from '../tensor.js';

/**
 * A graph comes as its bytes, or as the path of a file that holds them, which a runtime reads without a copy. `binding`: the
 * runtime's native module, which whoever asks has made sure of.
 */
export type InferenceRequest = { id: number } & (
  | { action: 'load'; session: number; binding: string; graph: Uint8Array | string }
  | { action: 'run'; session: number; feeds: Record<string, Tensor> }
  | { action: 'release'; session: number }
  /** Loads the runtime ahead of its first graph. */
  | { action: 'warm'; binding: string }
);

export type InferenceReply = { id: number } & (
  | { inputNames: string[]; outputNames: string[] }
  | { outputs: Record<string, Tensor> }
  | { released: true }
  | { warm: true }
  | { error: ErrorDocument }
);

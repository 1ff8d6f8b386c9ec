/** The messages between a session's owner and the thread or process that runs it. */

import type { ErrorDocument } from '../errors.js';
import type { RuntimeVersion } from '../targets/targets.js';
import type { Tensor } from './session.js';

/** A graph comes as its bytes, or as the path of a file that holds them, which a runtime reads without a copy. */
export type InferenceRequest = { id: number } & (
  | { action: 'load'; session: number; runtime: RuntimeVersion; graph: Uint8Array | string }
  | { action: 'run'; session: number; feeds: Record<string, Tensor> }
  | { action: 'release'; session: number }
  /** Loads the runtime ahead of its first graph. */
  | { action: 'warm'; runtime: RuntimeVersion }
);

export type InferenceReply = { id: number } & (
  | { inputNames: string[]; outputNames: string[] }
  | { outputs: Record<string, Tensor> }
  | { released: true }
  | { warm: true }
  | { error: ErrorDocument }
);

/** A loaded graph that runs outside the main thread. */

import type { RuntimeVersion } from '../targets/targets.js';
import type { Tensor } from '../tensor.js';

export interface Session {
  readonly runtime: RuntimeVersion;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph once. Buffers of the feeds are transferred: the caller's arrays are empty afterwards.
   * Throws INFERENCE_FAILED with the runtime's message, INFERENCE_TIMEOUT or OUT_OF_MEMORY.
   */
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

export interface SessionOptions {
  runtime: RuntimeVersion;
  /** `made`: this run made the graph, so a worker thread is enough. `foreign`: it gets a child process with limits. */
  origin: 'made' | 'foreign';
  /** Milliseconds a run or a load may take in a child process. */
  timeout?: number | undefined;
  /** Mebibytes that the child process may grow to. */
  memory?: number;
}

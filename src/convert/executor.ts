/** Where converters run: on this machine, or elsewhere. */

import type { CallFiles } from '../bridge/run-folder.js';
import type { Sandbox } from '../bridge/sandbox.js';
import type { ConverterEnvironment, ConverterManifest } from '../converters/manifest.js';

export interface CallOptions {
  /** Milliseconds that the call may take once it has begun; 0 for no limit. */
  timeout?: number | undefined;
  /** Bytes of memory that its process may hold; no limit when it is not said. */
  memory?: number | undefined;
  signal?: AbortSignal | undefined;
  /** The files that the request names. */
  files?: CallFiles | undefined;
  /** Looks at the walls before the request is sent; what it throws ends the call. */
  admit?: ((walls: Sandbox) => void) | undefined;
}

/** Calls of converters in one environment. */
export interface ConverterPool {
  /**
   * Sends a request and returns its value: all that the converter wrote lies in the request's `work` folder then. Throws
   * the converter's own error, CONVERTER_CRASHED, CONVERTER_TIMEOUT, OUT_OF_MEMORY, SANDBOX_UNAVAILABLE or CANCELLED.
   */
  call(request: object, options?: CallOptions): Promise<unknown>;
  /** The walls around its processes, once one has answered. */
  sandbox(): Sandbox;
  /** Gives back the memory of what has nothing to do; the next call may start slower. */
  rest(): Promise<void>;
}

/** An environment that converters can be called in. */
export interface ReadyConverter {
  /** `name` is shown to the user; `python` is its interpreter, where that is on this machine. */
  environment: { name: string; python?: string | undefined };
  pool: ConverterPool;
  /** The converter's Python file. */
  entry: string;
  /** sha256 of the locked requirements. */
  lockSha256: string;
}

export interface Executor {
  /** Makes the environment ready, when it is not: PYTHON_NOT_FOUND, ENVIRONMENT_FAILED and the like when it cannot be. */
  start(manifest: ConverterManifest, environment: ConverterEnvironment): Promise<ReadyConverter>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/** A session without a thread or process of its own. */

import { setImmediate } from 'node:timers/promises';
import { errorFromDocument } from '../errors.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import type { NodeRuntimeVersion } from '../runtimes/manifest.js';
import { openNative } from './binding.js';
import { inferenceError, run } from './onnx-runtime.js';
import type { Session } from './session.js';

/** A session in the calling thread, which stands still while the graph runs; the feeds stay the caller's. */
export async function openHere(bytes: Uint8Array, runtime: NodeRuntimeVersion): Promise<Session> {
  const { binding } = await ensureRuntime(runtime);
  const orFail = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw errorFromDocument(inferenceError(thrown));
    }
  };
  const session = orFail(() => openNative(binding, bytes));
  return {
    runtime,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds) => {
      // Messages from elsewhere get their turn between two batches.
      await setImmediate();
      return orFail(() => run(session, feeds));
    },
    close: async () => session.close(),
  };
}

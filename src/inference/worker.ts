/** Entry of a worker thread that runs graphs made in this run. */

import { parentPort } from 'node:worker_threads';
import { inferenceHandler, transferables } from './onnx-runtime.js';
import type { InferenceRequest } from './protocol.js';

const handle = inferenceHandler();

parentPort?.on('message', async (request: InferenceRequest) => {
  const reply = await handle(request);
  parentPort?.postMessage(reply, 'outputs' in reply ? transferables(reply.outputs) : []);
});

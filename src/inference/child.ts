/** Entry of a child process that runs a graph from elsewhere; its parent kills it when it takes too long or too much. */

import { inferenceHandler } from './onnx-runtime.js';
import type { InferenceRequest } from './protocol.js';

const handle = inferenceHandler();

process.on('message', async (request: InferenceRequest) => {
  process.send?.(await handle(request));
});
process.on('disconnect', () => process.exit());

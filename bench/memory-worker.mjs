// One thread of onnxruntime over columns in memory.

import { parentPort, workerData } from 'node:worker_threads';
import ort from 'onnxruntime-node';

const { bytes, names, rows } = workerData;
/** The batch at which it was fastest here. */
const BATCH = 16_384;

const session = await ort.InferenceSession.create(bytes, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
});
const columns = names.map((_, index) =>
  Float32Array.from({ length: rows }, (__, row) => Math.sin(index * 7 + row) * 20 + 15),
);
parentPort.on('message', async () => {
  for (let start = 0; start < rows; start += BATCH) {
    const end = Math.min(rows, start + BATCH);
    const feeds = {};
    for (const [index, name] of names.entries())
      feeds[name] = new ort.Tensor('float32', columns[index].subarray(start, end), [end - start, 1]);
    await session.run(feeds);
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');

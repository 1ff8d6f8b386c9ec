// One thread of onnxruntime over columns in memory: those of its share of the rows that scoring reads from the file,
// since what a tree costs depends on the way that rows take through it.

import { parentPort, workerData } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';
import { NativeTensor, openNative } from '../dist/inference/binding.js';
import { ensureRuntime } from '../dist/runtimes/ensure.js';

const { bytes, names, data, start: first, rows } = workerData;
/** The batch at which it was fastest here. */
const BATCH = 16_384;

const { binding } = await ensureRuntime('1.30.0');
const session = openNative(binding, bytes);
const columns = names.map(() => new Float32Array(rows));
const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
const result = await connection.stream(
  `SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM read_parquet('${data}', file_row_number = true)
   WHERE file_row_number >= ${first} AND file_row_number < ${first + rows}`,
);
for (let at = 0; at < rows; ) {
  const chunk = await result.fetchChunk();
  for (const [index, values] of columns.entries()) values.set(chunk.getColumnVector(index).items, at);
  at += chunk.rowCount;
}
parentPort.on('message', () => {
  for (let start = 0; start < rows; start += BATCH) {
    const end = Math.min(rows, start + BATCH);
    const feeds = {};
    for (const [index, name] of names.entries())
      feeds[name] = new NativeTensor('float32', columns[index].subarray(start, end), [end - start, 1]);
    session.run(feeds);
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');

// Scoring a Parquet file into a Parquet file, against onnxruntime on the same graph with all columns in memory already,
// as many threads each; and the memory that 10 million rows take.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { convertModel } from '../dist/convert/convert.js';
import { Converters } from '../dist/convert/converters.js';
import { repeatRows } from '../dist/rows/repeat-rows.js';
import { score } from '../dist/score/score.js';
import { inTurn } from './measure.mjs';
import { bench, benchPython, model, work } from './prepare.mjs';

const GOALS = { linear: 0.5, logistic: 0.5, trees: 0.85 };
const ROWS = 2_000_000;
const MEMORY_ROWS = [1_000_000, 10_000_000];

export async function scoring() {
  const rows = [];
  for (const name of ['linear', 'trees']) {
    const { bytes, signature, data } = await prepared(name, ROWS);
    const output = path.join(work, 'predictions.parquet');
    const file = async () => {
      const { seconds } = await score({ bytes, signature, data, output: { file: output }, keys: [], origin: 'made' });
      return seconds;
    };
    const names = signature.inputs.map((input) => input.name);
    const memory = await inMemory(bytes, names, data);
    const result = await inTurn(file, memory.run, 3);
    await memory.close();
    // Rows per second: theirs over ours in time.
    const share = 1 / result.ratio;
    rows.push({
      name: `score (${name}) / onnxruntime in memory, rows per second`,
      ...result,
      ratio: share,
      low: 1 / result.high,
      high: 1 / result.low,
      goal: `≥ ${GOALS[name]}`,
      met: share >= GOALS[name],
      note: `${Math.round(ROWS / result.ours).toLocaleString('en-US')} rows/s`,
    });
  }
  return rows;
}

/** Peak memory of a process that scores 1 and 10 million rows: it must not grow with them. */
export async function memory() {
  const peaks = [];
  for (const count of MEMORY_ROWS) {
    const { bytes, signature, data } = await prepared('linear', count);
    const settings = path.join(work, 'memory.json');
    writeFileSync(
      settings,
      JSON.stringify({
        bytes: Buffer.from(bytes).toString('base64'),
        signature,
        data,
        output: path.join(work, 'predictions.parquet'),
      }),
    );
    const { stdout, status, stderr } = spawnSync(process.execPath, [path.join(bench, 'score-once.mjs'), settings], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    peaks.push(Number(stdout));
  }
  const [small, large] = peaks;
  const show = (kilobytes) => `${Math.round(kilobytes / 1024)} MB`;
  return [
    {
      name: 'peak memory of scoring 10 million rows / 1 million',
      ratio: large / small,
      goal: '≤ 1.5',
      met: large / small <= 1.5,
      note: `${show(small)} → ${show(large)}`,
    },
  ];
}

async function prepared(name, count) {
  const python = await benchPython();
  mkdirSync(work, { recursive: true });
  const { model: file, sample } = model(python, name);
  const data = path.join(work, `rows-${count}.parquet`);
  await repeatRows(sample, data, count);
  const converters = await Converters.open({ jobs: 1 });
  try {
    const { bytes, normalized } = await convertModel(file, converters, { sample, trust: { all: true } });
    return { bytes, signature: normalized.signature, data };
  } finally {
    await converters.close();
  }
}

/** As many threads as scoring has, each with its share of the rows in memory, run in the batches that suit it best. */
async function inMemory(bytes, names, data) {
  const threads = availableParallelism();
  const rows = Math.floor(ROWS / threads);
  const workers = Array.from(
    { length: threads },
    (_, index) =>
      new Worker(path.join(bench, 'memory-worker.mjs'), {
        workerData: { bytes, names, data, start: index * rows, rows },
      }),
  );
  const answers = () =>
    Promise.all(
      workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))),
    );
  await answers();
  return {
    run: async () => {
      const done = answers();
      const started = performance.now();
      for (const worker of workers) worker.postMessage('run');
      await done;
      return (performance.now() - started) / 1000;
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

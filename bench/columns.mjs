// A normalised graph fed with columns, against packing the columns into a matrix and running the original graph: 10,000 rows.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import ort from 'onnxruntime-node';
import { convertModel } from '../dist/convert/convert.js';
import { Converters } from '../dist/convert/converters.js';
import { inTurn } from './measure.mjs';
import { bench, benchPython, model, run, work } from './prepare.mjs';

const ROWS = 10_000;
const OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };

export async function normalizedModels() {
  const python = await benchPython();
  const converters = await Converters.open({ jobs: 1 });
  const rows = [];
  try {
    for (const name of ['linear', 'logistic', 'trees']) {
      const { model: file, sample } = model(python, name);
      const raw = path.join(work, `${name}.raw.onnx`);
      run(python, path.join(bench, 'convert_one.py'), file, sample, raw);
      const { bytes, normalized } = await convertModel(file, converters, { sample, trust: { all: true } });
      const result = await compare(
        readFileSync(raw),
        bytes,
        normalized.signature.inputs.map((input) => input.name),
      );
      rows.push({
        name: `normalised (${name}) / packing + original`,
        ...result,
        goal: '≤ 1.0',
        met: result.ratio <= 1,
      });
    }
  } finally {
    await converters.close();
  }
  return rows;
}

async function compare(raw, columnar, names) {
  const columns = names.map((_, index) =>
    Float32Array.from({ length: ROWS }, (__, row) => Math.sin(index * 7 + row) * 20 + 15),
  );
  const original = await ort.InferenceSession.create(raw, OPTIONS);
  const ours = await ort.InferenceSession.create(columnar, OPTIONS);
  const [input] = original.inputNames;
  const packed = async () => {
    const started = performance.now();
    const matrix = new Float32Array(ROWS * names.length);
    for (let column = 0; column < names.length; column++) {
      const values = columns[column];
      for (let row = 0, at = column; row < ROWS; row++, at += names.length) matrix[at] = values[row];
    }
    await original.run({ [input]: new ort.Tensor('float32', matrix, [ROWS, names.length]) });
    return (performance.now() - started) / 1000;
  };
  const columnwise = async () => {
    const started = performance.now();
    const feeds = {};
    for (let column = 0; column < names.length; column++)
      feeds[names[column]] = new ort.Tensor('float32', columns[column], [ROWS, 1]);
    await ours.run(feeds);
    return (performance.now() - started) / 1000;
  };
  for (let warm = 0; warm < 20; warm++) await Promise.all([packed(), columnwise()]);
  return inTurn(columnwise, packed, 51);
}

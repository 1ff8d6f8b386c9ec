// A normalised graph fed with columns, against packing the columns into a matrix and running the original graph: 10,000 rows.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { convertModel } from '../dist/convert/convert.js';
import { Converters } from '../dist/convert/converters.js';
import { NativeTensor, openNative } from '../dist/inference/binding.js';
import { ensureRuntime } from '../dist/runtimes/ensure.js';
import { inTurn } from './measure.mjs';
import { growth } from './picked-columns.mjs';
import { bench, benchPython, model, run, work } from './prepare.mjs';

const ROWS = 10_000;

export async function* columns() {
  yield* growth();
  yield* await normalizedModels();
}

async function normalizedModels() {
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
  const values = names.map((_, index) =>
    Float32Array.from({ length: ROWS }, (__, row) => Math.sin(index * 7 + row) * 20 + 15),
  );
  const { binding } = await ensureRuntime('1.30.0');
  const original = openNative(binding, raw);
  const ours = openNative(binding, columnar);
  const [input] = original.inputNames;
  const packed = () => {
    const started = performance.now();
    const matrix = new Float32Array(ROWS * names.length);
    for (let column = 0; column < names.length; column++) {
      const cells = values[column];
      for (let row = 0, at = column; row < ROWS; row++, at += names.length) matrix[at] = cells[row];
    }
    original.run({ [input]: new NativeTensor('float32', matrix, [ROWS, names.length]) });
    return (performance.now() - started) / 1000;
  };
  const columnwise = () => {
    const started = performance.now();
    const feeds = {};
    for (let column = 0; column < names.length; column++)
      feeds[names[column]] = new NativeTensor('float32', values[column], [ROWS, 1]);
    ours.run(feeds);
    return (performance.now() - started) / 1000;
  };
  for (let warm = 0; warm < 20; warm++) {
    packed();
    columnwise();
  }
  return inTurn(columnwise, packed, 51);
}

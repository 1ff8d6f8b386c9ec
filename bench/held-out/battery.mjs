// Trains the battery (what is trained stays), converts it for each target, and holds each pipeline to its held-out rows.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { convertAll } from '../../dist/convert/convert-all.js';
import { Converters } from '../../dist/convert/converters.js';
import { readFrame } from '../../dist/rows/frame-file.js';
import { writeParquet } from '../../dist/rows/write-parquet.js';
import { pythonOf, run } from '../prepare.mjs';
import { hold } from './hold.mjs';
import { batteries, Originals } from './original.mjs';

export const HELD_OUT_TARGETS = ['sql-edge', 'sql-edge-1'];

/**
 * Results, one a pipeline and target: `status` is `converted`, or the error's code. What did not verify is written all
 * the same, so that its held-out rows say how far it is off.
 */
export async function heldOut({ folder, choose = (all) => all, targets = HELD_OUT_TARGETS, jobs, onResult }) {
  mkdirSync(folder, { recursive: true });
  const python = await pythonOf('lightgbm');
  const pipelines = await trained(python, folder, choose);
  const originals = new Originals(python, folder);
  const converters = await Converters.open(jobs === undefined ? {} : { jobs });
  const frames = new Map();
  const rowsOf = async ({ rows }) => {
    if (!frames.has(rows)) frames.set(rows, await readFrame(path.join(folder, rows)));
    return frames.get(rows);
  };
  try {
    const results = [];
    for (const target of targets) {
      const out = path.join(folder, target);
      const documents = await converted(pipelines, folder, out, target, converters, jobs);
      for (const pipeline of pipelines) {
        const document = documents.get(pipeline.name);
        const file = path.join(out, `${pipeline.name}.onnx`);
        const held = existsSync(file)
          ? await heldOr(pipeline, document, file, await rowsOf(pipeline), originals)
          : null;
        results.push(resultOf(pipeline, document, held));
        onResult?.(results.at(-1));
      }
    }
    return results;
  } finally {
    originals.close();
    await converters.close();
  }
}

async function trained(python, folder, choose) {
  const program = path.join(batteries, 'held_out.py');
  run(python, program, folder, '--only');
  const every = JSON.parse(readFileSync(path.join(folder, 'held-out.json'), 'utf8')).pipelines;
  const chosen = choose(every);
  const lacking = chosen.filter(({ name }) => !existsSync(path.join(folder, `${name}.joblib`)));
  if (lacking.length > 0) run(python, program, folder, '--only', ...lacking.map(({ name }) => name));
  for (const { name, sample } of chosen) {
    const file = path.join(folder, sample);
    if (!existsSync(file)) await writeParquet(await readFrame(path.join(folder, `${name}.sample`)), file);
  }
  return chosen;
}

async function converted(pipelines, folder, out, target, converters, jobs) {
  // What an earlier run wrote is not what this one converts.
  for (const { name } of pipelines) rmSync(path.join(out, `${name}.onnx`), { force: true });
  const files = pipelines.map(({ name }) => path.join(folder, `${name}.joblib`));
  const options = { out, trust: { all: true }, target, keepUnverified: true, ...(jobs === undefined ? {} : { jobs }) };
  const documents = await convertAll(files, converters, options);
  return new Map(documents.map((document) => [document.name, document]));
}

/** Rows that cannot be compared are a defect of that pipeline, not the end of the run. */
async function heldOr(pipeline, document, file, frame, originals) {
  try {
    return await hold(pipeline, document, file, frame, originals);
  } catch (error) {
    return { failed: error.message };
  }
}

function resultOf({ name, kind }, document, held) {
  const { target, error, inputs = [], warnings } = document;
  return {
    name,
    kind,
    target,
    status: document.status === 'converted' ? 'converted' : error.code,
    message: error?.message ?? held?.failed ?? '',
    types: [...new Set(inputs.map(({ type, categories }) => (categories === undefined ? type : 'text')))],
    warnings: warnings.map(({ code }) => code),
    ...held,
  };
}

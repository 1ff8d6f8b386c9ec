// Networks against the frameworks' own command lines, which convert without a look at what comes out.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { convertAll } from '../dist/convert/convert-all.js';
import { Converters } from '../dist/convert/converters.js';
import { inTurn, median, timeCommand, timed } from './measure.mjs';
import { peakMemory } from './peak.mjs';
import { bench, cli, pythonOf, run, work } from './prepare.mjs';

const ROUNDS = 5;
const BATCH = 20;
/** One process a model is slow and always the same: a few tell. */
const PROCESSES = 3;

const torch = (model, out) => [path.join(bench, 'torch_export.py'), model, out];
const tf2onnx =
  (option, ...more) =>
  (model, out) => ['-m', 'tf2onnx.convert', option, model, ...more, '--output', out, '--opset', '17'];
const ENDS = ['--inputs', 'measures:0', '--outputs', 'probabilities:0'];

const MODELS = [
  { title: 'TorchScript', of: 'pytorch', file: 'digits-trace.pt', theirs: torch },
  { title: '.pt2', of: 'pytorch', file: 'digits-dynamic.pt2', theirs: torch },
  { title: 'SavedModel', of: 'tensorflow', file: 'digits', theirs: tf2onnx('--saved-model') },
  { title: 'GraphDef', of: 'tensorflow', file: 'penguin-frozen.pb', theirs: tf2onnx('--graphdef', ...ENDS) },
  { title: 'TFLite', of: 'tensorflow', file: 'digits-float.tflite', theirs: tf2onnx('--tflite') },
  { title: 'Keras 3', of: 'keras', file: 'digits-conv.keras', theirs: tf2onnx('--keras') },
];

/** Row by row, since all of it takes minutes. */
export async function* networks() {
  for (const { title, of, file, theirs } of MODELS) {
    const python = await pythonOf(of);
    const model = path.join(trained(of, python), file);
    const command = [python, ...theirs(model, path.join(work, 'by-hand.onnx'))];
    yield await cold(title, model, command);
    yield await warm(title, model, command);
  }
}

async function cold(title, model, command) {
  const own = [process.execPath, cli, 'convert', model, '-o', path.join(work, 'cold'), '--quiet'];
  const result = await inTurn(
    () => timeCommand(own),
    () => timeCommand(command),
    ROUNDS,
  );
  return {
    name: `cold convert (${title}) / its framework's own`,
    ...result,
    goal: '≤ 1.15',
    met: result.ratio <= 1.15,
    note: `peak memory ${await memoryOf(own)} / ${await memoryOf(command)}`,
  };
}

/** Through a pool that has converted before, as a registry's or a folder's second model finds it. */
async function warm(title, model, command) {
  const files = copies(model);
  const out = path.join(work, 'batch-out');
  const converters = await Converters.open({});
  const convert = async (some) => {
    const failed = (await convertAll(some, converters, { out })).filter(({ status }) => status !== 'converted');
    if (failed.length > 0) throw new Error(`${failed.length} conversions failed: ${failed[0].error?.message}`);
  };
  try {
    await convert(files.slice(0, 4));
    const ours = [];
    const theirs = [];
    for (let round = 0; round < PROCESSES; round++) {
      ours.push((await timed(() => convert(files))) / BATCH);
      theirs.push(timeCommand(command));
    }
    const times = theirs.map((seconds, at) => seconds / ours[at]);
    return {
      name: `a process each for ${BATCH} models (${title}) / warm pool, a model`,
      ours: median(ours),
      theirs: median(theirs),
      ratio: median(times),
      low: Math.min(...times),
      high: Math.max(...times),
      goal: '≥ 5',
      met: median(times) >= 5,
    };
  } finally {
    await converters.close();
  }
}

function copies(model) {
  const folder = path.join(work, 'batch');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { dir, name, ext } = path.parse(model);
  return Array.from({ length: BATCH }, (_, at) => {
    const file = path.join(folder, `m${at}${ext}`);
    cpSync(model, file, { recursive: true });
    cpSync(path.join(dir, `${name}.sample.csv`), path.join(folder, `m${at}.sample.csv`));
    return file;
  });
}

async function memoryOf(command) {
  return process.platform === 'linux' ? `${Math.round(await peakMemory(command))} MB` : 'unknown';
}

/** The folder of a framework's samples, trained once by their own script. */
function trained(of, python) {
  const folder = path.join(work, 'networks', of);
  const last = MODELS.findLast((model) => model.of === of);
  if (!existsSync(path.join(folder, last.file))) run(python, path.join(bench, '..', 'samples', of, 'train.py'), folder);
  return folder;
}

// Conversions against Python programs that do the same with skl2onnx and onnxruntime.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { convertAll } from '../dist/convert/convert-all.js';
import { Converters } from '../dist/convert/converters.js';
import { inTurn, median, timeCommand, timed } from './measure.mjs';
import { bench, benchPython, cli, model, run, work } from './prepare.mjs';

const MODELS = 200;
/** One process a model is slow and always the same: a few tell. */
const PROCESSES = 6;
/** As many rows beside the sample as a conversion makes up when nobody says how many. */
const PROBES = 2_000;

/** Ours with probes; the script checks the sample alone. */
export async function coldConversion() {
  const python = await benchPython();
  const rows = [];
  for (const name of ['logistic', 'trees']) {
    const { model: file, sample } = model(python, name);
    const ours = () =>
      timeCommand([
        process.execPath,
        cli,
        'convert',
        file,
        '--trust',
        '--sample',
        sample,
        '-o',
        path.join(work, 'cold'),
        '--quiet',
      ]);
    const theirs = () =>
      timeCommand([python, path.join(bench, 'convert_one.py'), file, sample, path.join(work, 'by-hand.onnx')]);
    const result = await inTurn(ours, theirs, 7);
    rows.push({ name: `cold convert (${name}) / Python script`, ...result, goal: '≤ 1.15', met: result.ratio <= 1.15 });
  }
  return rows;
}

/** 200 conversions: half scaled logistic regressions, half boostings of 100 trees. */
export async function warmConversions() {
  const python = await benchPython();
  const zoo = path.join(work, 'zoo');
  rmSync(zoo, { recursive: true, force: true });
  mkdirSync(zoo, { recursive: true });
  const files = [];
  for (let index = 0; index < MODELS; index++) {
    const source = model(python, index % 2 === 0 ? 'logistic' : 'trees');
    const file = path.join(zoo, `m${index}.joblib`);
    copyFileSync(source.model, file);
    copyFileSync(source.sample, path.join(zoo, `m${index}.sample.csv`));
    files.push(file);
  }
  const out = path.join(work, 'zoo-out');
  mkdirSync(out, { recursive: true });
  const converters = await Converters.open({});
  const options = { out, trust: { all: true } };
  try {
    await convertAll(files.slice(0, 4), converters, options);
    const ours = () =>
      timed(async () => {
        const results = await convertAll(files, converters, options);
        const failed = results.filter(({ status }) => status !== 'converted');
        if (failed.length > 0) throw new Error(`${failed.length} conversions failed: ${failed[0].error.message}`);
      });
    const pairs = files.flatMap((file) => [file, file.replace('.joblib', '.sample.csv')]);
    const theirs = () => Number(run(python, path.join(bench, 'convert_loop.py'), out, String(PROBES), ...pairs));
    const loop = await inTurn(ours, theirs, 3);
    const single = median(
      files
        .slice(0, PROCESSES)
        .map((file) =>
          timeCommand([
            python,
            path.join(bench, 'convert_one.py'),
            file,
            file.replace('.joblib', '.sample.csv'),
            path.join(out, 'one.onnx'),
          ]),
        ),
    );
    const times = (single * MODELS) / loop.ours;
    return [
      {
        name: `${MODELS} conversions with probes, warm pool / warm Python loop that checks as many rows`,
        ...loop,
        goal: '≤ 1.5',
        met: loop.ratio <= 1.5,
      },
      {
        name: `${MODELS} conversions, one Python process each / warm pool`,
        ours: loop.ours,
        theirs: single * MODELS,
        ratio: times,
        goal: '≥ 20',
        met: times >= 20,
      },
    ];
  } finally {
    await converters.close();
  }
}

// A booster of 2,000 trees of depth 8: converted, normalised and verified, against its conversion by onnxmltools alone.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { convertModel } from '../dist/convert/convert.js';
import { Converters } from '../dist/convert/converters.js';
import { inTurn, timed } from './measure.mjs';
import { bench, pythonOf, run, work } from './prepare.mjs';

const MODELS = { lightgbm: 'large.txt', xgboost: 'large.ubj' };

export async function largeBoosters() {
  const python = await pythonOf('lightgbm', { requirements: path.join(bench, 'boosters-requirements.txt') });
  mkdirSync(work, { recursive: true });
  const program = path.join(bench, 'boosters.py');
  const converters = await Converters.open({ jobs: 1 });
  const rows = [];
  try {
    for (const [family, file] of Object.entries(MODELS)) {
      const model = path.join(work, file);
      const sample = path.join(work, `large-${family}.csv`);
      if (!existsSync(model)) run(python, program, 'train', family, model, sample);
      const ours = () =>
        timed(async () => {
          const { verification } = await convertModel(model, converters, { sample });
          if (verification.status !== 'passed') throw new Error(`${file} did not verify`);
        });
      const theirs = async () => Number(run(python, program, 'convert', family, model, path.join(work, 'large.onnx')));
      const result = await inTurn(ours, theirs, 2);
      rows.push({
        name: `2,000 trees × depth 8, ${family}: convert, normalise, verify / onnxmltools alone`,
        ...result,
        goal: '≤ 2',
        met: result.ratio <= 2,
        note: `peak memory of this process ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
      });
    }
  } finally {
    await converters.close();
  }
  return rows;
}

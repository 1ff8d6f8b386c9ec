// What exact numbers cost in scoring: pipelines whose steps are folded into the thresholds against the bare trees, double
// input against real, and trees that give leaf numbers against trees that give sums; rows per second, columns in memory.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { convertModel } from '../dist/convert/convert.js';
import { Converters } from '../dist/convert/converters.js';
import { loadModel } from '../dist/graph/codec/loaded-model.js';
import { NativeTensor, openNative } from '../dist/inference/binding.js';
import { ensureRuntime } from '../dist/runtimes/ensure.js';
import { inTurn } from './measure.mjs';
import { bench, pythonOf, run, work } from './prepare.mjs';

const ROWS = 20_000;
/** What SQL Edge 2.0 has inside. */
const RUNTIME = '1.12.1';
const TENSORS = { float: ['float32', Float32Array], double: ['float64', Float64Array] };

const CASES = [
  { title: 'folded: StandardScaler → forest / the forest alone', goal: 1, ours: 'scaled-forest', theirs: 'forest' },
  {
    title: 'folded: QuantileTransformer → boosting / the boosting alone',
    goal: 1,
    ours: 'quantile-boosting',
    theirs: 'boosting',
  },
  {
    title: 'double input: scaled LightGBM on doubles / LightGBM alone on real columns',
    goal: 0.75,
    ours: 'scaled-lightgbm',
    theirs: 'lightgbm',
    options: { precision: 'float' },
  },
  {
    title: 'leaf numbers: scaled forest of impure leaves for sql-edge-1 / the same with sums in double for sql-edge',
    goal: 0.5,
    ours: 'scaled-impure-forest',
    theirs: 'impure-forest',
    target: 'sql-edge-1',
  },
];

export async function* folded() {
  const folder = path.join(work, 'folded');
  mkdirSync(folder, { recursive: true });
  const last = path.join(folder, 'scaled-impure-forest.sample.csv');
  if (!existsSync(last)) run(await pythonOf('lightgbm'), path.join(bench, 'folded.py'), folder);
  const converters = await Converters.open({ jobs: 1 });
  const { binding } = await ensureRuntime(RUNTIME);
  try {
    for (const { title, goal, ours, theirs, target = 'sql-edge', options = {} } of CASES) {
      const convert = (name, given) => {
        const sample = path.join(folder, `${name}.sample.csv`);
        return convertModel(path.join(folder, `${name}.joblib`), converters, {
          sample,
          trust: { all: true },
          ...given,
        });
      };
      const [exact, bare] = [await convert(ours, { target }), await convert(theirs, options)];
      const result = await inTurn(scoring(binding, exact), scoring(binding, bare), 21);
      const share = 1 / result.ratio;
      yield {
        name: `${title}, rows per second`,
        ...result,
        ratio: share,
        low: 1 / result.high,
        high: 1 / result.low,
        goal: `≥ ${goal}`,
        met: share >= goal,
        note: `${shape(exact)} / ${shape(bare)}; verification ${exact.verification.status}`,
      };
    }
  } finally {
    await converters.close();
  }
}

/** Runs the model once over the rows; seconds. */
function scoring(binding, { bytes, normalized }) {
  const session = openNative(binding, bytes);
  const columns = normalized.signature.inputs.map(({ name, type }, index) => {
    const [kind, Values] = TENSORS[type];
    const values = Values.from({ length: ROWS }, (_, row) => 50 + 20 * Math.sin(index * 7 + row) * Math.cos(row * 3));
    return { name, kind, values };
  });
  const once = () => {
    const started = performance.now();
    const feeds = Object.fromEntries(
      columns.map(({ name, kind, values }) => [name, new NativeTensor(kind, values, [ROWS, 1])]),
    );
    session.run(feeds);
    return (performance.now() - started) / 1000;
  };
  for (let warm = 0; warm < 3; warm++) once();
  return once;
}

/** Columns and operators, so that one sees which form was written. */
function shape({ bytes, normalized }) {
  const types = [...new Set(normalized.signature.inputs.map(({ type }) => type))].join(' and ');
  const operators = loadModel(bytes).model.graph.nodes.map(({ op }) => op);
  return `${types}: ${[...new Set(operators)].join(' ')}`;
}

// Graphs as exporters of pipelines write them: one takes its columns out of one tensor one by one, one has an input for each and
// puts them together. Normalisation must grow with the number of columns, not with its square.

import { makeNode } from '../dist/graph/build.js';
import { encodeModel } from '../dist/graph/codec/codec.js';
import { int64Tensor } from '../dist/graph/codec/tensors.js';
import { normalize } from '../dist/graph/normalize.js';
import { TARGETS } from '../dist/targets/targets.js';

const COLUMNS = [1_000, 4_000, 16_000];
const RUNS = 3;

const SHAPES = { 'picked one by one': pickingModel, 'that are an input each': joiningModel };

/** How much dearer a column is than in the smallest graph of its shape. */
export async function* growth() {
  for (const [shape, model] of Object.entries(SHAPES)) yield* growthOf(shape, model);
}

async function* growthOf(shape, model) {
  let least;
  for (const columns of COLUMNS) {
    const bytes = encodeModel(model(columns));
    const names = Array.from({ length: columns }, (_, at) => `c${at}`);
    const times = [];
    // The first run compiles.
    for (let run = -1; run < RUNS; run++) {
      const started = performance.now();
      await normalize(bytes, { target: TARGETS.embedded, columnNames: names, metadata: {} });
      if (run >= 0) times.push((performance.now() - started) / 1000 / columns);
    }
    times.sort((a, b) => a - b);
    least ??= times[0];
    yield {
      name: `normalize, ${columns.toLocaleString('en-US')} columns ${shape}: a column against one of ${COLUMNS[0].toLocaleString('en-US')}`,
      ratio: times[0] / least,
      low: times[0] / least,
      high: times[RUNS - 1] / least,
      goal: '≤ 1.5',
      met: times[0] / least <= 1.5,
      note: `${(times[0] * columns).toFixed(2)} s`,
    };
  }
}

const tensor = (name, width) => ({ name, doc: '', type: { kind: 'tensor', element: 'float', shape: ['N', width] } });

function pickingModel(columns) {
  const places = Array.from({ length: columns }, (_, at) => at);
  return modelOf({
    inputs: [tensor('x', columns)],
    initializers: places.map((at) => ({ ...int64Tensor([at]), name: `place${at}` })),
    nodes: [
      ...places.flatMap((at) => [
        makeNode('ArrayFeatureExtractor', ['x', `place${at}`], [`column${at}`], {}, 'ai.onnx.ml'),
        makeNode('Abs', [`column${at}`], [`size${at}`]),
      ]),
      makeNode(
        'Sum',
        places.map((at) => `size${at}`),
        ['y'],
      ),
    ],
  });
}

/** Each Identity that goes has one operator, which reads them all, read something else. */
function joiningModel(columns) {
  const places = Array.from({ length: columns }, (_, at) => at);
  return modelOf({
    inputs: places.map((at) => tensor(`x${at}`, 1)),
    nodes: [
      ...places.map((at) => makeNode('Identity', [`x${at}`], [`same${at}`])),
      makeNode(
        'Sum',
        places.map((at) => `same${at}`),
        ['y'],
      ),
    ],
  });
}

function modelOf(parts) {
  const lists = { values: [], initializers: [], sparse: [], quantization: [] };
  const graph = { name: 'columns', doc: '', outputs: [tensor('y', 1)], ...lists, ...parts };
  const opsets = [
    { domain: '', version: 17 },
    { domain: 'ai.onnx.ml', version: 3 },
  ];
  const rest = { producer: '', producerVersion: '', domain: '', version: 0, doc: '', functions: [], training: [] };
  return { ir: 8, opsets, metadata: new Map(), graph, ...rest };
}

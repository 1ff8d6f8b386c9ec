import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../../src/graph/codec/codec.js';
import type { LoadedModel } from '../../src/graph/codec/loaded-model.js';
import type { Graph } from '../../src/graph/codec/model.js';
import { inspect } from '../../src/graph/inspect.js';
import { normalize } from '../../src/graph/normalize.js';
import { allNames, nestedGraphs } from '../../src/graph/walk.js';
import { TARGETS } from '../../src/targets/targets.js';
import { bytes, node, value } from './build.js';
import { columnFeeds, columnsOf, type Feed, fixture, numbers, RUNTIME_NAMES, runGraph } from './run.js';

const target = TARGETS['sql-edge'];
const IRIS = ['sepal length (cm)', 'sepal width (cm)', 'Blütenlänge', "l'épaisseur; --"];
const DIABETES = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'];

/** Raw graph, its columns, the element type, and (where the raw graph's outputs are no tensors) which to ask for. */
const TENSOR_MODELS: [string, string[], 'float' | 'double', string[]?][] = [
  ['iris-logistic', IRIS, 'float'],
  ['iris-logistic-zipmap', IRIS, 'float', ['output_label']],
  ['iris-binary', IRIS, 'float'],
  ['iris-forest', IRIS, 'float'],
  ['iris-mlp', IRIS, 'float'],
  ['iris-several', IRIS, 'float', ['label']],
  ['diabetes-linear', DIABETES, 'float'],
  ['diabetes-double', DIABETES, 'double'],
  ['diabetes-pair', DIABETES, 'float'],
  ['diabetes-boosting', DIABETES, 'float'],
  ['diabetes-missing', DIABETES, 'float'],
  ['lightgbm-like', ['a', 'b'], 'float', ['label']],
  ['opset-22', ['a', 'b', 'c'], 'float'],
];

describe('normalize', () => {
  for (const runtime of RUNTIME_NAMES) {
    it.each(TENSOR_MODELS)(`%s predicts the same in ${runtime}`, async (name, columns, type, fetches) => {
      const raw = fixture(name);
      // The older runtime does not know opset 22: there the newer one says what is right.
      const reference = name === 'opset-22' ? '1.30.0' : runtime;
      const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: columns });
      expect(signature.inputs.map((column) => column.name)).toEqual(columns);
      const input = inspect(raw).inputs[0]?.name ?? '';
      for (const rows of [1, 2, 7, 50]) {
        const values = numbers(rows * columns.length, rows);
        const feeds: Record<string, Feed> = { [input]: { type, dims: [rows, columns.length], values } };
        const expected = await runGraph(raw, feeds, reference, fetches);
        const got = await runGraph(columnar, columnFeeds(signature, columnsOf(columns, values)), runtime);
        let at = 0;
        for (const output of Object.values(expected)) {
          const width = output.values.length / rows;
          for (let k = 0; k < width; k += 1) {
            const column = signature.outputs[at];
            at += 1;
            const result = got[column?.name ?? ''];
            expect(result?.dims).toEqual([rows, 1]);
            const wanted = output.values.filter((_, index) => index % width === k);
            for (const [row, one] of wanted.entries()) {
              const value_ = result?.values[row];
              if (typeof one === 'string') expect(column?.labels?.[Number(value_)]).toBe(one);
              else expect(Math.abs(Number(value_) - one)).toBeLessThanOrEqual(1e-5 + 2e-5 * Math.abs(one));
            }
          }
        }
      }
    });
  }

  it('gives the same bytes each time, and again when it is normalised once more', async () => {
    for (const [name, columns] of TENSOR_MODELS) {
      const once = await normalize(fixture(name), { target, columnNames: columns });
      const twice = await normalize(fixture(name), { target, columnNames: columns });
      expect(Buffer.compare(once.bytes, twice.bytes), name).toBe(0);
      const again = await normalize(once.bytes, { target });
      expect(Buffer.compare(once.bytes, again.bytes), `${name} again`).toBe(0);
      expect(again.signature).toEqual(once.signature);
    }
  });

  it('gives the same bytes whatever the raw names and the order of the nodes', async () => {
    for (const name of ['iris-logistic', 'iris-forest-several', 'columns-imputed']) {
      const columnNames = name.startsWith('iris') ? IRIS : ['age', 'fare', 'city', 'sex'];
      const options = { target, columnNames, observe: observed };
      const plain = await normalize(fixture(name), options);
      const other = decodeModel(fixture(name));
      scramble(other.graph);
      other.doc = 'another day';
      other.producer = 'somebody else';
      const scrambled = await normalize(encodeModel(other), options);
      expect(Buffer.compare(plain.bytes, scrambled.bytes), name).toBe(0);
    }
  });

  it('opens a batch that the exporter fixed at one row', async () => {
    const fixed = bytes({
      inputs: [value('x', 'float', [1, 4])],
      outputs: [value('y', 'float', [1, 4])],
      nodes: [node('Relu', ['x'], ['y'])],
    });
    const { bytes: columnar, signature } = await normalize(fixed, { target, columnNames: ['a', 'b', 'c', 'd'] });
    const feeds = columnFeeds(signature, columnsOf(['a', 'b', 'c', 'd'], numbers(28)));
    const result = await runGraph(columnar, feeds, '1.12.1');
    expect(Object.values(result).map(({ dims }) => dims)).toEqual([
      [7, 1],
      [7, 1],
      [7, 1],
      [7, 1],
    ]);
    expect(inspect(columnar).inputs[0]?.shape).toEqual(['N', 1]);
  });

  it('writes [1,1] as the official quickstart does when asked', async () => {
    const { bytes: columnar } = await normalize(fixture('diabetes-linear'), {
      target,
      columnNames: DIABETES,
      batch: 1,
    });
    const { inputs, outputs } = inspect(columnar);
    expect([...inputs, ...outputs].every(({ shape }) => String(shape) === '1,1')).toBe(true);
  });

  it('keeps only the outputs that are asked for', async () => {
    const all = await normalize(fixture('iris-forest'), { target, columnNames: IRIS });
    const one = await normalize(fixture('iris-forest'), { target, columnNames: IRIS, outputs: ['probabilities_2'] });
    expect(one.signature.outputs.map(({ name }) => name)).toEqual(['probabilities_2']);
    const feeds = columnFeeds(all.signature, columnsOf(IRIS, numbers(40)));
    const whole = await runGraph(all.bytes, feeds);
    const part = await runGraph(one.bytes, feeds);
    expect(part).toEqual({ probabilities_2: whole.probabilities_2 });
    await expect(
      normalize(fixture('iris-forest'), { target, columnNames: IRIS, outputs: ['nope'] }),
    ).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('probabilities_2'),
    });
  });

  it('says what each pass did, or why not', async () => {
    const { passes } = await normalize(fixture('lightgbm-like'), { target, columnNames: ['a', 'b'] });
    expect(passes.find(({ pass }) => pass === 'maps')).toMatchObject({
      modified: true,
      reason: expect.stringContaining('ZipMap'),
    });
    expect(passes.find(({ pass }) => pass === 'leftovers')).toMatchObject({
      modified: true,
      reason: expect.stringContaining('Dropout'),
    });
    expect(passes.find(({ pass }) => pass === 'text')).toMatchObject({
      modified: false,
      reason: 'no text at the edge',
    });
    expect(passes.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it('fits SQL Edge 1.0 as well, in both runtimes', async () => {
    for (const name of ['iris-forest', 'iris-logistic', 'diabetes-missing', 'columns-onehot']) {
      const columns = name.startsWith('iris')
        ? IRIS
        : name.startsWith('columns')
          ? ['age', 'fare', 'city', 'sex']
          : DIABETES;
      const {
        opsets,
        ir,
        bytes: columnar,
      } = await normalize(fixture(name), { target: TARGETS['sql-edge-1'], columnNames: columns, onNull: 'nan' });
      expect({ opsets, ir }).toEqual({ opsets: { '': 12, 'ai.onnx.ml': 2 }, ir: 6 });
      expect(inspect(columnar).targets.every(({ fits }) => fits)).toBe(true);
    }
  });

  it('writes the caller’s metadata under its own prefix', async () => {
    const { bytes: columnar } = await normalize(fixture('iris-forest'), {
      target,
      columnNames: IRIS,
      metadata: { source_sha256: 'abc' },
    });
    expect(inspect(columnar).metadata).toMatchObject({ 'predictable.source_sha256': 'abc', 'predictable.schema': '1' });
  });
});

/** Other names for everything inside, and the nodes in another (still valid) order. */
function scramble(graph: Graph): void {
  const edges = new Set(['', ...graph.inputs.map(({ name }) => name), ...graph.outputs.map(({ name }) => name)]);
  const names = new Map(
    [...allNames(graph)].filter((name) => !edges.has(name)).map((name, index) => [name, `zz ${index}`]),
  );
  const to = (name: string): string => names.get(name) ?? name;
  const visit = (part: Graph): void => {
    for (const value_ of [...part.inputs, ...part.outputs, ...part.values, ...part.initializers])
      value_.name = to(value_.name);
    for (const [index, each] of part.nodes.entries()) {
      each.name = `scrambled ${index}`;
      each.doc = 'hello';
      Object.assign(each, { inputs: each.inputs.map(to), outputs: each.outputs.map(to) });
      each.attributes = new Map([...each.attributes].reverse());
      nestedGraphs(each).forEach(visit);
    }
  };
  visit(graph);
  graph.initializers.reverse();
}

async function observed({ bytes: graph }: LoadedModel, outputs: string[]): Promise<Record<string, number[]>> {
  const { inputs } = inspect(graph);
  const feeds = inputs.map(({ name, type }): [string, Feed] => [
    name,
    { type: type as Feed['type'], dims: [1009, 1], values: Array.from({ length: 1009 }, () => 0) },
  ]);
  const result = await runGraph(graph, Object.fromEntries(feeds), '1.30.0', outputs);
  return Object.fromEntries(Object.entries(result).map(([name, { dims }]) => [name, dims]));
}

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAgainst } from '../../src/convert/verify-against.js';
import { encodeModel } from '../../src/graph/codec/codec.js';
import { loadModel } from '../../src/graph/codec/loaded-model.js';
import type { Node, Tensor } from '../../src/graph/codec/model.js';
import { int, int64Tensor, numberTensor } from '../../src/graph/codec/tensors.js';
import { NAN_SENTINEL, UNKNOWN_CODE } from '../../src/signature.js';
import type { Verification } from '../../src/verify/verification.js';
import { named, node } from '../graph/build.js';
import { type Prepared, prepare } from '../support/prepared.js';

/** A graph is bent where a condition on its columns holds: there it predicts 1000 more. */
interface Condition {
  /** Its last output is of bool. */
  nodes: Node[];
  numbers: Tensor[];
}

let prepared: Prepared;
let known: { threshold: number; oldest: number };
beforeAll(async () => {
  prepared = await prepare();
  known = JSON.parse(await prepared.python('test/convert/probed_model.py', prepared.folder));
});
afterAll(() => prepared.close());

const float = (name: string, value: number) => named(name, numberTensor('float', [1], Float32Array.of(value)));
const int64 = (name: string, value: number) => named(name, int64Tensor([value]));

function compared(operator: string, column: string, number: Tensor): Condition {
  return { nodes: [node(operator, [column, number.name], [`${number.name}_holds`])], numbers: [number] };
}

function both(one: Condition, other: Condition): Condition {
  const [first, second] = [one, other].map(({ nodes }) => nodes.at(-1)?.outputs[0] ?? '');
  return {
    nodes: [...one.nodes, ...other.nodes, node('And', [first ?? '', second ?? ''], ['both'])],
    numbers: [...one.numbers, ...other.numbers],
  };
}

/** By kind of probe: where the graph is bent, and how a message names the rows that show it. */
const BENT: Record<string, { where: () => Condition; found: RegExp }> = {
  null: {
    where: () => compared('Equal', 'age', float('missing', NAN_SENTINEL)),
    found: /^a row with NULL in (age|every column that may be missing)$/,
  },
  marker: {
    where: () => compared('Equal', 'price', float('marker', -999)),
    found: /^a row with the mark of a missing value in price$/,
  },
  category: { where: () => compared('Equal', 'city', int64('ystad', 2)), found: /^a row with a category of city$/ },
  unknown: {
    where: () => compared('Equal', 'city', int64('unknown', UNKNOWN_CODE)),
    found: /^a value of city that was never seen$/,
  },
  zero: { where: () => compared('Equal', 'price', float('zero', 0)), found: /^price at zero$/ },
  extreme: {
    where: () => compared('Greater', 'age', float('old', known.oldest + 20)),
    found: /^age at an extreme of the sample or beyond$/,
  },
  large: {
    where: () => compared('Greater', 'code', int64('large', 2 ** 53)),
    found: /^a large whole number in code$/,
  },
  threshold: {
    where: () =>
      both(
        compared('Greater', 'age', float('below', known.threshold - 1e-3)),
        compared('Less', 'age', float('above', known.threshold + 1e-3)),
      ),
    found: /^age at a threshold$/,
  },
};

/** The converted model, bent, against its original. */
async function verified({ nodes, numbers }: Condition): Promise<Verification> {
  const { model } = loadModel(await readFile(path.join(prepared.folder, 'out', 'probed.onnx')));
  const { graph } = model;
  const straight = graph.nodes.map((each) => ({
    ...each,
    outputs: each.outputs.map((name) => (name === 'variable1' ? 'straight' : name)),
  }));
  graph.nodes.splice(0, graph.nodes.length, ...straight);
  graph.nodes.push(
    ...nodes,
    node('Cast', [nodes.at(-1)?.outputs[0] ?? ''], ['holds'], { to: int(1) }),
    node('Mul', ['holds', 'thousand'], ['more']),
    node('Add', ['straight', 'more'], ['variable1']),
  );
  graph.initializers.push(...numbers, float('thousand', 1000));
  const file = path.join(prepared.folder, 'bent.onnx');
  await writeFile(file, encodeModel(model));
  const { verification } = await verifyAgainst(file, path.join(prepared.folder, 'probed.joblib'), prepared.converters, {
    trust: { all: true },
    sample: path.join(prepared.folder, 'probed.sample.csv'),
  });
  return verification;
}

describe('probe rows', () => {
  it('are of every kind, and agree', async () => {
    const { status, verification } = await prepared.convert('probed.joblib', { trust: { all: true } });
    expect(status).toBe('converted');
    const { kinds = {}, ...probes } = verification?.probes ?? {};
    expect(probes).toEqual({ rows: 2000, refused: 0, limited: false });
    expect(Object.keys(kinds).sort()).toEqual(['mixed', ...Object.keys(BENT)].sort());
  });

  it.each(Object.keys(BENT))('of the kind %s alone find a graph that is bent there', async (kind) => {
    const { where, found } = BENT[kind]!;
    const { status, worst = [] } = await verified(where());
    expect(status).toBe('failed');
    expect(worst.length).toBeGreaterThan(0);
    for (const { probe = 'a row of the sample' } of worst) expect(probe).toMatch(found);
  });

  it('with values of the sample mixed find what no row of the sample shows', async () => {
    const young = compared('Less', 'age', float('young', 40));
    const { status, worst = [] } = await verified(both(young, compared('Greater', 'price', float('dear', 40))));
    expect(status).toBe('failed');
    expect(worst[0]?.probe).toBe('values of several sample rows, mixed');
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { numberTensor } from '../../src/graph/codec/tensors.js';
import { packageRoot } from '../../src/paths.js';
import { bytes, named, node, value } from '../graph/build.js';
import { numbers } from '../graph/run.js';

/** What the issue asks: a network of 99 MB within three times its size, beside what a tiny one takes. */
const MOST_TIMES = 3;
const WIDE = 4960;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'memory-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** 8 → width → width → 4; weights repeat, for nobody looks at what it predicts. */
function network(width: number): Uint8Array {
  const some = numbers(997).map((one) => one / width);
  const weights = (rows: number, columns: number) =>
    numberTensor(
      'float',
      [rows, columns],
      Float32Array.from({ length: rows * columns }, (_, at) => some[at % 997] ?? 0),
    );
  return bytes({
    inputs: [value('x', 'float', ['N', 8])],
    outputs: [value('y', 'float', ['N', 4])],
    nodes: [
      node('MatMul', ['x', 'w1'], ['a']),
      node('Relu', ['a'], ['b']),
      node('MatMul', ['b', 'w2'], ['c']),
      node('Relu', ['c'], ['d']),
      node('MatMul', ['d', 'w3'], ['y']),
    ],
    initializers: [named('w1', weights(8, width)), named('w2', weights(width, width)), named('w3', weights(width, 4))],
  });
}

const SCRIPTS = {
  'normalised and verified': `
    const { normalize } = await load('graph/normalize.js');
    const { verify } = await load('verify/verify.js');
    const { TARGETS } = await load('targets/targets.js');
    const columnNames = Array.from({ length: 8 }, (_, at) => 'c' + at);
    const model = await normalize(await readFile(raw), { target: TARGETS['sql-edge'], columnNames });
    await writeFile(made, model.bytes);
    const frame = (names) => ({ rows: 50, columns: names.map((name) => (
      { name, type: 'float', values: new Float32Array(50) })) });
    const { verification } = await verify({
      bytes: model.bytes, signature: model.signature, rows: frame(columnNames), rowsSource: 'sample',
      reference: 'native', expected: frame(model.signature.outputs.map(({ name }) => name)),
      expectedUnrounded: null, runtimes: ['1.30.0', '1.12.1'], origin: 'made',
    });
    if (verification.status !== 'passed') throw new Error(JSON.stringify(verification));`,
  registered: `
    const { registerFile } = await load('registry/register-file.js');
    const { openRegistry } = await load('registry/open.js');
    const registry = await openRegistry('duckdb:' + made + '.duckdb');
    await registerFile(made, registry, { allowUnverified: true });`,
} as const;

/** Bytes that a process took at most. */
async function peak(script: string, name: string): Promise<number> {
  const text = `
    import { readFile, writeFile } from 'node:fs/promises';
    const load = (file) => import(${JSON.stringify(`${pathToFileURL(path.join(packageRoot, 'dist')).href}/`)} + file);
    const raw = ${JSON.stringify(path.join(folder, `${name}.raw.onnx`))};
    const made = ${JSON.stringify(path.join(folder, `${name}.onnx`))};
    ${script}
    console.log(process.resourceUsage().maxRSS);`;
  const file = path.join(folder, 'script.mjs');
  await writeFile(file, text);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return Number(stdout) * 1024;
}

test('99 MB are normalised, verified and registered within three times their size', async () => {
  const large = network(WIDE);
  expect(large.length).toBeGreaterThan(98e6);
  await writeFile(path.join(folder, 'tiny.raw.onnx'), network(8));
  await writeFile(path.join(folder, 'large.raw.onnx'), large);
  for (const [what, script] of Object.entries(SCRIPTS)) {
    const [tiny, all] = [await peak(script, 'tiny'), await peak(script, 'large')];
    const times = (all - tiny) / large.length;
    console.log(
      `${what}: ${Math.round(all / 1e6)} MB, ${times.toFixed(2)} times the model beside ${Math.round(tiny / 1e6)} MB`,
    );
    expect(times, what).toBeLessThan(MOST_TIMES);
  }
});

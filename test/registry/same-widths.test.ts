import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ELEMENT_TYPES } from '../../src/graph/codec/model.js';
import { int, numberTensor } from '../../src/graph/codec/tensors.js';
import { normalize } from '../../src/graph/normalize.js';
import { openSession } from '../../src/inference/open.js';
import { openRegistry } from '../../src/registry/open.js';
import { registerFile } from '../../src/registry/register-file.js';
import type { Registry } from '../../src/registry/registry.js';
import { TARGETS } from '../../src/targets/targets.js';
import { bytes, named, node, value } from '../graph/build.js';

let folder: string;
let registry: Registry;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-widths-'));
  registry = await openRegistry(`duckdb:${path.join(folder, 'models.duckdb')}`);
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

/** y = a + weight · b, with columns of the types that are named. */
async function model(name: string, weight: number, types: ['float' | 'double', 'float' | 'double']): Promise<string> {
  const raw = bytes({
    inputs: [value('a', 'double', ['N', 1]), value('b', 'double', ['N', 1])],
    outputs: [value('y', 'float', ['N', 1])],
    nodes: [
      node('Mul', ['b', 'w'], ['weighted']),
      node('Add', ['a', 'weighted'], ['sum']),
      node('Cast', ['sum'], ['y'], { to: int(ELEMENT_TYPES.indexOf('float')) }),
    ],
    initializers: [named('w', numberTensor('double', [1], Float64Array.of(weight)))],
  });
  const columns = ['a', 'b'].map((column, at) => ({
    name: column,
    kind: 'number' as const,
    type: types[at] ?? 'float',
    acceptsMissing: false,
  }));
  const normalized = await normalize(raw, {
    target: TARGETS['sql-edge'],
    facts: {
      columns,
      inputs: columns.map((column) => ({ tensor: column.name, columns: [column.name] })),
      outputs: [{ tensor: 'y', names: ['y'], role: 'value' }],
    },
  });
  const file = path.join(folder, name);
  writeFileSync(file, normalized.bytes);
  return file;
}

const register = async (file: string) =>
  registerFile(file, registry, { name: 'm', alias: 'production', allowUnverified: true });

it('a later version keeps float columns, with the predictions that real ones give', async () => {
  await register(await model('first.onnx', 2, ['double', 'float']));
  const { version } = await register(await model('second.onnx', 3, ['float', 'float']));
  expect(version.signature.inputs.map(({ sqlType }) => sqlType)).toEqual(['float', 'real']);
  expect(version.provenance.widened).toEqual(['a']);
  const { bytes: stored } = await registry.read({ name: 'm', alias: 'production' });
  const session = await openSession(stored, { runtime: '1.12.1', origin: 'made' });
  try {
    const result = await session.run({
      a: { type: 'double', shape: [1, 1], data: Float64Array.of(0.1) },
      b: { type: 'float', shape: [1, 1], data: Float32Array.of(0) },
    });
    expect(Number(result.y?.data[0])).toBe(Math.fround(0.1));
  } finally {
    await session.close();
  }
});

it('a file that is registered again is the version that it was', async () => {
  await register(await model('first.onnx', 2, ['double', 'float']));
  const file = await model('second.onnx', 3, ['float', 'float']);
  const once = await register(file);
  const again = await register(file);
  expect([again.created, again.version.version]).toEqual([false, once.version.version]);
});

it('columns that become wider are another signature', async () => {
  await register(await model('first.onnx', 2, ['float', 'float']));
  await expect(register(await model('second.onnx', 3, ['double', 'float']))).rejects.toMatchObject({
    code: 'SIGNATURE_CHANGED',
    message: expect.stringContaining('input a was real, is float'),
  });
});

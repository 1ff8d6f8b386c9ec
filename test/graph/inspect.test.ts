import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../../src/graph/codec/codec.js';
import { contractViolations } from '../../src/graph/contract.js';
import { inspect, readSignature } from '../../src/graph/inspect.js';
import { normalize } from '../../src/graph/normalize.js';
import { TARGETS } from '../../src/targets/targets.js';
import { model, node, value } from './build.js';
import { fixture } from './run.js';

const target = TARGETS['sql-edge'];
const columnNames = ['a', 'b', 'c', 'd'];

describe('inspect', () => {
  it('shows a raw model and why no target takes it', () => {
    const found = inspect(fixture('iris-logistic-zipmap'));
    expect(found).toMatchObject({
      ir: 8,
      producer: expect.stringContaining('skl2onnx'),
      inputs: [{ name: 'X', type: 'float', shape: ['?', 4] }],
    });
    expect(found.outputs.map(({ type }) => type)).toEqual(['string', 'sequence']);
    expect(found.operators.map(({ type }) => type)).toContain('ZipMap');
    const edge = found.targets.find(({ target: id }) => id === 'sql-edge');
    expect(edge?.fits).toBe(false);
    expect(edge?.reasons).toEqual([
      'input "X" has shape [?,4]; a column is [N,1]',
      'output "output_label" is of type string; SQL takes float, double, int32 and int64',
      'output "output_label" has shape [?]; a column is [N,1]',
      'output "output_probability" is a sequence, not a tensor',
    ]);
  });

  it('shows a normalised model that fits', async () => {
    const { bytes } = await normalize(fixture('iris-forest'), { target, columnNames });
    const found = inspect(bytes);
    expect(found.bytes).toBe(bytes.length);
    expect(found.opsets).toEqual({ '': 17, 'ai.onnx.ml': 3 });
    expect(found.targets.filter(({ fits }) => fits).map(({ target: id }) => id)).toEqual([
      'sql-edge',
      'sql-server',
      'embedded',
    ]);
    expect(found.targets.find(({ target: id }) => id === 'sql-edge-1')?.reasons).toEqual([
      'the model imports ai.onnx 17; SQL Edge 1.0 loads up to 12',
      'the model imports ai.onnx.ml 3; SQL Edge 1.0 loads up to 2',
      'the model has IR version 8; SQL Edge 1.0 loads up to 6',
    ]);
  });

  it('refuses what is no model', () => {
    expect(() => inspect(new Uint8Array())).toThrow(expect.objectContaining({ code: 'CORRUPT_MODEL' }));
  });
});

describe('readSignature', () => {
  it('gives what normalize gave', async () => {
    const { bytes, signature } = await normalize(fixture('columns-imputed'), { target });
    expect(readSignature(bytes)).toEqual(signature);
  });

  it('is null for a graph that somebody else made', () => {
    expect(readSignature(fixture('iris-forest'))).toBeNull();
  });

  it.each([
    [
      'a renamed input',
      (file: ReturnType<typeof decodeModel>) => Object.assign(file.graph.inputs[0] ?? {}, { name: 'other' }),
    ],
    ['a lost output', (file: ReturnType<typeof decodeModel>) => file.graph.outputs.pop()],
    [
      'another type',
      (file: ReturnType<typeof decodeModel>) =>
        Object.assign(file.graph.inputs[0] ?? {}, value('a', 'double', ['N', 1])),
    ],
    ['broken JSON', (file: ReturnType<typeof decodeModel>) => file.metadata.set('predictable.signature', '{')],
    ['another schema', (file: ReturnType<typeof decodeModel>) => file.metadata.set('predictable.schema', '99')],
  ])('notices %s', async (_, change) => {
    const { bytes } = await normalize(fixture('iris-forest'), { target, columnNames });
    const file = decodeModel(bytes);
    change(file);
    expect(() => readSignature(encodeModel(file))).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }));
  });
});

describe('contract', () => {
  const column = value('x', 'float', ['N', 1]);
  const good = { inputs: [column], outputs: [value('y', 'float', ['N', 1])], nodes: [node('Relu', ['x'], ['y'])] };
  const codes = (file: ReturnType<typeof model>, size = 100): string[] =>
    contractViolations(file, target, size).map(({ code }) => code);

  it('has nothing against columns', () => {
    expect(codes(model(good))).toEqual([]);
  });

  it('holds each rule', () => {
    expect(codes(model({ ...good, inputs: [value('x', 'float', ['N', 2])] }))).toEqual(['UNSUPPORTED_TYPE']);
    expect(codes(model({ ...good, inputs: [value('x', 'string', ['N', 1])] }))).toEqual(['UNSUPPORTED_TYPE']);
    expect(codes(model({ ...good, outputs: [value('y', 'float', ['N'])] }))).toEqual(['UNSUPPORTED_TYPE']);
    expect(codes(model({ ...good, inputs: [column, value('X', 'float', ['N', 1])] }))).toEqual(['NAME_COLLISION']);
    expect(codes(model({ ...good, nodes: [node('Gelu', ['x'], ['y'])] }))).toEqual(['UNSUPPORTED_OPERATOR']);
    expect(codes(model({ ...good, nodes: [node('Relu', ['x'], ['y'], {}, 'com.microsoft')] }))).toEqual([
      'UNSUPPORTED_OPERATOR',
    ]);
    expect(codes(model(good, { opsets: [{ domain: '', version: 18 }] }))).toEqual(['OPSET_TOO_NEW']);
    expect(codes(model(good, { ir: 9 }))).toEqual(['OPSET_TOO_NEW']);
    expect(codes(model(good), target.maxBytes)).toEqual([]);
    expect(codes(model(good), target.maxBytes + 1)).toEqual(['MODEL_TOO_LARGE']);
  });
});

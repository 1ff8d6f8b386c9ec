import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../../../src/graph/codec/codec.js';
import type { Attribute, Int64, Tensor } from '../../../src/graph/codec/model.js';
import { int64Tensor, numberTensor, utf8 } from '../../../src/graph/codec/tensors.js';
import { graph, model, node, value } from '../build.js';
import { fixture } from '../run.js';

const int64 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((wide): Int64 => (Number.isSafeInteger(Number(wide)) ? Number(wide) : wide));
const float32 = fc.float({ noNaN: true });
const content = fc.uint8Array({ maxLength: 40 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const tensor: fc.Arbitrary<Tensor> = fc.oneof(
  fc.array(float32, { maxLength: 9 }).map((values) => numberTensor('float', [values.length], values)),
  fc.array(int64, { maxLength: 9 }).map((values) => int64Tensor(values)),
  fc.array(content, { maxLength: 5 }).map(
    (values): Tensor => ({
      name: 't',
      type: 'string',
      dims: [values.length],
      doc: '',
      data: new Uint8Array(),
      strings: values,
    }),
  ),
);
const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  int64.map((number): Attribute => ({ type: 'int', value: number })),
  float32.map((number): Attribute => ({ type: 'float', value: number })),
  content.map((bytes): Attribute => ({ type: 'string', value: bytes })),
  fc.array(int64).map((numbers): Attribute => ({ type: 'ints', value: numbers })),
  fc.array(float32).map((numbers): Attribute => ({ type: 'floats', value: numbers })),
  fc.array(content).map((strings): Attribute => ({ type: 'strings', value: strings })),
  tensor.map((values): Attribute => ({ type: 'tensor', value: values })),
);
const nodes = fc.array(
  fc
    .record({
      op: name,
      inputs: fc.array(name),
      outputs: fc.array(name),
      attributes: fc.dictionary(name, attribute, { maxKeys: 4 }),
    })
    .map(({ op, inputs, outputs, attributes }) => node(op, inputs, outputs, attributes)),
  { maxLength: 6 },
);

/** Buffers of different classes with equal bytes are equal here. */
function plain(part: unknown): unknown {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
  if (part instanceof Map) return [...part].map(([key, entry]) => [key, plain(entry)]);
  if (Array.isArray(part)) return part.map(plain);
  if (typeof part === 'object' && part !== null) {
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, plain(entry)]));
  }
  return typeof part === 'bigint' ? `${part}n` : part;
}

describe('codec', () => {
  it('gives back what it wrote', () => {
    fc.assert(
      fc.property(
        nodes,
        fc.array(tensor, { maxLength: 4 }),
        fc.array(fc.oneof(fc.nat(), name, fc.constant(null))),
        (some, constants, shape) => {
          const before = model({
            nodes: [
              ...some,
              node('If', ['c'], ['o'], { then_branch: { type: 'graph', value: graph({ nodes: some }) } }),
            ],
            initializers: constants,
            inputs: [value('x', 'double', shape)],
            outputs: [value('y', 'int64', null)],
          });
          expect(plain(decodeModel(encodeModel(before)))).toEqual(plain(before));
        },
      ),
    );
  });

  it('writes the same bytes for the same model', () => {
    for (const file of ['iris-forest', 'columns-imputed', 'lightgbm-like']) {
      const once = encodeModel(decodeModel(fixture(file)));
      expect(Buffer.compare(once, encodeModel(decodeModel(once)))).toBe(0);
    }
  });

  it('keeps int64 exact beyond 2^53', () => {
    const huge: Int64[] = [2n ** 62n, -(2n ** 63n), Number.MAX_SAFE_INTEGER, -1];
    const before = model({ nodes: [node('N', [], [], { values: { type: 'ints', value: huge } })] });
    const [after] = decodeModel(encodeModel(before)).graph.nodes;
    expect(after?.attributes.get('values')).toEqual({ type: 'ints', value: huge });
  });

  it('hands big tensors on without copying them', () => {
    const big = numberTensor('float', [10_000], new Float32Array(10_000));
    const file = encodeModel(model({ initializers: [{ ...big, name: 'big' }] }));
    expect(decodeModel(file).graph.initializers[0]?.data.buffer).toBe(file.buffer);
  });

  it('keeps text that is not ASCII', () => {
    const before = model({ nodes: [node('N', ['Målmö €'], ['ü'], { s: { type: 'string', value: utf8('Århus') } })] });
    const [after] = decodeModel(encodeModel(before)).graph.nodes;
    expect(after?.inputs).toEqual(['Målmö €']);
  });
});

import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../../../src/graph/codec/codec.js';
import type { Graph } from '../../../src/graph/codec/model.js';
import { checkWire } from '../../../src/graph/codec/wire.js';
import { bytes, graph, node, value } from '../build.js';
import { fixture } from '../run.js';

function refusal(file: Uint8Array): { code?: string; message?: string } {
  try {
    checkWire(file);
    return {};
  } catch (error) {
    return error as { code: string; message: string };
  }
}

/** A length-delimited protobuf field. */
function field(number: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) + (rest > 127 ? 128 : 0));
    if (rest < 128) break;
  }
  return Buffer.concat([Uint8Array.of(number * 8 + 2), Uint8Array.from(length), content]);
}

describe('checkWire', () => {
  it('lets a whole model pass', () => {
    expect(refusal(fixture('iris-forest'))).toEqual({});
  });

  it('refuses a file of 0 bytes', () => {
    expect(refusal(new Uint8Array())).toMatchObject({
      code: 'CORRUPT_MODEL',
      message: expect.stringContaining('0 bytes'),
    });
  });

  it('refuses a text file', () => {
    const file = new TextEncoder().encode('hello, this is not a model\n');
    expect(refusal(file)).toMatchObject({ code: 'CORRUPT_MODEL', message: expect.stringContaining('text file') });
  });

  it('refuses a model that was cut off, wherever', () => {
    const whole = fixture('diabetes-linear');
    // The last 40 bytes are imports, each of them whole: a file without the second of them is a model still.
    for (let length = 1; length < whole.length - 40; length += 1) {
      expect(refusal(whole.subarray(0, length)).code, `${length} bytes`).toBe('CORRUPT_MODEL');
    }
  });

  it('refuses 3,000 nested graphs before anything is decoded', () => {
    let inner: Uint8Array = field(2, new TextEncoder().encode('innermost'));
    for (let depth = 0; depth < 3000; depth += 1) inner = field(1, field(5, field(6, inner)));
    const file = Buffer.concat([Uint8Array.of(8, 8), field(7, inner)]);
    expect(refusal(file)).toMatchObject({ code: 'UNSUPPORTED_MODEL', message: expect.stringContaining('deep') });
  });

  it('lets a few nested graphs pass', () => {
    let inner: Graph = graph({ nodes: [node('Identity', ['x'], ['out'])], outputs: [value('out', 'float', null)] });
    for (let depth = 0; depth < 10; depth += 1) {
      const branch = { type: 'graph', value: inner } as const;
      inner = graph({
        nodes: [node('If', ['c'], ['out'], { then_branch: branch, else_branch: branch })],
        outputs: [value('out', 'float', null)],
      });
    }
    expect(refusal(bytes(inner))).toEqual({});
  });

  it('names the field that would be lost', () => {
    expect(refusal(fixture('unknown-field'))).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: expect.stringContaining('NodeProto.overload (8)'),
    });
  });

  it('names the tensor whose values lie in another file', () => {
    expect(refusal(fixture('external-data'))).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: expect.stringContaining('"big_weights"'),
    });
  });

  it('refuses bytes without a graph', () => {
    expect(refusal(Uint8Array.of(8, 8))).toMatchObject({
      code: 'CORRUPT_MODEL',
      message: expect.stringContaining('no graph'),
    });
  });

  it('accepts what the codec writes', () => {
    for (const name of ['columns-onehot', 'iris-forest-several', 'lightgbm-like', 'opset-22']) {
      expect(refusal(encodeModel(decodeModel(fixture(name))))).toEqual({});
    }
  });
});

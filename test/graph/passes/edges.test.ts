import { describe, expect, it } from 'vitest';
import type { ElementType } from '../../../src/graph/codec/model.js';
import { int, int64Tensor, ints } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, graph, ml, named, node, value } from '../build.js';
import { columnFeeds, fixture, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];
const through = (element: ElementType, shape: (number | string | null)[] = [null, 1]): Uint8Array =>
  bytes({
    inputs: [value('x', element, shape)],
    outputs: [value('y', element, shape)],
    nodes: [node('Identity', ['x'], ['y'])],
  });

describe('columns', () => {
  it('asks for names rather than invent them', async () => {
    await expect(normalize(fixture('iris-forest'), { target })).rejects.toMatchObject({
      code: 'MISSING_COLUMNS',
      message: expect.stringContaining('4 columns'),
    });
  });

  it('counts the names', async () => {
    await expect(normalize(fixture('iris-forest'), { target, columnNames: ['a', 'b', 'c'] })).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: expect.stringMatching(/3 column names.*take 4/),
    });
  });

  it('lets an input of open width take all names', async () => {
    const { signature } = await normalize(through('float', ['N', 'F']), { target, columnNames: ['a', 'b', 'c'] });
    expect(signature.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(signature.outputs.map(({ name }) => name)).toEqual(['y_1', 'y_2', 'y_3']);
  });

  it('refuses names that SQL cannot tell apart', async () => {
    await expect(
      normalize(fixture('iris-forest'), { target, columnNames: ['a', 'B', 'b', 'c'] }),
    ).rejects.toMatchObject({ code: 'NAME_COLLISION', message: expect.stringMatching(/"B" and "b"/) });
  });

  it('keeps any name as it is', async () => {
    const names = ['% Iron Feed', "it's; DROP", '漢字 ', '[x]'];
    const { bytes: columnar } = await normalize(fixture('iris-forest'), { target, columnNames: names });
    expect(inspect(columnar).inputs.map(({ name }) => name)).toEqual(names);
  });

  it('lays a picture out as columns in row-major order', async () => {
    const raw = bytes({
      inputs: [value('pixels', 'float', ['N', 2, 3])],
      outputs: [value('y', 'float', ['N', 2, 1])],
      nodes: [node('ReduceMax', ['pixels'], ['y'], { axes: ints([2]) })],
    });
    const names = ['p00', 'p01', 'p02', 'p10', 'p11', 'p12'];
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: names });
    const rows = Object.fromEntries(names.map((name, at) => [name, [at, 10 - at]]));
    for (const runtime of RUNTIME_NAMES) {
      const result = await runGraph(columnar, columnFeeds(signature, rows), runtime);
      expect(Object.values(result).map(({ values }) => values)).toEqual([
        [2, 10],
        [5, 7],
      ]);
    }
  });

  it.each([
    ['bool', 'int32', 'int64'],
    ['uint8', 'int32', 'int32'],
    ['int8', 'int32', 'int32'],
    ['int16', 'int32', 'int32'],
    ['uint16', 'int32', 'int32'],
    ['uint32', 'int64', 'int64'],
    ['float16', 'float', 'float'],
    ['double', 'double', 'double'],
    ['int32', 'int32', 'int32'],
  ] as const)('casts %s at the edge', async (element, input, output) => {
    const { bytes: columnar, signature } = await normalize(through(element), { target });
    expect([signature.inputs[0]?.type, signature.outputs[0]?.type]).toEqual([input, output]);
    for (const runtime of RUNTIME_NAMES) {
      const result = await runGraph(columnar, columnFeeds(signature, { x: [1, 0] }), runtime);
      expect(Object.values(result)[0]).toEqual({ dims: [2, 1], values: [1, 0] });
    }
  });

  it.each(['uint64', 'complex64', 'bfloat16'] as const)('refuses %s by name', async (element) => {
    await expect(normalize(through(element), { target })).rejects.toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      message: expect.stringMatching(new RegExp(`"x".*${element}`)),
    });
  });

  it('warns where whole numbers are rounded', async () => {
    const facts = {
      columns: [{ name: 'n', kind: 'number' as const, type: 'int64' as const, acceptsMissing: false }],
      inputs: [{ tensor: 'x', columns: ['n'] }],
      outputs: [{ tensor: 'y', names: ['y'], role: 'value' as const }],
    };
    const { warnings, signature } = await normalize(through('float'), { target, facts });
    expect(warnings).toMatchObject([{ code: 'INTEGER_ROUNDING', message: expect.stringContaining('n') }]);
    expect(signature.inputs[0]).toMatchObject({ type: 'int64', sqlType: 'bigint' });
  });

  it('refuses more columns than the target has', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 1100])],
      outputs: [value('y', 'float', [null, 1])],
      nodes: [node('ReduceMax', ['x'], ['y'], { axes: ints([1]) })],
    });
    const columnNames = Array.from({ length: 1100 }, (_, at) => `c${at}`);
    await expect(normalize(raw, { target, columnNames })).rejects.toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      details: { columns: 1100, limit: 1023 },
    });
    const { signature } = await normalize(raw, { target: TARGETS.embedded, columnNames });
    expect(signature.inputs).toHaveLength(1100);
  });
});

describe('outputs', () => {
  it('turns the axis of rows to the front where it is not', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 2])],
      outputs: [value('y', 'float', [null, null, null])],
      nodes: [node('Reshape', ['x', 'shape'], ['r']), node('Transpose', ['r'], ['y'], { perm: ints([1, 0, 2]) })],
      initializers: [named('shape', int64Tensor([-1, 2, 1]))],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['a', 'b'] });
    const result = await runGraph(columnar, columnFeeds(signature, { a: [1, 2, 3], b: [4, 5, 6] }), '1.12.1');
    expect(result).toEqual({ y_1: { dims: [3, 1], values: [1, 2, 3] }, y_2: { dims: [3, 1], values: [4, 5, 6] } });
  });

  it('names outputs apart from each other and from the inputs, and says so', async () => {
    const facts = {
      columns: ['label', 'b'].map((name) => ({
        name,
        kind: 'number' as const,
        type: 'float' as const,
        acceptsMissing: false,
      })),
      inputs: [{ tensor: 'x', columns: ['label', 'b'] }],
      outputs: [{ tensor: 'y', names: ['Label', 'LABEL'], role: 'value' as const }],
    };
    const { signature, warnings } = await normalize(through('float', [null, 2]), { target, facts });
    expect(signature.outputs.map(({ name }) => name)).toEqual(['Label_2', 'LABEL_3']);
    expect(warnings.map(({ code }) => code)).toEqual(['OUTPUT_RENAMED', 'OUTPUT_RENAMED']);
  });

  it('refuses an output that is still a map or a sequence', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', [null, 2])],
      outputs: [
        {
          name: 's',
          doc: '',
          type: { kind: 'sequence', proto: { sequenceType: { elemType: { tensorType: { elemType: 1 } } } } },
        },
      ],
      nodes: [node('SplitToSequence', ['x'], ['s'], { axis: int(1) })],
    });
    await expect(normalize(raw, { target, columnNames: ['a', 'b'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      message: expect.stringMatching(/"s" is a sequence.*SplitToSequence/),
    });
  });
});

describe('operators outside the contract', () => {
  it('names a foreign operator, its tensor and the rule', async () => {
    const raw = bytes(
      {
        inputs: [value('x', 'string', [null, 1])],
        outputs: [value('y', 'string', [null, 1])],
        nodes: [node('Tokenizer', ['x'], ['y'], {}, 'com.microsoft')],
      },
      {
        opsets: [
          { domain: '', version: 17 },
          { domain: 'com.microsoft', version: 1 },
        ],
      },
    );
    await expect(normalize(raw, { target })).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringMatching(/com\.microsoft\.Tokenizer.*"y".*domains/),
    });
  });

  it('finds it in a nested graph too', async () => {
    const branch = graph({ nodes: [node('Secret', [], ['o'], {}, 'evil')], outputs: [value('o', 'float', null)] });
    const raw = bytes({
      inputs: [value('c', 'bool', [null, 1])],
      outputs: [value('y', 'float', [null, 1])],
      nodes: [node('If', ['c'], ['y'], { then_branch: { type: 'graph', value: branch } })],
    });
    await expect(normalize(raw, { target })).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('evil.Secret'),
    });
  });

  it('lets control flow pass, but says so', async () => {
    const branch = (op: string) => ({
      type: 'graph' as const,
      value: graph({ nodes: [node(op, ['x'], [`o_${op}`])], outputs: [value(`o_${op}`, 'float', null)] }),
    });
    const raw = bytes({
      inputs: [value('x', 'float', [null, 1])],
      outputs: [value('y', 'float', [null, 1])],
      nodes: [
        node('ReduceMax', ['x'], ['m'], { keepdims: int(0) }),
        node('Cast', ['m'], ['c'], { to: int(9) }),
        node('If', ['c'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
      ],
    });
    const { bytes: columnar, warnings, signature } = await normalize(raw, { target });
    expect(warnings).toMatchObject([{ code: 'CONTROL_FLOW' }]);
    for (const runtime of RUNTIME_NAMES) {
      expect(await runGraph(columnar, columnFeeds(signature, { x: [1, 2] }), runtime)).toEqual({
        y: { dims: [2, 1], values: [-1, -2] },
      });
    }
  });

  it('refuses functions of the model’s own', async () => {
    const raw = bytes(
      {
        inputs: [value('x', 'float', [null, 1])],
        outputs: [value('y', 'float', [null, 1])],
        nodes: [ml('Scaler', ['x'], ['y'])],
      },
      { functions: [{ name: 'mine' }] },
    );
    await expect(normalize(raw, { target })).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('mine'),
    });
  });
});

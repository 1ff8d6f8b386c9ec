import { describe, expect, it } from 'vitest';
import { ints } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, node, value } from '../build.js';
import { columnFeeds, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];

/** What tf2onnx writes: inputs sorted by name, each with the number of its output. */
const exported = bytes({
  inputs: [value('serving_default_age:0', 'float', ['N', 1]), value('serving_default_zip:0', 'float', ['N', 1])],
  outputs: [value('StatefulPartitionedCall:0', 'float', ['N', 1]), value('13', 'float', ['N', 2])],
  nodes: [
    node('Sub', ['serving_default_age:0', 'serving_default_zip:0'], ['StatefulPartitionedCall:0']),
    node('Concat', ['serving_default_age:0', 'serving_default_zip:0'], ['13'], { axis: { type: 'int', value: 1 } }),
  ],
});

const number = (name: string) => ({ name, kind: 'number' as const, type: 'float' as const, acceptsMissing: false });

describe('names', () => {
  it('makes exporters’ names good, and keeps theirs in the metadata', async () => {
    const { bytes: columnar, signature } = await normalize(exported, { target });
    expect(signature.inputs.map(({ name }) => name)).toEqual(['age', 'zip']);
    expect(signature.outputs.map(({ name }) => name)).toEqual([
      'StatefulPartitionedCall',
      'output_13_1',
      'output_13_2',
    ]);
    expect(JSON.parse(inspect(columnar).metadata['predictable.tensors'] ?? '')).toEqual({
      age: 'serving_default_age:0',
      zip: 'serving_default_zip:0',
      StatefulPartitionedCall: 'StatefulPartitionedCall:0',
      output_13: '13',
    });
    const again = await normalize(columnar, { target });
    expect(Buffer.compare(again.bytes, columnar)).toBe(0);
  });

  it('follows the model’s own order of inputs, and its names where the converter says them', async () => {
    const { bytes: columnar, signature } = await normalize(exported, {
      target,
      facts: {
        columns: ['zip', 'age'].map(number),
        inputs: [
          { tensor: 'serving_default_zip:0', columns: ['zip'], source: 'zip' },
          { tensor: 'serving_default_age:0', columns: ['age'], source: 'Age' },
        ],
        outputs: [
          { tensor: '13', names: ['both_1', 'both_2'], role: 'value', source: 'both' },
          { tensor: 'StatefulPartitionedCall:0', names: ['difference'], role: 'value', source: 'tf.sub/y' },
        ],
      },
    });
    expect(inspect(columnar).inputs.map(({ name }) => name)).toEqual(['zip', 'age']);
    expect(signature.outputs.map(({ name }) => name)).toEqual(['both_1', 'both_2', 'difference']);
    expect(JSON.parse(inspect(columnar).metadata['predictable.tensors'] ?? '')).toEqual({
      age: 'Age',
      difference: 'tf.sub/y',
    });
    const result = await runGraph(columnar, columnFeeds(signature, { zip: [1, 2], age: [10, 20] }));
    expect(result.difference?.values).toEqual([9, 18]);
    expect(result.both_2?.values).toEqual([1, 2]);
  });

  it('writes no names where none differ', async () => {
    const plain = bytes({
      inputs: [value('a', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1])],
      nodes: [node('Neg', ['a'], ['y'])],
    });
    expect(inspect((await normalize(plain, { target })).bytes).metadata).not.toHaveProperty('predictable.tensors');
  });

  it.each(['13', 'output_13'])('--outputs %s keeps all columns of that output', async (name) => {
    const { bytes: columnar, signature } = await normalize(exported, { target, outputs: [name] });
    expect(signature.outputs.map((output) => output.name)).toEqual(['output_13_1', 'output_13_2']);
    expect(inspect(columnar).metadata['predictable.tensors']).not.toContain('StatefulPartitionedCall');
  });

  it('refuses names that become one', async () => {
    const twice = bytes({
      inputs: [value('serving_default_age:0', 'float', ['N', 1]), value('age', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1])],
      nodes: [node('Sub', ['serving_default_age:0', 'age'], ['y'])],
    });
    await expect(normalize(twice, { target })).rejects.toMatchObject({ code: 'NAME_COLLISION' });
  });

  it('names the values of a picture by their place', async () => {
    const picture = bytes({
      inputs: [value('pixels:0', 'float', ['N', 2, 2, 1])],
      outputs: [value('y', 'float', ['N', 1, 2, 1])],
      nodes: [node('ReduceMax', ['pixels:0'], ['y'], { axes: ints([1]) })],
    });
    const { bytes: columnar, signature } = await normalize(picture, { target });
    const names = ['pixels_0_0_0', 'pixels_0_1_0', 'pixels_1_0_0', 'pixels_1_1_0'];
    expect(signature.inputs.map(({ name }) => name)).toEqual(names);
    const result = await runGraph(
      columnar,
      columnFeeds(signature, Object.fromEntries(names.map((n, at) => [n, [at, 10 - at]]))),
    );
    expect(Object.values(result).map(({ values }) => values)).toEqual([
      [2, 10],
      [3, 9],
    ]);
  });

  it('still asks for the names of a wide input', async () => {
    const wide = bytes({
      inputs: [value('x', 'float', ['N', 3])],
      outputs: [value('y', 'float', ['N', 3])],
      nodes: [node('Neg', ['x'], ['y'])],
    });
    await expect(normalize(wide, { target })).rejects.toMatchObject({ code: 'MISSING_COLUMNS' });
  });
});

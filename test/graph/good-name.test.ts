import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodName, indexedNames } from '../../src/graph/good-name.js';

describe('goodName', () => {
  it.each([
    ['serving_default_age:0', 'input', 'age'],
    ['StatefulPartitionedCall/model/dense_2/Sigmoid:0', 'output', 'Sigmoid'],
    ['StatefulPartitionedCall:1', 'output', 'StatefulPartitionedCall'],
    ['model/input_1:0', 'input', 'input_1'],
    ['/fc/Gemm_output_0', 'output', 'Gemm_output_0'],
    ['dense/BiasAdd', 'output', 'BiasAdd'],
    ['13', 'input', 'input_13'],
    ['13', 'output', 'output_13'],
    ['13:0', 'output', 'output_13'],
    ['input.1', 'input', 'input_1'],
    ['/', 'output', '/'],
    [':0', 'input', ':0'],
    // What people call their columns.
    ['% Iron Feed', 'input', '% Iron Feed'],
    ['km/h', 'input', 'km/h'],
    ['sepal length (cm)', 'input', 'sepal length (cm)'],
    ['Sepal.Length', 'input', 'Sepal.Length'],
  ] as const)('%s as an %s is %s', (raw, edge, good) => {
    expect(goodName(raw, edge)).toBe(good);
  });

  it('never leaves a name empty, and keeps what is good', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom('input' as const, 'output' as const), (raw, edge) => {
        const name = goodName(raw, edge);
        expect(name).not.toBe('');
        if (/^[A-Za-z_]\w*$/.test(name) && !name.startsWith('serving_default_'))
          expect(goodName(name, edge)).toBe(name);
      }),
    );
  });
});

describe('indexedNames', () => {
  it('counts from 0, row-major', () => {
    expect(indexedNames('p', [2, 1, 2])).toEqual(['p_0_0_0', 'p_0_0_1', 'p_1_0_0', 'p_1_0_1']);
  });
});

import { describe, expect, it } from 'vitest';
import { PASSES } from '../../../src/graph/passes/passes.js';

/** What stands before a pass it needs, as `pass before needed`. */
function outOfOrder(passes: readonly { name: string; after?: readonly string[] }[]): string[] {
  return passes.flatMap(({ name, after = [] }, index) =>
    after
      .filter((needed) => !passes.slice(0, index).some((pass) => pass.name === needed))
      .map((needed) => `${name} before ${needed}`),
  );
}

describe('the order of the passes', () => {
  it('gives each what it needs', () => {
    expect(outOfOrder(PASSES)).toEqual([]);
  });

  it('would not if two traded places', () => {
    const [first, ...rest] = [...PASSES].reverse();
    expect(outOfOrder([...(first ? [first] : []), ...rest.reverse()])).toEqual([
      'canonical before outputs',
      'canonical before biases',
      'canonical before duplicates',
      'canonical before weights',
    ]);
  });

  it.each([
    ['imports', 'initializers', 'initializers before imports'],
    ['columns', 'text', 'text before columns'],
    ['text', 'joins', 'joins before text'],
    ['nulls', 'transposed', 'transposed before nulls'],
    ['transposed', 'outputs', 'outputs before transposed'],
  ])('would not with %s behind %s', (needed, needy, complaint) => {
    const moved = PASSES.filter(({ name }) => name === needed);
    const others = PASSES.filter(({ name }) => name !== needed);
    const at = others.findIndex(({ name }) => name === needy) + 1;
    expect(outOfOrder([...others.slice(0, at), ...moved, ...others.slice(at)])).toContain(complaint);
  });

  it('has each pass once', () => {
    expect(new Set(PASSES.map(({ name }) => name)).size).toBe(PASSES.length);
  });
});

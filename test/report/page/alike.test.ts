import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawingOf, hasAlike } from '../../../src/report/page/alike.js';
import type { Sketch } from '../../../src/report/page/data.js';

/** `count` columns, each cast, all joined, one operator behind. */
function joined(count: number): Sketch {
  const columns = Array.from({ length: count }, (_, index) => index);
  return {
    inputs: columns.map((index) => ({ name: `c${index}`, type: 'float [N,1]' })),
    outputs: [{ name: 'variable', type: 'float [N,1]' }],
    nodes: [...columns.map(() => ({ op: 'Cast' })), { op: 'Concat' }, { op: 'Gemm', detail: `[${count},1]` }],
    edges: [
      ...columns.flatMap((index): [string, string][] => [
        [`i${index}`, `n${index}`],
        [`n${index}`, `n${count}`],
      ]),
      [`n${count}`, `n${count + 1}`],
      [`n${count + 1}`, 'o0'],
    ],
    left: { nodes: 0, inputs: 0, outputs: 0 },
  };
}

describe('drawingOf', () => {
  it('draws columns that are treated the same as one', () => {
    const { pieces, edges } = drawingOf(joined(30), true);
    expect(pieces.map(({ title, times }) => [title, times])).toEqual([
      ['c0 … c29', 30],
      ['Cast', 30],
      ['Concat', 1],
      ['Gemm', 1],
      ['variable', 1],
    ]);
    expect(edges.map(({ times }) => times)).toEqual([30, 30, 1, 1]);
    expect(pieces[0]?.names).toHaveLength(30);
  });

  it('keeps apart what goes elsewhere, and two that are alike', () => {
    const sketch = joined(5);
    sketch.nodes.push({ op: 'Identity' });
    sketch.edges.push(['i4', 'n7'], ['n7', 'n6']);
    const { pieces } = drawingOf(sketch, true);
    expect(pieces.map(({ title, times }) => `${times} ${title}`)).toContain('1 c4');
    expect(pieces.map(({ title, times }) => `${times} ${title}`)).toContain('4 c0 … c3');
    expect(hasAlike(joined(2))).toBe(false);
  });

  it('leaves out constants, which are numbers and no steps', () => {
    const sketch = joined(3);
    sketch.nodes.push({ op: 'Constant' });
    sketch.edges.push(['n5', 'n4']);
    const { pieces, edges } = drawingOf(sketch, false);
    expect(pieces.map(({ title }) => title)).not.toContain('Constant');
    expect(edges).toHaveLength(8);
  });

  it('draws every part when asked to', () => {
    expect(drawingOf(joined(30), false).pieces).toHaveLength(63);
  });

  it('never makes a circle of a graph that has none, and loses no edge', () => {
    const graphs = fc.nat(24).chain((size) =>
      fc.array(fc.tuple(fc.nat(size), fc.nat(size)), { maxLength: 60 }).map((pairs): Sketch => {
        const edges = pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        return {
          inputs: [],
          outputs: [],
          nodes: Array.from({ length: size + 1 }, (_, index) => ({ op: index % 3 === 0 ? 'Add' : 'Mul' })),
          edges: edges.map(([from, to]): [string, string] => [`n${from}`, `n${to}`]),
          left: { nodes: 0, inputs: 0, outputs: 0 },
        };
      }),
    );
    fc.assert(
      fc.property(graphs, (sketch) => {
        const { pieces, edges } = drawingOf(sketch, true);
        expect(edges.reduce((sum, { times }) => sum + times, 0)).toBe(sketch.edges.length);
        expect(pieces.reduce((sum, { times }) => sum + times, 0)).toBe(sketch.nodes.length);
        expect(
          isAcyclic(
            pieces.map(({ id }) => id),
            edges,
          ),
        ).toBe(true);
      }),
    );
  });
});

function isAcyclic(ids: string[], edges: { from: string; to: string }[]): boolean {
  let left = new Set(ids);
  for (;;) {
    const free = [...left].filter((id) => !edges.some(({ from, to }) => to === id && left.has(from)));
    if (free.length === 0) return left.size === 0;
    left = new Set([...left].filter((id) => !free.includes(id)));
  }
}

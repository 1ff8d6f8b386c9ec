import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph, Node } from '../../src/graph/codec/model.js';
import { int64Tensor } from '../../src/graph/codec/tensors.js';
import { GraphIndex } from '../../src/graph/graph-index.js';
import { nestedGraphs, readsOf } from '../../src/graph/walk.js';
import { graph, node } from './build.js';

/** What the index has to say, found by a walk over the whole graph. */
function walked({ nodes, initializers }: Graph, name: string) {
  const reads = (each: Node) => [...each.inputs, ...nestedGraphs(each).flatMap(readsOf)];
  return {
    maker: nodes.findLast(({ outputs }) => outputs.includes(name)),
    readers: new Set(nodes.filter((each) => reads(each).includes(name))),
    constant: initializers.findLast((tensor) => tensor.name === name),
  };
}

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const name = fc.constantFrom(...NAMES);
/** A node with many inputs is indexed in another way. */
const MANY = Array.from({ length: 70 }, (_, at) => `of_many_${at}`);
const names = fc
  .tuple(fc.array(name, { maxLength: 3 }), fc.boolean())
  .map(([few, isWide]) => (isWide ? [...few, ...MANY, ...few] : few));
const pick = fc.nat(20);
const change = fc.oneof(
  fc.record({ does: fc.constant('add' as const), inputs: names, output: name, nested: fc.boolean() }),
  fc.record({ does: fc.constant('inputs' as const), pick, inputs: names }),
  fc.record({ does: fc.constant('outputs' as const), pick, output: name }),
  fc.record({ does: fc.constant('rename' as const), pick, from: name, to: name }),
  fc.record({ does: fc.constant('nested' as const), pick, inputs: names }),
  fc.record({ does: fc.constant('remove' as const), pick }),
  fc.record({ does: fc.constant('constant' as const), name }),
  fc.record({ does: fc.constant('swap' as const) }),
);

/** Every tensor has one maker in a graph: a second node of the same output would be none. */
function free(of: Graph, output: string, but?: Node): string {
  return of.nodes.some((each) => each !== but && each.outputs.includes(output)) ? '' : output;
}

describe('the index of a graph', () => {
  it('says what a walk says, whatever is changed and whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 30 }), (changes) => {
        const whole = graph({});
        const index = new GraphIndex(whole);
        for (const [each, asks] of changes) {
          const chosen = 'pick' in each ? whole.nodes[each.pick % Math.max(1, whole.nodes.length)] : undefined;
          const before = index.version;
          const inner = chosen && nestedGraphs(chosen)[0]?.nodes[0];
          if (each.does === 'add') {
            const made = node('Op', each.inputs, [free(whole, each.output)]);
            const body = graph({ nodes: [node('Inner', each.inputs, ['inner'])] });
            if (each.nested) made.attributes.set('body', { type: 'graph', value: body });
            whole.nodes.push(made);
          } else if (each.does === 'constant') whole.initializers.push({ ...int64Tensor([1]), name: each.name });
          else if (each.does === 'swap') whole.initializers = [...whole.initializers].reverse();
          else if (chosen === undefined) continue;
          else if (each.does === 'inputs') index.setInputs(chosen, each.inputs);
          else if (each.does === 'outputs') index.setOutputs(chosen, [free(whole, each.output, chosen)]);
          else if (each.does === 'rename') index.renameReads(chosen, each.from, each.to);
          else if (each.does === 'remove') whole.nodes = whole.nodes.filter((other) => other !== chosen);
          else if (inner !== undefined) index.setInputs(inner, each.inputs);
          else continue;
          expect(index.version).not.toBe(before);
          if (!asks) continue;
          for (const tensor of NAMES) {
            const { maker, readers, constant } = walked(whole, tensor);
            expect(index.maker(tensor)).toBe(maker);
            expect(new Set(index.readers(tensor))).toEqual(readers);
            expect(index.constant(tensor)?.name).toBe(constant?.name);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

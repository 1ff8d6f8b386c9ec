/** What an output of a foreign graph is, as far as its maker and its name tell. */

import type { OutputColumn } from '../../../signature.js';
import type { Node, ValueInfo } from '../../codec/model.js';
import { isOfClass, operatorOf } from '../../operators/classes.js';

/** `makers` holds the node that makes each tensor of the graph. */
export function guessRole(makers: ReadonlyMap<string, Node>, output: ValueInfo): OutputColumn['role'] {
  let name = output.name;
  let node = makers.get(name);
  if (/prob/i.test(output.name) || node?.op === 'ZipMap') return 'probability';
  while (node && operatorOf(node)?.handsOnRole) {
    name = node.inputs[0] ?? '';
    node = makers.get(name);
  }
  if (node && isOfClass(node, 'classifier')) return node.outputs[0] === name ? 'label' : 'score';
  if (node?.op === 'Softmax') return 'probability';
  if (/label|class/i.test(output.name)) return 'label';
  if (/score|decision/i.test(output.name)) return 'score';
  return 'value';
}

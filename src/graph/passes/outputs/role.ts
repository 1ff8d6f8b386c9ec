/** What an output of a foreign graph is, as far as its maker and its name tell. */

import type { OutputColumn } from '../../../signature.js';
import type { Model, ValueInfo } from '../../codec/model.js';
import { isOfClass, operatorOf } from '../../operators/classes.js';
import { producers } from '../../walk.js';

export function guessRole(model: Model, output: ValueInfo): OutputColumn['role'] {
  const made = producers(model.graph);
  let name = output.name;
  let node = made.get(name);
  if (/prob/i.test(output.name) || node?.op === 'ZipMap') return 'probability';
  while (node && operatorOf(node)?.handsOnRole) {
    name = node.inputs[0] ?? '';
    node = made.get(name);
  }
  if (node && isOfClass(node, 'classifier')) return node.outputs[0] === name ? 'label' : 'score';
  if (node?.op === 'Softmax') return 'probability';
  if (/label|class/i.test(output.name)) return 'label';
  if (/score|decision/i.test(output.name)) return 'score';
  return 'value';
}

/** Constants are initializers, and an initializer is not an input: older exporters list it among both, and use Constant nodes. */

import { PredictableError } from '../../errors.js';
import { redirect } from '../build.js';
import type { Attribute, Node, Tensor } from '../codec/model.js';
import { int64Tensor, numberTensor } from '../codec/tensors.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const initializers: Pass = {
  name: 'initializers',
  // Constant is told by its domain, which has two names before.
  after: ['imports'],
  apply(draft) {
    const { graph } = draft.model;
    if (graph.sparse.length > 0) {
      throw new PredictableError('UNSUPPORTED_TYPE', 'the model has sparse constants', {
        hint: 'Export it with dense weights.',
      });
    }
    const names = new Set(graph.initializers.map(({ name }) => name));
    const listed = graph.inputs.filter(({ name }) => names.has(name)).length;
    graph.inputs = graph.inputs.filter(({ name }) => !names.has(name));
    let constants = 0;
    graph.nodes = graph.nodes.filter((node) => {
      const tensor = node.op === 'Constant' && node.domain === '' ? constantValue(node) : null;
      if (tensor === null) return true;
      graph.initializers.push({ ...tensor, name: node.outputs[0] ?? '' });
      constants += 1;
      return false;
    });
    const leaked = constantOutputs(
      graph.outputs.map(({ name }) => name),
      names,
    );
    if (leaked !== null) redirect(draft, leaked, leaked);
    if (listed + constants === 0) return nothing('no initializer is listed as an input');
    return done(`${listed} initializers left the inputs, ${constants} Constant nodes became initializers`);
  },
};

/** An output that is a constant has no rows. */
function constantOutputs(outputs: string[], initializerNames: ReadonlySet<string>): string | null {
  const name = outputs.find((output) => initializerNames.has(output));
  if (name === undefined) return null;
  throw new PredictableError('UNSUPPORTED_MODEL', `output "${name}" is a constant: it does not depend on any input`, {
    hint: 'Export the model without that output.',
  });
}

function constantValue(node: Node): Tensor | null {
  const [entry] = node.attributes;
  if (entry === undefined) return null;
  const [name, attribute] = entry;
  return name.startsWith('value') ? tensorOf(attribute) : null;
}

function tensorOf(attribute: Attribute): Tensor | null {
  switch (attribute.type) {
    case 'tensor':
      return attribute.value;
    case 'float':
      return numberTensor('float', [], [attribute.value]);
    case 'floats':
      return numberTensor('float', [attribute.value.length], attribute.value);
    case 'int':
      return int64Tensor([attribute.value], []);
    case 'ints':
      return int64Tensor(attribute.value);
    case 'string':
      return { name: '', type: 'string', dims: [], doc: '', data: new Uint8Array(), strings: [attribute.value] };
    case 'strings':
      return {
        name: '',
        type: 'string',
        dims: [attribute.value.length],
        doc: '',
        data: new Uint8Array(),
        strings: attribute.value,
      };
    default:
      return null;
  }
}

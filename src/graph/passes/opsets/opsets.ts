/** Raises or lowers the opset imports to the target's, node by node: as it is where an operator means the same, else rewritten. */

import { PredictableError } from '../../../errors.js';
import type { Node } from '../../codec/model.js';
import type { Draft } from '../../draft.js';
import { firstVersion, isKnown, sameMeaning, versionAt } from '../../operators/versions.js';
import { allNodes } from '../../walk.js';
import type { Pass } from '../pass.js';
import { done, nothing } from '../pass.js';
import { adapt } from './adapters.js';

/** What the passes write themselves needs: Equal on floats (11), a keyed LabelEncoder (ai.onnx.ml 2). */
const LEAST = { '': 11, 'ai.onnx.ml': 2 } as const;

type Domain = keyof typeof LEAST;
const DOMAINS: readonly Domain[] = ['', 'ai.onnx.ml'];

/** IR 4 is the first in which an initializer need not be an input as well; none above 8 is known to onnx-proto. */
const LEAST_IR = 4;
const NEWEST_IR = 8;

export const opsets: Pass = {
  name: 'opsets',
  after: ['imports', 'initializers'],
  apply(draft) {
    const { model, options } = draft;
    const before = new Map(model.opsets.map(({ domain, version }) => [domain, version]));
    const reasons: string[] = [];
    const nodes = allNodes(model.graph);
    model.opsets = DOMAINS.map((domain) => {
      const from = before.get(domain) ?? options.target.opsets[domain];
      const own = nodes.filter((node) => node.domain === domain);
      const to = chosenVersion(draft, domain, from, own);
      for (const node of own) adapt(draft, node, from, to);
      if (to !== from) reasons.push(`${domain || 'ai.onnx'} ${from} → ${to}`);
      return { domain, version: to };
    });
    const ir = Math.max(LEAST_IR, Math.min(NEWEST_IR, options.target.ir));
    if (model.ir !== ir) reasons.push(`IR ${model.ir} → ${ir}`);
    model.ir = ir;
    return reasons.length === 0 ? nothing('as the target wants them') : done(reasons.join(', '));
  },
};

/** The target's version; or, when a node cannot be raised that far, the highest below it. Lowering has no such choice. */
function chosenVersion(draft: Draft, domain: Domain, from: number, nodes: Node[]): number {
  const goal = draft.options.target.opsets[domain];
  const stuck = (to: number): Node | undefined => nodes.find((node) => !canMove(draft, node, from, to));
  const first = stuck(goal);
  if (first === undefined) return goal;
  for (let version = goal - 1; version >= Math.max(from, LEAST[domain]); version -= 1) {
    if (stuck(version) === undefined) return version;
  }
  throw refused(draft, first, from, goal);
}

function canMove(draft: Draft, node: Node, from: number, to: number): boolean {
  const [one, other] = [versionAt(node.domain, node.op, from), versionAt(node.domain, node.op, to)];
  if (one === null || other === null) return false;
  if (node.domain === '') return adapt(draft, node, from, to, true);
  return sameMeaning(node.domain, node.op, one, other) && fits(node, other);
}

/** Attributes that hold tensors came late: TreeEnsemble* at ai.onnx.ml 3, LabelEncoder at 4. */
function fits(node: Node, version: number): boolean {
  const since = node.op === 'LabelEncoder' ? 4 : 3;
  return version >= since || ![...node.attributes.keys()].some((name) => name.endsWith('_tensor'));
}

function refused(draft: Draft, node: Node, from: number, to: number): PredictableError {
  const domain = node.domain || 'ai.onnx';
  const tensor = node.outputs[0] ?? '';
  const details = { operator: node.op, domain, tensor, opset: from, targetOpset: to };
  if (!isKnown(node.domain, node.op)) {
    return new PredictableError(
      'UNSUPPORTED_OPERATOR',
      `there is no operator ${domain}.${node.op}, which makes tensor "${tensor}"`,
      { hint: 'Check the exporter.', details },
    );
  }
  const [one, other] = [versionAt(node.domain, node.op, from), versionAt(node.domain, node.op, to)];
  if (one === null) {
    return new PredictableError(
      'OPSET_TOO_NEW',
      `operator ${node.op}, which makes tensor "${tensor}", came with ${domain} ${firstVersion(node.domain, node.op)}, and the model says that it is written in ${domain} ${from}`,
      { hint: 'Check the exporter: the model imports an opset that does not have the operator.', details },
    );
  }
  const there = other === null ? 'does not exist' : `is version ${other}`;
  return new PredictableError(
    'OPSET_TOO_NEW',
    `operator ${node.op}, which makes tensor "${tensor}", is version ${one} in ${domain} ${from}; ${draft.options.target.title} loads ${domain} ${to}, where it ${there}, and the two differ`,
    { hint: `Export the model with target opset ${to} for ${domain}.`, details },
  );
}

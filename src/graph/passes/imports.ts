/** One opset import per domain, and only the domains of the contract; training leftovers and foreign operators are refused or dropped. */

import { PredictableError } from '../../errors.js';
import type { Draft } from '../draft.js';
import { allNodes } from '../walk.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

/** Names that the default domain goes by. */
const DEFAULT_DOMAIN_NAMES = new Set(['', 'ai.onnx']);

export const imports: Pass = {
  name: 'imports',
  apply(draft) {
    const { model } = draft;
    refuseFunctions(draft);
    const before = JSON.stringify(model.opsets);
    const versions = new Map<string, number>();
    for (const { domain, version } of model.opsets) {
      const name = DEFAULT_DOMAIN_NAMES.has(domain) ? '' : domain;
      versions.set(name, Math.max(version, versions.get(name) ?? 0));
    }
    const used = new Set<string>();
    for (const node of allNodes(model.graph)) {
      if (DEFAULT_DOMAIN_NAMES.has(node.domain)) node.domain = '';
      used.add(node.domain);
      if (node.domain !== '' && node.domain !== 'ai.onnx.ml')
        throw foreign(node.op, node.domain, node.outputs[0] ?? '');
    }
    for (const domain of used) if (!versions.has(domain)) throw notImported(domain);
    model.opsets = ['', 'ai.onnx.ml'].flatMap((domain) => {
      const version = versions.get(domain);
      return version === undefined || !used.has(domain) ? [] : [{ domain, version }];
    });
    const training = model.training.length > 0;
    model.training = [];
    if (before === JSON.stringify(model.opsets) && !training) return nothing('each domain is imported once');
    const rest = model.opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', ');
    return done(`imports are now ${rest}${training ? '; training information dropped' : ''}`);
  },
};

function refuseFunctions(draft: Draft): void {
  const [first] = draft.model.functions;
  if (first === undefined) return;
  throw new PredictableError('UNSUPPORTED_OPERATOR', `the model defines an operator of its own: ${first.name ?? ''}`, {
    hint: 'Export the model with its functions inlined (onnx.inliner.inline_local_functions).',
  });
}

function notImported(domain: string): PredictableError {
  return new PredictableError(
    'CORRUPT_MODEL',
    `the model uses operators of ${domain || 'ai.onnx'} and does not import it`,
    {
      hint: 'Check that the file was copied whole, or export it again.',
    },
  );
}

function foreign(op: string, domain: string, tensor: string): PredictableError {
  return new PredictableError(
    'UNSUPPORTED_OPERATOR',
    `operator ${domain}.${op}, which makes tensor "${tensor}", is outside the domains that a SQL engine loads (ai.onnx and ai.onnx.ml)`,
    {
      hint: 'Leave that step out of the model, or do it before the data reaches it.',
      details: { operator: op, domain, tensor },
    },
  );
}

/** Rules that a whole class of operators shares, made of the table of operators. */

import { intOf, intsOf } from '../codec/tensors.js';
import { operatorsOf } from '../operators/classes.js';
import type { OperatorClass } from '../operators/operator.js';
import type { FactsRule } from './facts.js';
import { broadcast, reduced } from './shapes.js';

/** The result has the shape of the first input. */
const sameShape: FactsRule = ({ element, shape }) => [{ element, shape }];

const spread: FactsRule = ({ inputs, element }) => [{ element, shape: broadcast(inputs) }];

const compared: FactsRule = ({ inputs }) => [{ element: 'bool', shape: broadcast(inputs) }];

const reduction: FactsRule = ({ node, element, shape, values }) => {
  const axes = intsOf(node, 'axes')?.map(Number) ?? values(1);
  const keep = intOf(node, 'keepdims', 1) === 1;
  return [{ element, shape: axes ? reduced(shape, axes, keep) : null }];
};

const BY_CLASS: Partial<Record<OperatorClass, FactsRule>> = {
  elementwise: sameShape,
  alongAxis: sameShape,
  normalization: sameShape,
  // Whatever words it may take away from a list of them: columns have none.
  text: sameShape,
  broadcast: spread,
  comparison: compared,
  reduction,
};

export const CLASS_RULES: Record<string, FactsRule> = Object.fromEntries(
  (Object.entries(BY_CLASS) as [OperatorClass, FactsRule][]).flatMap(([name, rule]) =>
    operatorsOf(name).map(({ op, element }): [string, FactsRule] => [
      op,
      element === undefined ? rule : (question) => rule(question).map((facts) => ({ ...facts, element })),
    ]),
  ),
);

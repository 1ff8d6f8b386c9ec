/** Finds ONNX operators by name and by class; which is which stands in table.ts. */

import type { Operator, OperatorClass } from './operator.js';
import { TABLE } from './table.js';

interface ClassifiedOperator extends Operator {
  domain: string;
  op: string;
  class: OperatorClass;
}

const OPERATORS: readonly ClassifiedOperator[] = Object.entries(TABLE).flatMap(([domain, classes]) =>
  Object.entries(classes).flatMap(([name, rows]) =>
    Object.entries(rows).map(([op, operator]) => ({ ...operator, domain, op, class: name as OperatorClass })),
  ),
);

const BY_NAME = new Map(OPERATORS.map((operator) => [key(operator), operator]));

/** Undefined for an operator of which nothing is known but its versions. */
export function operatorOf(node: { domain: string; op: string }): ClassifiedOperator | undefined {
  return BY_NAME.get(key(node));
}

export function isOfClass(node: { domain: string; op: string }, ...classes: OperatorClass[]): boolean {
  const operator = operatorOf(node);
  return operator !== undefined && classes.includes(operator.class);
}

/** Names of the operators of ai.onnx of these classes, in the order of the table. */
export function namesOf(...classes: OperatorClass[]): string[] {
  return operatorsOf(...classes).map(({ op }) => op);
}

/** The operators of ai.onnx of these classes. */
export function operatorsOf(...classes: OperatorClass[]): ClassifiedOperator[] {
  return OPERATORS.filter((operator) => operator.domain === '' && classes.includes(operator.class));
}

/** A raw graph may call ai.onnx by its name. */
function key({ domain, op }: { domain: string; op: string }): string {
  return `${domain === 'ai.onnx' ? '' : domain}.${op}`;
}

/** In which opset versions each operator's definition changed, and which of those changes matter to the types we allow. */

import { operatorOf } from './classes.js';
import table from './operators.json' with { type: 'json' };

const OPERATORS: Record<string, Record<string, number[]>> = table;

/** The newest definition at that opset, or null when the operator does not exist there. */
export function versionAt(domain: string, op: string, opset: number): number | null {
  return (
    versionsOf(domain, op)
      ?.filter((version) => version <= opset)
      .at(-1) ?? null
  );
}

/** The opset with which the operator came; null for none. */
export function firstVersion(domain: string, op: string): number | null {
  return versionsOf(domain, op)?.[0] ?? null;
}

export function isKnown(domain: string, op: string): boolean {
  return versionsOf(domain, op) !== undefined;
}

/** Whether a node means the same under both definitions, for the types of the columnar contract. */
export function sameMeaning(domain: string, op: string, one: number, other: number): boolean {
  if (one === other) return true;
  const { alike: versions = [] } = operatorOf({ domain, op }) ?? {};
  return versions.includes(one) && versions.includes(other);
}

/** A file may call an operator or a domain `constructor`. */
function versionsOf(domain: string, op: string): number[] | undefined {
  const operators = Object.hasOwn(OPERATORS, domain) ? OPERATORS[domain] : undefined;
  return operators !== undefined && Object.hasOwn(operators, op) ? operators[op] : undefined;
}

/** What a caller of a model notices when a new version takes an alias over. */

import { PredictableError } from '../errors.js';
import type { Signature } from '../signature.js';
import { byName, sha256 } from '../sql/binding-key.js';
import type { ModelVersion, Promotion } from './registry.js';

/**
 * One line a difference that a query over the model would notice: columns that come, go or change their type, and labels.
 * New categories, other policies for NULL and another order of columns are not: callers name columns, and send text.
 */
export function signatureChanges(before: Signature, after: Signature): string[] {
  const [old, next] = [callerView(before), callerView(after)];
  return [...sideChanges('input', old.inputs, next.inputs), ...sideChanges('output', old.outputs, next.outputs)];
}

/** The same as a hash, so that a server can compare two: equal exactly when signatureChanges finds nothing. */
export function interfaceKey(signature: Signature): string {
  const { inputs, outputs } = callerView(signature);
  return sha256([byName([...inputs]), byName([...outputs])]);
}

/** A signature as its callers see it: the type of each column, and the labels of each output of text. */
function callerView(signature: Signature): { inputs: Map<string, string>; outputs: Map<string, string> } {
  return { inputs: inputs(signature), outputs: outputs(signature) };
}

/**
 * Throws SIGNATURE_CHANGED when the alias would move to a version with another signature, and that is not allowed.
 * `behind` gives the version that the alias points to now, null for an alias that is new.
 */
export async function mustMayMove(
  { alias, allowSignatureChange = false }: Promotion,
  next: Signature,
  behind: () => Promise<ModelVersion | null>,
): Promise<void> {
  const current = allowSignatureChange ? null : await behind();
  if (current === null) return;
  const changes = signatureChanges(current.signature, next);
  if (changes.length === 0) return;
  const { name, version } = current;
  throw new PredictableError(
    'SIGNATURE_CHANGED',
    `${name}@${alias} is version ${version}, whose columns are others: ${changes.join('; ')}`,
    {
      hint: `Queries over ${name}@${alias} may break. Add --allow-signature-change when they are ready for it.`,
      details: { name, alias, version, changes },
    },
  );
}

function inputs({ inputs: columns }: Signature): Map<string, string> {
  return new Map(columns.map(({ name, sqlType, categories }) => [name, categories === undefined ? sqlType : 'text']));
}

function outputs({ outputs: columns }: Signature): Map<string, string> {
  return new Map(
    columns.map(({ name, sqlType, labels }) => [
      name,
      labels === undefined ? sqlType : `text (${[...labels].sort().join(', ')})`,
    ]),
  );
}

function sideChanges(side: string, before: Map<string, string>, after: Map<string, string>): string[] {
  const changes: string[] = [];
  for (const [name, type] of before) {
    const next = after.get(name);
    if (next === undefined) changes.push(`${side} ${name} is gone`);
    else if (next !== type) changes.push(`${side} ${name} was ${type}, is ${next}`);
  }
  for (const [name, type] of after) if (!before.has(name)) changes.push(`${side} ${name} (${type}) is new`);
  return changes;
}

/** What a model's outputs are called beside the columns of the data. */

import { LONGEST_IDENTIFIER } from '../server/names.js';
import type { Signature } from '../signature.js';

/** An output whose name a key already has, ignoring case, gets `_predicted` behind it. */
export function outputNames(signature: Signature, keys: readonly string[]): string[] {
  const keyNames = new Set(keys.map((name) => name.toLowerCase()));
  const taken = new Set([...keyNames, ...signature.outputs.map(({ name }) => name.toLowerCase())]);
  return signature.outputs.map(({ name }) =>
    keyNames.has(name.toLowerCase()) ? freeName(withSuffix(name, '_predicted'), taken) : name,
  );
}

/** The name itself, or with a number behind it; it is taken from then on. */
export function freeName(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate.toLowerCase()); count++) candidate = withSuffix(name, `_${count}`);
  taken.add(candidate.toLowerCase());
  return candidate;
}

/** As much of the name as fits before the suffix, and no half of a surrogate pair. */
function withSuffix(name: string, suffix: string): string {
  const room = name.slice(0, LONGEST_IDENTIFIER - suffix.length);
  return `${room.replace(/[\ud800-\udbff]$/, '')}${suffix}`;
}

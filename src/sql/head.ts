/** What a text says about itself in its first lines. */

import { commentText } from '../server/names.js';
import type { Signature } from '../signature.js';
import { TARGETS } from '../targets/targets.js';
import type { Bound } from './bind.js';
import { bindingKey } from './binding-key.js';
import { DEFAULT_DIALECT, type Dialect } from './dialect.js';

/** In every head, and in an object that is not finished: one without it is somebody else's. */
export const WRITTEN_BY = 'Written by predictable';

interface HeadOptions {
  name: string;
  version: number;
  sha256: string;
  signature: Signature;
  dialect?: Dialect | undefined;
}

/** `remark` is said of the version. */
export function fixedHead({ name, version, sha256, dialect }: HeadOptions, bound: Bound, remark?: string): string[] {
  return comments([
    `Scores ${bound.title} with ${name}, version ${version}.`,
    `sha256 of the model: ${sha256}`,
    ...(remark === undefined ? [] : [remark]),
    `${WRITTEN_BY} for ${titleOf(dialect)}. Codes of categories and labels belong to this version alone.`,
    ...bound.notes,
  ]);
}

/** Nothing of the version that is there now, so that the text stays as it is after a promotion. */
export function aliasHead({ name, signature, dialect }: HeadOptions, alias: string, bound: Bound): string[] {
  return comments([
    `Scores ${bound.title} with ${name}@${alias}: the version that the alias points to when it runs.`,
    `sha256 of the inputs and outputs that a version must have: ${bindingKey(signature)}`,
    `${WRITTEN_BY} for ${titleOf(dialect)}. A promotion or rollback needs no other procedure.`,
    ...bound.notes,
  ]);
}

export function titleOf(dialect: Dialect = DEFAULT_DIALECT): string {
  return TARGETS[dialect.target].title;
}

function comments(lines: string[]): string[] {
  return lines.map((line) => `-- ${commentText(line)}`);
}

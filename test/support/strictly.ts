/** Documents held to their published schema in depth: zod's own `strict` looks at the outermost object only. */

import type { z } from 'zod';

/** The parsed document. Throws what the schema throws, and names the fields, however deep, that it does not declare. */
export function strictly<S extends z.ZodType>(schema: S, document: unknown): z.infer<S> {
  const parsed = schema.parse(document);
  const undeclared = lost(document, parsed, '');
  if (undeclared.length > 0) throw new Error(`the schema does not declare ${undeclared.join(', ')}`);
  return parsed;
}

/** Fields that are gone from a document after it was parsed. */
function lost(before: unknown, after: unknown, path: string): string[] {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return [];
  const kept = after as Record<string, unknown>;
  return Object.entries(before).flatMap(([key, value]) => {
    const at = Array.isArray(before) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
    return key in kept ? lost(value, kept[key], at) : [at];
  });
}

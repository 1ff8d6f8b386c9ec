/** A schema of objects whose keys others chose: names of columns, say. */

import { z } from 'zod';

const PROTO = '__proto__';

/** As `z.record` with keys of text, which leaves out a key `__proto__`. */
export function recordOf<Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> {
  const schema = z.record(z.string(), value);
  const { run } = schema._zod;
  schema._zod.run = (payload, context) => {
    const given: unknown = payload.value;
    const result = run(payload, context);
    if (!isRecord(given) || !Object.hasOwn(given, PROTO) || result instanceof Promise) return result;
    const read = value._zod.run({ value: given[PROTO], issues: [] }, context);
    if (read instanceof Promise) throw new z.core.$ZodAsyncError();
    result.issues.push(...z.core.util.prefixIssues(PROTO, read.issues));
    const values = new Map<string, unknown>([...Object.entries(result.value ?? {}), [PROTO, read.value]]);
    // In the order of what was given.
    return Object.assign(result, {
      value: Object.fromEntries(Object.keys(given).map((key) => [key, values.get(key)])),
    });
  };
  return schema;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

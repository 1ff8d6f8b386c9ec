/** The document of a run: `results.json`, and what `batch --json` prints. */

import { z } from 'zod';
import { conversionSchema } from '../convert/document.js';

/** A model of the zoo as the run left it. `source` is relative to the zoo, `output` to the run's folder. */
export const modelResultSchema = conversionSchema.extend({
  tags: z.array(z.string()),
  /** How often its conversion was begun: 2 after a crash; 0 for what an earlier run had done. */
  attempts: z.number().int(),
  /** Milliseconds, from when it was taken to its end; those of the run that did the work. */
  elapsed: z.number(),
  /** The version that `--register` made of it, or found; or why it could not. */
  registered: z
    .object({ registry: z.string(), name: z.string(), version: z.number().int(), created: z.boolean() })
    .optional(),
});
export type ModelResult = z.infer<typeof modelResultSchema>;

export const totalsSchema = z.object({
  models: z.number().int(),
  converted: z.number().int(),
  cached: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
});
export type Totals = z.infer<typeof totalsSchema>;

export const runSchema = z.object({
  /** The zoo's own title, or its path as it was given. */
  zoo: z.string(),
  started: z.string(),
  seconds: z.number(),
  /** False while it goes on, and after it was interrupted. */
  finished: z.boolean(),
  executor: z.enum(['local', 'ray']),
  jobs: z.number().int(),
  predictable: z.string(),
  totals: totalsSchema,
});
export type Run = z.infer<typeof runSchema>;

export const batchDocumentSchema = z.object({
  schema: z.literal(1),
  run: runSchema,
  results: z.array(modelResultSchema),
});
export type BatchDocument = z.infer<typeof batchDocumentSchema>;

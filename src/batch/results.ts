/** The document of a run: `results.json`, and what `batch --json` prints. */

import { z } from 'zod';
import { conversionSchema } from '../convert/document.js';

/** A model of the zoo as the run left it. */
const modelResultSchema = conversionSchema.extend({
  source: z.string().describe('the model file or folder, relative to the zoo'),
  output: z.string().optional().describe("the ONNX file, relative to the run's folder"),
  tags: z.array(z.string()).describe('tags that zoo.yaml gives the model'),
  attempts: z
    .number()
    .int()
    .describe('how often its conversion was begun: 2 after a crash; 0 for what an earlier run had done'),
  elapsed: z.number().describe('milliseconds, from when it was taken to its end; those of the run that did the work'),
  registered: z
    .object({
      registry: z.string().describe('where, without its password'),
      name: z.string(),
      version: z.number().int(),
      created: z.boolean().describe('false: the same bytes were registered already'),
    })
    .optional()
    .describe('the version that --register made of it, or found'),
});
export type ModelResult = z.infer<typeof modelResultSchema>;

const totalsSchema = z
  .object({
    models: z.number().int(),
    converted: z.number().int(),
    cached: z.number().int().describe('done by an earlier run, and unchanged since'),
    failed: z.number().int(),
    skipped: z.number().int(),
  })
  .describe('how many models, and what became of them');
export type Totals = z.infer<typeof totalsSchema>;

export const runSchema = z
  .object({
    zoo: z.string().describe("the zoo's own title, or its path as it was given"),
    started: z.string().describe('ISO 8601'),
    seconds: z.number().describe('from start to end'),
    finished: z.boolean().describe('false while it goes on, and after it was interrupted'),
    executor: z.enum(['local', 'ray']).describe('where converters ran'),
    jobs: z.number().int().describe('how many models at a time'),
    predictable: z.string().describe('version of predictable'),
    totals: totalsSchema,
  })
  .describe('the run as a whole');
export type Run = z.infer<typeof runSchema>;

export const batchDocumentSchema = z
  .object({
    schema: z.literal(1),
    run: runSchema,
    results: z.array(modelResultSchema).describe('a model each'),
  })
  .describe("A run over a zoo of models: results.json in the run's folder, and what batch --json prints.");
export type BatchDocument = z.infer<typeof batchDocumentSchema>;

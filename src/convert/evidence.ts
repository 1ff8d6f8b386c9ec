/** What a page shows of a conversion beside its document: the graphs before and after, and predictions side by side. */

import { z } from 'zod';
import { graphSketchSchema } from '../graph/sketch.js';
import { outputEvidenceSchema } from '../verify/side-by-side.js';

export const evidenceSchema = z.object({
  schema: z.literal(1),
  /** As the framework's own converter wrote it. */
  before: graphSketchSchema,
  /** As it is kept: one input per column. */
  after: graphSketchSchema,
  /** In the first of the target's runtimes; the first outputs only. */
  outputs: z.array(outputEvidenceSchema),
  outputsLeft: z.number().int(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

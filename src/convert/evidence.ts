/** What a page shows of a conversion beside its document: the graphs before and after, and predictions side by side. */

import { z } from 'zod';

/** A graph as a picture needs it: large ones are cut, and say by how much. */
export const graphSketchSchema = z.object({
  inputs: z.array(z.object({ name: z.string(), type: z.string() })),
  outputs: z.array(z.object({ name: z.string(), type: z.string() })),
  /** In topological order. `detail`: what tells it from others of its kind, e.g. `100 trees`, `[30,3]`. */
  nodes: z.array(z.object({ op: z.string(), detail: z.string().optional() })),
  /** Ends are `i0` (an input), `n0` (a node), `o0` (an output), by position. */
  edges: z.array(z.tuple([z.string(), z.string()])),
  /** Nodes, inputs and outputs that the picture leaves out. */
  left: z.object({ nodes: z.number().int(), inputs: z.number().int(), outputs: z.number().int() }),
});
export type GraphSketch = z.infer<typeof graphSketchSchema>;

/** One output column, the original's predictions against the model's, in the first of the target's runtimes. */
export const outputEvidenceSchema = z.object({
  name: z.string(),
  role: z.enum(['label', 'probability', 'score', 'value']),
  rows: z.number().int(),
  /** `[original, model]`: rows evenly chosen, and the one that differs most. Numbers only; labels have `confusion`. */
  points: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Labels: how often each pair of the original's and the model's came, most frequent first, at most 200 pairs. */
  confusion: z.array(z.object({ original: z.string(), model: z.string(), rows: z.number().int() })).optional(),
  /** Rows by absolute difference: `upTo` null means none larger was asked for; the first bin holds those of exactly 0. */
  histogram: z.array(z.object({ above: z.number().nullable(), upTo: z.number().nullable(), rows: z.number().int() })),
});
export type OutputEvidence = z.infer<typeof outputEvidenceSchema>;

export const evidenceSchema = z.object({
  schema: z.literal(1),
  before: graphSketchSchema,
  after: graphSketchSchema,
  /** At most 12 outputs. */
  outputs: z.array(outputEvidenceSchema),
  outputsLeft: z.number().int(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

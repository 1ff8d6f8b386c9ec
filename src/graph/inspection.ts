/** What an ONNX file is, as published in a JSON document; the types are derived from it. */

import { z } from 'zod';
import { recordOf } from '../record-of.js';
import { TARGET_IDS } from '../targets/targets.js';

const edgeSchema = z.object({
  name: z.string(),
  /** An element type, or `sequence`, `map` and the like. */
  type: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
});
export type Edge = z.infer<typeof edgeSchema>;

export const inspectionSchema = z.object({
  /** Length of the file. */
  bytes: z.number().int(),
  ir: z.number().int(),
  producer: z.string(),
  /** The newest import of each domain; '' is ai.onnx. */
  opsets: recordOf(z.number().int()),
  inputs: z.array(edgeSchema),
  outputs: z.array(edgeSchema),
  /** Nested graphs included, most frequent first. */
  operators: z.array(z.object({ domain: z.string(), type: z.string(), count: z.number().int() })),
  metadata: recordOf(z.string()),
  targets: z.array(z.object({ target: z.enum(TARGET_IDS), fits: z.boolean(), reasons: z.array(z.string()) })),
});
export type Inspection = z.infer<typeof inspectionSchema>;

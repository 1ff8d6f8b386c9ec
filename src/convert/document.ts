/** The document of one conversion: what `convert --json` prints and `<name>.json` keeps. */

import { z } from 'zod';
import { inputColumnSchema, outputColumnSchema } from '../signature.js';
import { TARGET_IDS } from '../targets/targets.js';
import { verificationSchema } from '../verify/verification.js';
import { errorDocumentSchema, warningSchema } from './envelope.js';

/** All that is needed to repeat the conversion. */
export const provenanceSchema = z.object({
  /** The model file's name, without its folder, and its sha256. */
  source: z.string(),
  sourceSha256: z.string(),
  format: z.string(),
  converter: z.string(),
  /** The environment that the original was loaded in, and the sha256 of its locked requirements. */
  environment: z.string(),
  lock: z.string(),
  /** Which of the converter's ways was taken. */
  road: z.string().optional(),
  libraries: z.record(z.string(), z.string()),
  predictable: z.string(),
  options: z.record(z.string(), z.unknown()),
});
export type ConversionProvenance = z.infer<typeof provenanceSchema>;

export const conversionSchema = z.object({
  source: z.string(),
  status: z.enum(['converted', 'failed', 'skipped', 'cached']),
  name: z.string(),
  output: z.string().optional(),
  bytes: z.number().int().optional(),
  sourceBytes: z.number().int().optional(),
  sha256: z.string().optional(),
  model: z.string().optional(),
  format: z.string().optional(),
  converter: z.string().optional(),
  target: z.enum(TARGET_IDS),
  opsets: z.record(z.string(), z.number().int()).optional(),
  ir: z.number().int().optional(),
  precision: z.enum(['float', 'double']).optional(),
  inputs: z.array(inputColumnSchema).optional(),
  outputs: z.array(outputColumnSchema).optional(),
  categories: z.record(z.string(), z.array(z.string())).optional(),
  verification: verificationSchema.optional(),
  warnings: z.array(warningSchema),
  error: errorDocumentSchema.optional(),
  provenance: provenanceSchema.optional(),
  /** Milliseconds. */
  timings: z.record(z.string(), z.number()).optional(),
});
export type Conversion = z.infer<typeof conversionSchema>;

export const convertDocumentSchema = z.object({ schema: z.literal(1), results: z.array(conversionSchema) });

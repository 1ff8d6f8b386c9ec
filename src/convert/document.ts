/** The document of one conversion: what `convert --json` prints and `<name>.json` keeps. */

import { z } from 'zod';
import { sandboxSchema } from '../bridge/sandbox.js';
import { errorDocumentSchema } from '../converters/answer.js';
import { recordOf } from '../record-of.js';
import { inputColumnSchema, outputColumnSchema } from '../signature.js';
import { TARGET_IDS } from '../targets/targets.js';
import { verificationSchema } from '../verify/verification.js';
import { warningSchema } from '../warnings.js';

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
  libraries: recordOf(z.string()),
  predictable: z.string(),
  options: recordOf(z.unknown()),
});
export type ConversionProvenance = z.infer<typeof provenanceSchema>;

export const conversionSchema = z.object({
  source: z.string().describe('the model file or folder'),
  status: z
    .enum(['converted', 'failed', 'skipped', 'cached'])
    .describe('a model that does not verify is failed; cached: done before, and unchanged since'),
  name: z.string().describe('name of the model'),
  output: z.string().optional().describe('the ONNX file'),
  bytes: z.number().int().optional().describe('its size'),
  sourceBytes: z.number().int().optional().describe('size of the source'),
  sha256: z.string().optional().describe('of the ONNX file'),
  model: z.string().optional().describe('what it is, in one line: Pipeline(StandardScaler, LogisticRegression)'),
  format: z.string().optional().describe('the format that the source was detected as'),
  converter: z.string().optional().describe('id of the converter'),
  target: z.enum(TARGET_IDS).describe('the engine that the model is for'),
  opsets: recordOf(z.number().int()).optional().describe('opset version of each operator domain'),
  ir: z.number().int().optional().describe('version of the ONNX format'),
  precision: z.enum(['float', 'double']).optional().describe('element type'),
  inputs: z.array(inputColumnSchema).optional().describe('a column each'),
  outputs: z.array(outputColumnSchema).optional().describe('a column each'),
  categories: recordOf(z.array(z.string()))
    .optional()
    .describe('of category columns: code i stands for the value at i'),
  verification: verificationSchema.optional().describe('how its predictions compare with those of the original'),
  sandbox: sandboxSchema.optional().describe('the walls that stood around the process which loaded the original'),
  signedBy: z.string().optional().describe('sha256 of the public key whose owner signed what was written'),
  warnings: z.array(warningSchema).describe('what does not stop the conversion'),
  error: errorDocumentSchema.optional().describe('of a failed one: what happened, and what to do'),
  provenance: provenanceSchema.optional().describe('all that is needed to repeat the conversion'),
  timings: recordOf(z.number()).optional().describe('milliseconds of each stage'),
});
export type Conversion = z.infer<typeof conversionSchema>;

export const convertDocumentSchema = z.object({ schema: z.literal(1), results: z.array(conversionSchema) });

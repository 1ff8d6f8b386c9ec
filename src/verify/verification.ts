/** The result of holding a normalised model against the original: the document that travels with the model. */

import { z } from 'zod';
import { recordOf } from '../record-of.js';
import { probesSchema } from './probes.js';

export const verificationSchema = z.object({
  status: z.enum(['passed', 'failed', 'unavailable']),
  rows: z.number().int(),
  rowsSource: z.enum(['sample', 'synthetic']),
  /** `native`: the original framework predicted; `file`: the user gave the predictions; `onnx`: only the raw graph did. */
  reference: z.enum(['native', 'file', 'onnx']),
  /** Runtimes that it was checked in. */
  runtimes: z.array(z.string()),
  /** Runtimes of the target that could not be had on this machine. */
  runtimesNotChecked: z.array(z.string()),
  maxAbsDiff: z.number(),
  maxRelDiff: z.number(),
  labelMismatches: z.number().int(),
  rtol: z.number(),
  atol: z.number(),
  /** Rows beside the sample's, made where models break. Null where no original could predict them; older documents have none. */
  probes: probesSchema.nullable().optional(),
  /** Rows that the original itself does not decide, by kind of probe, or `sample`: they were not compared. */
  undecided: recordOf(z.number().int()).optional(),
  /** What rounding the inputs to the column types costs: rows that leave the tolerance, by how much, and what is rounded. */
  rounding: z.object({
    rowsChanged: z.number().int(),
    /** Rows that were looked at for that: those of the sample, and probes but for thresholds and extremes. */
    rows: z.number().int().optional(),
    maxAbsDiff: z.number(),
    /** Columns of which some number is rounded, where there are any. */
    columns: z.array(z.string()).optional(),
  }),
  /** A few of the worst rows when it failed. */
  worst: z
    .array(
      z.object({
        row: z.number().int(),
        /** Of a probe, which kind of row it is. */
        probe: z.string().optional(),
        column: z.string(),
        runtime: z.string(),
        expected: z.union([z.number(), z.string(), z.null()]),
        got: z.union([z.number(), z.string(), z.null()]),
        inputs: recordOf(z.union([z.number(), z.string(), z.null()])),
      }),
    )
    .optional(),
});
export type Verification = z.infer<typeof verificationSchema>;

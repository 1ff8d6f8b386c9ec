/** What scoring and comparing say, as published in JSON documents; the types of the stages are derived from it. */

import { z } from 'zod';
import { recordOf } from '../record-of.js';

/** A row as it is shown: whole numbers that a double cannot hold stay text. */
const rowSchema = recordOf(z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type PlainValue = z.infer<typeof rowSchema>[string];

/** How far an output of one side is from that of the other. */
const outputDiffSchema = z.object({
  name: z.string(),
  role: z.enum(['label', 'probability', 'score', 'value']),
  /** Rows whose label is another, or whose number differs by more than the tolerance. */
  changed: z.number().int(),
  /** null where there are no numbers to compare: labels, no rows. */
  maxAbsDiff: z.number().nullable(),
  meanAbsDiff: z.number().nullable(),
  /** Of numeric outputs, rows by |b − a|: more than `above`, up to `upTo`. The first bin is "the same", the last open. */
  histogram: z.array(z.object({ above: z.number().nullable(), upTo: z.number().nullable(), rows: z.number().int() })),
});
export type OutputDiff = z.infer<typeof outputDiffSchema>;

/** What the server predicted against what this machine predicts. */
const comparisonSchema = z.object({
  rows: z.number().int(),
  /** Rows whose label is another; of a model without labels, rows with a number beyond the tolerance. */
  changedRows: z.number().int(),
  /** null where there are no numbers to compare. */
  maxAbsDiff: z.number().nullable(),
  rtol: z.number(),
  atol: z.number(),
  /** No label is another, and no number differs by more than atol + rtol · |local|. */
  passed: z.boolean(),
  outputs: z.array(outputDiffSchema),
  worst: z.array(z.object({ row: z.number().int(), keys: rowSchema, local: rowSchema, server: rowSchema })),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const scoreSummarySchema = z.object({
  rows: z.number().int(),
  seconds: z.number(),
  rowsPerSecond: z.number(),
  /** Values that the model does not know, counted by column of the data. */
  unknownCategories: recordOf(z.number().int()),
  /** Missing values that the model's policy took care of, counted by column of the data. */
  nulls: recordOf(z.number().int()),
  /** The file, or `duckdb:FILE#TABLE`; null when nothing was written. */
  output: z.string().nullable(),
  /** The first five rows of the output. */
  preview: z.array(rowSchema),
});
export type ScoreSummary = z.infer<typeof scoreSummarySchema>;

/** Of `predict`, what the server took for unknown or missing is not counted. */
export const scoredRowsSchema = z.object({
  /** `predict`: the server scored; `local`: this machine did. */
  engine: z.enum(['local', 'predict']),
  ...scoreSummarySchema.shape,
  /** Columns of the table that are not in the output, since they have no form there. */
  leftOut: z.array(z.string()),
  /** null when it was not asked for. */
  comparison: comparisonSchema.nullable(),
});

export const diffSummarySchema = z.object({
  rows: z.number().int(),
  /** Rows with another label; of a model without labels, rows with a number that differs by more than the tolerance. */
  changedRows: z.number().int(),
  /** changedRows / rows, 0 when there are no rows. */
  shareChanged: z.number(),
  outputs: z.array(outputDiffSchema),
  /** Outputs that only one of the two has. */
  onlyInA: z.array(z.string()),
  onlyInB: z.array(z.string()),
  /** Rows with another label first, then by the largest difference; rows are counted from 1. */
  worst: z.array(
    z.object({
      row: z.number().int(),
      /** Columns of the data that either version reads. */
      inputs: rowSchema,
      /** Outputs that both have; labels as text. */
      a: rowSchema,
      b: rowSchema,
    }),
  ),
});
export type DiffSummary = z.infer<typeof diffSummarySchema>;
